"""A model that only pretends, in every dialect's shape. For tests and demonstrations; it opens no connection."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

import msgspec
import orjson

from sampan.contract.answer import End, Event, Frame, Started, Usage
from sampan.contract.cleared import Cleared
from sampan.contract.errors import StreamCut
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Json
from sampan.providers.translate import Incoming

_CREATED = 1_700_000_000
_PIECE = 4
_DIMENSIONS = 8


class Script(msgspec.Struct, frozen=True):
    """What the model does.

    text: what it answers; empty: the last text of the request. splits: lengths of the streamed pieces in turn, the
    last one repeated. tool: it calls this tool with the text as `{"text": …}`. error: it fails with this instead.
    cut_after: pieces after which the stream breaks. delay_s: pause before each piece.
    """

    text: str = ""
    splits: tuple[int, ...] = (_PIECE,)
    tool: str = ""
    error: Exception | None = None
    cut_after: int | None = None
    delay_s: float = 0.0


_ECHO = Script()


class FakeProvider:
    """Answers by script. received: every request, in order. stopped: answers that nobody heard to the end."""

    def __init__(self, model: Model, script: Script | Sequence[Script] = _ECHO) -> None:
        self.model = model
        self.received: list[Cleared] = []
        self.stopped = 0
        self._scripts = [script] if isinstance(script, Script) else list(script)

    async def run(self, cleared: Cleared) -> AsyncGenerator[Event, None]:
        """As a remote provider would; the scripts are taken in turn, the last one again and again."""
        self.received.append(cleared)
        script = self._scripts[min(len(self.received), len(self._scripts)) - 1]
        cleared.sent.append(orjson.dumps(cleared.body))
        if script.error is not None:
            raise script.error
        ended = False
        try:
            yield Started(200, {"x-request-id": f"fake-{len(self.received)}"})
            async with aclosing(self._answer(cleared, script)) as events:
                async for event in events:
                    yield event
            ended = True
        except StreamCut:
            ended = True
            raise
        finally:
            self.stopped += not ended

    async def _answer(self, cleared: Cleared, script: Script) -> AsyncGenerator[Event, None]:
        said = script.text or last_text(cleared.body)
        usage = Usage(input=len(cleared.sent[-1]) // 4, output=len(said) // 4 + 1)
        bytes_in = 0
        for number, frame in enumerate(self._frames(cleared, script, said, usage)):
            if cleared.stream and number == script.cut_after:
                raise StreamCut(f"{self.model.name} ended its answer in the middle.", retryable=number == 0)
            await asyncio.sleep(script.delay_s)
            bytes_in += len(orjson.dumps(frame.data))
            yield frame
        yield End(usage, len(cleared.sent[-1]), bytes_in, "tool_calls" if script.tool else "stop")

    def _frames(self, cleared: Cleared, script: Script, said: str, usage: Usage) -> Iterator[Frame]:
        name, dialect = self.model.upstream_model or self.model.name, cleared.dialect
        if dialect is Dialect.COUNT_TOKENS:
            yield Frame({"input_tokens": usage.input})
        elif dialect is Dialect.EMBEDDINGS:
            yield Frame(_embeddings(cleared.body, name, usage))
        elif not cleared.stream:
            yield Frame(Incoming(dialect, Dialect.CHAT, cleared.body).whole(_whole(name, said, script.tool, usage)))
        else:
            yield from _streamed(cleared, _chunks(name, said, script, usage))

    async def health(self) -> str:
        """Always `ready`."""
        return "ready"

    async def aclose(self) -> None:
        """Nothing is held."""


def last_text(body: Json) -> str:
    """The last text of a request in any dialect: what an echo answers."""
    items = body.get("messages") or body.get("input") or body.get("prompt") or ""
    last = items[-1] if isinstance(items, list) and items else items
    content = last.get("content", "") if isinstance(last, dict) else last
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in content)
    return str(content or "")


def _streamed(cleared: Cleared, chunks: Iterator[Json]) -> Iterator[Frame]:
    incoming = Incoming(cleared.dialect, Dialect.CHAT, cleared.body)
    options = cleared.body.get("stream_options")
    counted = isinstance(options, dict) and bool(options.get("include_usage"))
    for chunk in chunks:
        frames = incoming.frame(Frame(chunk))
        if cleared.dialect is not Dialect.CHAT or chunk["choices"] or counted:
            yield from frames
    yield from incoming.finish()


def _base(name: str, kind: str) -> Json:
    return {"id": "chatcmpl-fake", "object": kind, "created": _CREATED, "model": name}


def _counts(usage: Usage) -> Json:
    total = usage.input + usage.output
    return {"prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": total}


def _call(tool: str, arguments: str) -> Json:
    return {"index": 0, "id": "call_fake", "type": "function", "function": {"name": tool, "arguments": arguments}}


def _arguments(said: str) -> str:
    return orjson.dumps({"text": said}).decode()


def _whole(name: str, said: str, tool: str, usage: Usage) -> Json:
    message: Json = {"role": "assistant", "content": None if tool else said, "refusal": None}
    if tool:
        call = _call(tool, _arguments(said))
        message["tool_calls"] = [{key: value for key, value in call.items() if key != "index"}]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls" if tool else "stop"}
    return {**_base(name, "chat.completion"), "choices": [choice], "usage": _counts(usage)}


def _chunks(name: str, said: str, script: Script, usage: Usage) -> Iterator[Json]:
    base = _base(name, "chat.completion.chunk")

    def chunk(delta: Json, finish: str | None = None) -> Json:
        return {**base, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": None if script.tool else ""})
    if script.tool:
        yield chunk({"tool_calls": [_call(script.tool, "")]})
    for piece in _pieces(_arguments(said) if script.tool else said, script.splits):
        if script.tool:
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        else:
            yield chunk({"content": piece})
    yield chunk({}, "tool_calls" if script.tool else "stop")
    yield {**base, "choices": [], "usage": _counts(usage)}


def _pieces(text: str, splits: tuple[int, ...]) -> Iterator[str]:
    start = number = 0
    while start < len(text):
        size = max(1, splits[min(number, len(splits) - 1)])
        yield text[start : start + size]
        start, number = start + size, number + 1


def _embeddings(body: Json, name: str, usage: Usage) -> Json:
    texts = body.get("input")
    count = len(texts) if isinstance(texts, list) and all(isinstance(text, str) for text in texts) else 1
    data = [{"object": "embedding", "index": n, "embedding": [1.0 / (n + 1)] * _DIMENSIONS} for n in range(count)]
    counts = {"prompt_tokens": usage.input, "total_tokens": usage.input}
    return {"object": "list", "data": data, "model": name, "usage": counts}
