"""What an answer said, read from the frames of any dialect."""

from collections.abc import Sequence
from typing import Any

import orjson

from sampan.contract.answer import Frame
from sampan.contract.request import Dialect, Json
from sampan.contract.verdict import Call, Said

_FINISHES = {
    "stop": "stop", "end_turn": "stop", "stop_sequence": "stop", "completed": "stop", "length": "length",
    "max_tokens": "length", "max_output_tokens": "length", "model_context_window_exceeded": "length",
    "tool_calls": "tool_calls", "tool_use": "tool_calls", "function_call": "tool_calls",
    "content_filter": "refusal", "refusal": "refusal",
}  # fmt: skip


class _Heard:
    """What was put together so far. calls: place -> [name, pieces of arguments]."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.calls: dict[object, list[str]] = {}
        self.finish = ""

    def call(self, place: object, name: object = "", arguments: object = "") -> None:
        """More of a tool call."""
        call = self.calls.setdefault(place, [""])
        call[0] += _str(name)
        call.append(_str(arguments))

    def ends(self, finish: object) -> None:
        """How it ended; a refusal stays one."""
        if isinstance(finish, str) and self.finish != "refusal":
            self.finish = _FINISHES.get(finish, self.finish)

    def said(self) -> Said:
        """All of it."""
        calls = tuple(Call(name, "".join(pieces)) for name, *pieces in self.calls.values())
        return Said("".join(self.text), calls, self.finish)


def said_of(dialect: Dialect, frames: Sequence[Frame]) -> Said:
    """Read a whole answer. frames: all of them, streamed or the only one."""
    heard = _Heard()
    if (read := _READERS.get(dialect)) is not None:
        for frame in frames:
            read(frame.data, heard)
    return heard.said()


def _chat(data: Json, heard: _Heard) -> None:
    for choice in _dicts(data.get("choices"))[:1]:
        if choice.get("index", 0) != 0:
            continue
        message = _dict(choice.get("delta")) or _dict(choice.get("message"))
        heard.text.append(_str(message.get("content")))
        if message.get("refusal"):
            heard.text.append(_str(message["refusal"]))
            heard.ends("refusal")
        for number, call in enumerate(_dicts(message.get("tool_calls"))):
            function = _dict(call.get("function"))
            heard.call(call.get("index", number), function.get("name"), function.get("arguments"))
        heard.ends(choice.get("finish_reason"))


def _completions(data: Json, heard: _Heard) -> None:
    for choice in _dicts(data.get("choices"))[:1]:
        heard.text.append(_str(choice.get("text")))
        heard.ends(choice.get("finish_reason"))


def _responses(data: Json, heard: _Heard) -> None:
    """The closing event, or the plain reply: it holds everything once more."""
    response = _dict(data.get("response")) or data
    if "output" not in response or data.get("type") in {"response.created", "response.in_progress"}:
        return
    for number, item in enumerate(_dicts(response["output"])):
        if item.get("type") == "function_call":
            heard.call(number, item.get("name"), item.get("arguments"))
        for part in _dicts(item.get("content")):
            heard.text.append(_str(part.get("text")) or _str(part.get("refusal")))
            heard.ends("refusal" if part.get("type") == "refusal" else None)
    heard.ends(_dict(response.get("incomplete_details")).get("reason") or response.get("status"))


def _messages(data: Json, heard: _Heard) -> None:
    """A plain reply, or one event of a stream."""
    for number, block in enumerate(_dicts(data.get("content"))):
        heard.text.append(_str(block.get("text")))
        if block.get("type") == "tool_use":
            heard.call(number, block.get("name"), _json(block.get("input")))
    heard.ends(data.get("stop_reason"))
    block, delta = _dict(data.get("content_block")), _dict(data.get("delta"))
    if block.get("type") == "tool_use":
        heard.call(data.get("index"), block.get("name"))
    if delta.get("type") == "input_json_delta":
        heard.call(data.get("index"), "", delta.get("partial_json"))
    elif delta.get("type") == "text_delta":
        heard.text.append(_str(delta.get("text")))
    heard.ends(delta.get("stop_reason"))


_READERS = {
    Dialect.CHAT: _chat,
    Dialect.COMPLETIONS: _completions,
    Dialect.RESPONSES: _responses,
    Dialect.MESSAGES: _messages,
}


def _json(value: object) -> str:
    return orjson.dumps(value).decode() if isinstance(value, dict) else ""


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
