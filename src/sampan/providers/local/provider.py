"""The local engine as a provider: any dialect in, llama.cpp's OpenAI endpoints behind, that dialect out."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, Protocol

import orjson

from sampan.contract.answer import End, Event, Frame, Started, Usage
from sampan.contract.cleared import Cleared
from sampan.contract.errors import (
    BadRequest,
    ContextTooLong,
    EngineUnavailable,
    StreamCut,
    UpstreamDown,
    UpstreamError,
    UpstreamRefused,
)
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Json
from sampan.providers.local import tools
from sampan.providers.local.engine import Engine
from sampan.providers.local.script import wants_traditional
from sampan.providers.local.shape import Named, ScriptShaper, Shaper, ToolShaper
from sampan.providers.local.slots import Seat, Slots
from sampan.providers.local.sureness import Sureness, asked_for
from sampan.providers.sse import SseParser
from sampan.providers.translate import Incoming, outgoing

_OURS = ("model", "id_slot", "cache_prompt", "n_cache_reuse", "max_completion_tokens", "n", "store", "metadata", "user")
"""Body fields that the caller cannot set on the engine, or that mean nothing to it."""
_STEP_TEMPERATURE = 0.2
"""For the choice between calling a tool and answering, unless the caller says: small models wander at 0.8."""
_LONGEST_TOKEN = 128
"""Bytes; no vocabulary in use has a longer one. A request above context times this cannot fit."""


class Response(Protocol):
    """What `egress.post` gives."""

    status: int
    headers: dict[str, str]

    def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""

    async def read(self) -> bytes:
        """The whole body."""


class Egress(Protocol):
    """The one door to the network."""

    def post(
        self, cleared: Cleared, url: str, body: bytes, headers: dict[str, str], *, timeout_s: float
    ) -> AbstractAsyncContextManager[Response]:
        """Send one body."""


class _Job:
    """One request on its way: what the engine gets, and how its answer is shaped."""

    def __init__(self, cleared: Cleared, model: Model) -> None:
        self.cleared, self.model = cleared, model
        self.native = cleared.dialect is Dialect.COMPLETIONS
        self.target = Dialect.COMPLETIONS if self.native else Dialect.CHAT
        self.path = "/v1/completions" if self.native else "/v1/chat/completions"
        self.asked = outgoing(cleared.dialect, self.target, cleared.body)
        self.with_tools = not self.native and tools.wanted(self.asked)
        self.strict = True
        self.incoming = Incoming(cleared.dialect, self.target, cleared.body)
        self.sureness = Sureness(hidden=not self.asked.get("logprobs"))
        self.shapers = self._shapers()
        self.bytes_in = self.bytes_out = 0
        self.finish = ""
        self.said = False
        _check(self.asked)

    def _shapers(self) -> list[Shaper]:
        shapers: list[Shaper] = [Named(self.model.name)]
        if self.cleared.on_trial:
            shapers.append(self.sureness)
        if self.with_tools:
            shapers.append(ToolShaper())
        if not self.native and not _is_json(self.asked) and wants_traditional(_last_words(self.asked)):
            shapers.append(ScriptShaper())
        return shapers

    def body(self, seat: Seat) -> bytes:
        """The bytes for the engine.

        Raises:
            ContextTooLong: they cannot fit, whatever the tokens.
        """
        out = self._prepared()
        if limit := self.asked.get("max_completion_tokens"):
            out["max_tokens"] = limit
        for key in _OURS:
            out.pop(key, None)
        if self.cleared.stream:
            out["stream_options"] = {"include_usage": True}
        if self.cleared.on_trial:
            out |= asked_for(out, native=self.native)
        out["id_slot"], out["cache_prompt"] = seat.number, seat.cached
        data = orjson.dumps(out)
        if self.model.context and len(data) > self.model.context * _LONGEST_TOKEN:
            raise too_long(self.model, f"over {len(data) // _LONGEST_TOKEN}")
        return data

    def _prepared(self) -> Json:
        if self.native:
            return dict(self.asked)
        if self.with_tools:
            return {"temperature": _STEP_TEMPERATURE, **tools.prepared(self.asked, strict=self.strict)}
        return tools.without_tools(self.asked)

    def frames(self, data: Json) -> list[Frame]:
        """Shape and translate one chunk of the stream.

        Raises:
            StreamCut: the engine reports an error in the middle.
        """
        if "error" in data:
            raise StreamCut("The local engine stopped in the middle of the answer.", upstream=data)
        chunks = [data]
        for shaper in self.shapers:
            chunks = [out for one in chunks for out in shaper.chunk(one)]
        frames: list[Frame] = []
        for chunk in chunks:
            self._note_finish(chunk)
            translated = self.incoming.frame(Frame(chunk))
            if chunk.get("choices") or self._wants_usage():
                frames += translated
        return frames

    def _wants_usage(self) -> bool:
        """Chat and completions callers get the closing usage chunk only when they asked; translators decide else."""
        if self.cleared.dialect not in (Dialect.CHAT, Dialect.COMPLETIONS):
            return True
        return bool((self.asked.get("stream_options") or {}).get("include_usage"))

    def _note_finish(self, chunk: Json) -> None:
        for choice in chunk.get("choices") or ():
            self.finish = choice.get("finish_reason") or self.finish

    def whole(self, data: Json) -> Frame:
        """Shape and translate a whole reply."""
        for shaper in self.shapers:
            data = shaper.whole(data)
        self._note_finish(data)
        return Frame(self.incoming.whole(data))

    def end(self) -> End:
        """The closing event."""
        usage, sure = self.incoming.usage, tuple(self.sureness.logprobs)
        return End(usage, self.bytes_out, self.bytes_in, self.finish or "stop", sure)


_TEXT_PARTS = ("text", "refusal", "thinking")
_OTHER_PARTS = ("file", "image_url", "input_audio", "video_url")


def _check(body: Json) -> None:
    if body.get("n") not in (None, 1):
        raise BadRequest("The local engine gives one choice: `n` must be 1.", param="n")
    if kind := _not_text(body):
        raise BadRequest(
            f"The model on this machine reads text, and a part of this request is none ({kind}).",
            ways_on=(
                "Send the text of the file instead of the file.",
                "`GET /v1/models` tells which models read pictures.",
            ),
            param="messages",
        )
    prompt = body.get("prompt")
    if isinstance(prompt, list) and len(prompt) > 1 and not all(isinstance(item, int) for item in prompt):
        raise BadRequest("The local engine takes one prompt at a time.", param="prompt")


def _not_text(body: Json) -> str:
    """What the first part is called that is no text; in the engine's own words it would be `unsupported content[].type`."""
    for message in body.get("messages", ()):
        content = message.get("content") if isinstance(message, dict) else None
        for part in content if isinstance(content, list) else ():
            kind = part.get("type") if isinstance(part, dict) else None
            if kind not in _TEXT_PARTS:
                return kind if kind in _OTHER_PARTS else "of an unknown type"
    return ""


def _is_json(body: Json) -> bool:
    wish = body.get("response_format")
    return isinstance(wish, dict) and wish.get("type") != "text"


def _last_words(body: Json) -> str:
    """The last user message's text."""
    for message in reversed(body.get("messages", [])):
        if message.get("role") == "user":
            content = message.get("content")
            parts = content if isinstance(content, list) else [{"text": content}]
            return " ".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))
    return ""


def too_long(model: Model, tokens: str) -> ContextTooLong:
    """The error for a request that does not fit one slot; `tokens` as far as they are known."""
    return ContextTooLong(
        f"The request has {tokens} tokens; {model.name} has room for {model.context}, prompt and answer together.",
        ways_on=(
            "Shorten the conversation or the documents in it.",
            "Choose a model with a longer context; `GET /v1/models` tells each one's.",
            "Raise `local.context` if there is memory for it.",
        ),
    )


class LocalProvider:
    """Runs cleared requests on the engine of this machine."""

    def __init__(self, model: Model, engine: Engine, egress: Egress) -> None:
        self.model = model
        self.engine = engine
        self._egress = egress
        self._slots = Slots(engine.settings.slots)

    async def health(self) -> str:
        """`ready`, `loading …`, `absent …` or `down: <why>`."""
        return self.engine.health

    async def aclose(self) -> None:
        """End the engine."""
        await self.engine.stop()

    async def run(self, cleared: Cleared) -> AsyncGenerator[Event, None]:
        """Yield Started, Frames in the caller's dialect, then End. See `contract.ports.Provider.run`."""
        if cleared.dialect is Dialect.COUNT_TOKENS:
            async with aclosing(self._count(cleared)) as events:
                async for event in events:
                    yield event
            return
        job = _Job(cleared, self.model)
        seat = await self._slots.take(cleared.scope, _notation(job.asked))
        try:
            async with aclosing(self._attempts(job, seat)) as events:
                async for event in events:
                    yield event
        finally:
            self._slots.give(seat)

    async def _attempts(self, job: _Job, seat: Seat) -> AsyncGenerator[Event, None]:
        """Once; again when the engine died before it said anything, or when it has no grammar for a tool's schema."""
        for last in (False, True):
            generation = self.engine.generation
            try:
                async with self.engine.lease() as where, aclosing(self._attempt(job, seat, where)) as events:
                    generation = self.engine.generation
                    async for event in events:
                        job.said = True
                        yield event
                    return
            except _NoGrammar as error:
                if last:
                    raise error.refused from None
                job.strict = False
            except UpstreamError as error:
                if job.said or last or isinstance(error, UpstreamRefused) or not await self._died(generation):
                    raise

    async def _died(self, generation: int) -> bool:
        await self.engine.noticed()
        return not self.engine.ready or self.engine.generation != generation

    async def _attempt(self, job: _Job, seat: Seat, where: tuple[str, str]) -> AsyncGenerator[Event, None]:
        url, key = where
        body = job.body(seat)
        headers = _headers(key)
        async with self._egress.post(
            job.cleared, url + job.path, body, headers, timeout_s=self.model.timeout_s
        ) as response:
            job.bytes_out += len(body)
            if response.status >= 400:
                raise self._failure(response.status, await response.read(), job)
            yield Started(200)
            if not job.cleared.stream:
                data = await response.read()
                job.bytes_in += len(data)
                yield job.whole(orjson.loads(data))
            else:
                async with aclosing(_stream(job, response)) as frames:
                    async for frame in frames:
                        yield frame
            yield job.end()

    def _failure(self, status: int, data: bytes, job: _Job) -> Exception:
        try:
            upstream = orjson.loads(data)
            error = upstream["error"]
            kind, message = error.get("type", ""), str(error.get("message", ""))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return UpstreamDown(f"The local engine answered {status}.", status=status)
        if kind == "exceed_context_size_error":
            return too_long(self.model, str(error.get("n_prompt_tokens")))
        if status == 503:
            return EngineUnavailable("The local engine is loading its model.")
        if status >= 500:
            return UpstreamDown(f"The local engine answered {status}.", status=status, upstream=upstream)
        refused = UpstreamRefused("The local engine refused the request.", status=status, upstream=upstream)
        grammar = "schema" in message.lower() or "grammar" in message.lower()
        return _NoGrammar(refused) if job.with_tools and job.strict and grammar else refused

    async def _count(self, cleared: Cleared) -> AsyncGenerator[Event, None]:
        """Count tokens the exact way: the model's template, then its tokeniser."""
        body = outgoing(Dialect.MESSAGES, Dialect.CHAT, {"max_tokens": 1, **cleared.body})
        plain = tools.prepared(body) if tools.wanted(body) else tools.without_tools(body)
        async with self.engine.lease() as where:
            prompt = await self._ask(cleared, where, "/apply-template", {"messages": plain["messages"]})
            tokens = await self._ask(
                cleared, where, "/tokenize", {"content": prompt["prompt"], "add_special": True, "parse_special": True}
            )
        count = len(tokens["tokens"])
        yield Started(200)
        yield Frame({"input_tokens": count})
        yield End(Usage(input=count))

    async def _ask(self, cleared: Cleared, where: tuple[str, str], path: str, body: Json) -> Any:
        headers = _headers(where[1])
        async with self._egress.post(
            cleared, where[0] + path, orjson.dumps(body), headers, timeout_s=self.model.timeout_s
        ) as response:
            if response.status >= 400:
                raise UpstreamDown(f"The local engine answered {response.status}.", status=response.status)
            return orjson.loads(await response.read())


def _headers(key: str) -> dict[str, str]:
    """One connection per request: the engine hangs up after a stream without saying so, and the next would fail."""
    return {"content-type": "application/json", "authorization": f"Bearer {key}", "connection": "close"}


class _NoGrammar(Exception):
    """The engine cannot make a grammar of a tool's schema."""

    def __init__(self, refused: UpstreamRefused) -> None:
        super().__init__(refused.message)
        self.refused = refused


def _notation(body: Json) -> str:
    """The conversation in a notation that only grows from turn to turn."""
    history = [body.get("tools"), *body.get("messages", ()), body.get("prompt")]
    return orjson.dumps(history).decode().removesuffix(",null]")


async def _stream(job: _Job, response: Response) -> AsyncGenerator[Frame, None]:
    """Frames of the caller's dialect.

    Raises:
        StreamCut: the stream ended without the engine's own end.
    """
    parser = SseParser()
    async for piece in response.chunks():
        job.bytes_in += len(piece)
        for _, data in parser.feed(piece):
            if data == b"[DONE]":
                continue
            for frame in job.frames(orjson.loads(data)):
                yield frame
    if not job.finish:
        raise StreamCut("The local engine stopped in the middle of the answer.")
    for frame in job.incoming.finish():
        yield frame
