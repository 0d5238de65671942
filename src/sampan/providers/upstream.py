"""What remote providers share: a cleared request out in one dialect, the answer's events back in the caller's."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, ClassVar, Protocol

import orjson

from sampan.contract.answer import End, Event, Frame, Started
from sampan.contract.cleared import Cleared
from sampan.contract.errors import BadRequest, StreamCut, UpstreamDown, UpstreamError
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Json
from sampan.providers.secrets import Secret
from sampan.providers.sse import SseParser
from sampan.providers.stream_end import DONE, finish_of, watch
from sampan.providers.translate import Incoming, outgoing
from sampan.providers.upstream_errors import ERROR_LIMIT, is_error, refused, reported, visible
from sampan.wording import worded

_OWN_MEMBERS = ("sampan", "sampan_unmask")
_WITH_USAGE = frozenset({Dialect.CHAT, Dialect.COMPLETIONS})
"""Dialects whose streams give token counts only when asked."""


class Response(Protocol):
    """What the door gives."""

    status: int
    headers: dict[str, str]
    bytes_in: int

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes."""

    async def read(self, limit: int = ...) -> bytes:
        """The whole body."""

    async def drain(self) -> None:
        """Let the connection come to its end, if that is near."""


class Door(Protocol):
    """The one way out, `providers/egress.py`."""

    def post(
        self, cleared: Cleared, url: str, body: bytes, headers: dict[str, str], *, timeout_s: float
    ) -> AbstractAsyncContextManager[Response]:
        """Send one body."""


class _Leg:
    """One request to one endpoint, and how its answer is read. `target`: the dialect that the model hears."""

    def __init__(self, cleared: Cleared, target: Dialect) -> None:
        self.model = cleared.model
        self.incoming = Incoming(cleared.dialect, target, cleared.body)
        self.watch = watch(target)
        self.done = self.answered = False
        self._parser = SseParser()
        self._hide_usage = cleared.dialect is target and target in _WITH_USAGE and not _asked_usage(cleared.body)

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Frames from more bytes of a stream; each but the last of them says that more follows at once.

        Raises:
            UpstreamError: the stream reports one.
        """
        held: Frame | None = None
        try:
            for event, data in self._parser.feed(chunk):
                for frame in self._event(event, data):
                    if held is not None:
                        yield Frame(held.data, held.event, more=True)
                    held = frame
        except Exception:
            if held is not None:
                yield held  # what came before a failure is the caller's
            raise
        if held is not None:
            yield held

    def finish(self) -> Iterator[Frame]:
        """Frames from the end of the bytes.

        Raises:
            StreamCut: the answer had not ended.
        """
        if not self.done:
            try:
                for event, data in self._parser.finish():
                    yield from self._event(event, data)
            except UpstreamDown as error:
                if error.upstream is None:
                    raise self._cut() from None
                raise
        if not (self.done or self.watch.closed()):
            raise self._cut()
        yield from self.incoming.finish()

    def _cut(self) -> StreamCut:
        return StreamCut(f"{self.model.name} ended its answer in the middle.")

    def _event(self, event: str, data: bytes) -> list[Frame]:
        if self.done or not data:
            return []
        if data == DONE:
            self.done = True
            return []
        value = _object(data, self.model)
        if is_error(value, event):
            raise reported(self.model.name, value, answered=self.answered)
        self.done = self.watch.see(value)
        frames = self.incoming.frame(Frame(value, event))
        if self._hide_usage and "usage" in value and _only_usage(value):
            return []
        self.answered = self.answered or bool(frames)
        return frames

    def whole(self, raw: bytes) -> Frame:
        """The frame of a plain reply.

        Raises:
            UpstreamError: it is an error, or no JSON object.
        """
        value = _object(raw, self.model)
        if is_error(value):
            raise reported(self.model.name, value, answered=False)
        self.watch.finish = finish_of(value)
        return Frame(self.incoming.whole(value))


def _asked_usage(body: Json) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and bool(options.get("include_usage"))


def _only_usage(value: Json) -> bool:
    """Whether a chunk is there for its counts alone; from others the empty `usage` goes, which nobody asked for."""
    if value["usage"] is None:
        del value["usage"]
        return False
    return not value.get("choices")


def _object(raw: bytes, model: Model) -> Json:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise UpstreamDown(f"{model.name} answered with something that is not a JSON object.")
    return value


class Upstream(ABC):
    """A remote model. Subclasses say which dialects are native, under which paths, and how a request is dressed."""

    paths: ClassVar[dict[Dialect, str]]
    """Native dialects: what goes behind `base_url`."""
    common: ClassVar[Dialect]
    """What every other dialect is translated into."""

    def __init__(self, model: Model, secret: Secret, egress: Door) -> None:
        self.model = model
        self._secret = secret
        self._egress = egress
        self._state = "ready"
        self._lacking: set[Dialect] = set()

    @abstractmethod
    def headers(self, cleared: Cleared) -> dict[str, str]:
        """Every header that goes up: the key, and those of the caller's that may."""

    def dressed(self, target: Dialect, body: Json) -> Json:
        """Last touches on the body in the model's dialect: a copy is handed in."""
        del target
        return body

    def lacks(self, target: Dialect, error: UpstreamError) -> bool:
        """Whether `error` says that the endpoint has no path for this dialect, so that the common one may be tried."""
        del target, error
        return False

    async def run(self, cleared: Cleared) -> AsyncGenerator[Event, None]:
        """Yield Started, Frames in the caller's dialect, End. See `contract.ports.Provider.run`."""
        async with AsyncExitStack() as stack:
            leg, response = await self._opened(cleared, stack)
            yield Started(response.status, visible(response.headers))
            try:
                if not cleared.stream:
                    yield leg.whole(await response.read())
                else:
                    async for chunk in response.chunks():
                        for frame in leg.feed(chunk):
                            yield frame
                        if leg.done:
                            break
                    for frame in leg.finish():
                        yield frame
            except StreamCut as error:
                error.retryable = not leg.answered  # nothing has been handed on yet: another attempt can do no harm
                raise
            if cleared.stream:
                await response.drain()
            finish = leg.watch.finish or "stop"
            yield End(leg.incoming.usage, len(cleared.sent[-1]), response.bytes_in, finish)

    async def _opened(self, cleared: Cleared, stack: AsyncExitStack) -> tuple[_Leg, Response]:
        """Send; once more in another dialect when the endpoint does not know the first."""
        native = cleared.dialect in self.paths and cleared.dialect not in self._lacking
        target = cleared.dialect if native else self.common
        try:
            return await self._attempt(cleared, target, stack)
        except UpstreamError as error:
            if target is self.common or not self.lacks(target, error):
                raise
        answer = await self._attempt(cleared, self.common, stack)
        self._lacking.add(target)
        return answer

    async def _attempt(self, cleared: Cleared, target: Dialect, stack: AsyncExitStack) -> tuple[_Leg, Response]:
        translated = outgoing(cleared.dialect, target, cleared.body)
        body = self.dressed(target, {**translated, "model": self.model.upstream_model or self.model.name})
        for name in _OWN_MEMBERS:
            body.pop(name, None)
        leg = _Leg(cleared, target)
        try:
            raw = orjson.dumps(body)
        except TypeError:  # also orjson's own error: an integer over 64 bits, half a surrogate pair, too deep
            raise BadRequest("The request holds a value that cannot be written as JSON for this model.") from None
        try:
            response = await stack.enter_async_context(
                self._egress.post(
                    cleared, self.model.base_url + self.paths[target], raw, self.headers(cleared),
                    timeout_s=self.model.timeout_s,
                )
            )  # fmt: skip
        except UpstreamError as error:
            self._state = worded(f"down: {error.message}")
            raise
        self._state = "ready"
        if not 200 <= response.status < 300:
            raise refused(self.model.name, response.status, response.headers, await self._error_body(response))
        if cleared.stream and response.headers.get("content-type", "").startswith("application/json"):
            raise await self._not_streamed(response)
        return leg, response

    async def _error_body(self, response: Response) -> bytes:
        try:
            return await response.read(ERROR_LIMIT)
        except UpstreamError:  # the status counts, whatever is wrong with the words
            return b""

    async def _not_streamed(self, response: Response) -> UpstreamError:
        value: Any = _object(await response.read(), self.model)
        if is_error(value):
            return reported(self.model.name, value, answered=False)
        return UpstreamDown(f"{self.model.name} does not stream.")

    async def health(self) -> str:
        """`ready`, or `down: <why>` when the last request found no connection. One caller's refusal counts for nothing."""
        return self._state

    async def aclose(self) -> None:
        """Nothing is held here: the door closes its connections itself."""
        self._state = "down: closed"
