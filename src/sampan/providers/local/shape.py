"""Shapers of the engine's chat chunks: each takes one chunk and returns those that go on instead."""

from typing import Any, Protocol

from sampan.contract.request import Json
from sampan.providers.local.script import ScriptStream
from sampan.providers.local.tools import Call, StepReader


class Shaper(Protocol):
    """One step on the way from the engine to the caller, in the OpenAI chat format."""

    def chunk(self, data: Json) -> list[Json]:
        """Shape one stream chunk."""

    def whole(self, data: Json) -> Json:
        """Shape a whole reply."""


def _with(data: Json, **choice: Any) -> Json:
    """The same chunk with another first choice."""
    return {**data, "choices": [{"index": 0, "finish_reason": None, **choice}]}


def _first(data: Json) -> Json | None:
    choices = data.get("choices")
    return choices[0] if choices else None


class Named(Shaper):
    """Says the model's name instead of its file, and leaves out the engine's own timings."""

    def __init__(self, name: str) -> None:
        self._name = name

    def chunk(self, data: Json) -> list[Json]:
        """Shape one stream chunk."""
        return [self.whole(data)]

    def whole(self, data: Json) -> Json:
        """Shape a whole reply."""
        return {**{key: value for key, value in data.items() if key != "timings"}, "model": self._name}


class ToolShaper(Shaper):
    """Turns the JSON of one step into `tool_calls` or text."""

    def __init__(self) -> None:
        self._reader = StepReader()

    def chunk(self, data: Json) -> list[Json]:
        """Shape one stream chunk: answer text goes on at once, a call when the step is complete."""
        choice = _first(data)
        if choice is None:
            return [data]
        delta, finish = choice.get("delta", {}), choice.get("finish_reason")
        out: list[Json] = []
        if delta.get("role"):
            out.append(_with(data, delta={"role": delta["role"], "content": None}))
        if text := self._reader.feed(delta.get("content") or ""):
            out.append(_with(data, delta={"content": text}))
        if finish:
            out += self._last(data, finish)
        return out

    def _last(self, data: Json, finish: str) -> list[Json]:
        step = self._reader.finish()
        if isinstance(step, str):
            return [_with(data, delta={"content": step}), _with(data, delta={}, finish_reason=finish)]
        if step is None:
            return [_with(data, delta={}, finish_reason=finish)]
        whole = step.as_json()
        opening = {**whole, "index": 0, "function": {"name": step.name, "arguments": ""}}
        return [
            _with(data, delta={"tool_calls": [opening]}),
            _with(data, delta={"tool_calls": [{"index": 0, "function": {"arguments": step.arguments}}]}),
            _with(data, delta={}, finish_reason="tool_calls"),
        ]

    def whole(self, data: Json) -> Json:
        """Shape a whole reply."""
        choice = _first(data)
        if choice is None:
            return data
        text = self._reader.feed(choice["message"].get("content") or "")
        step = self._reader.finish()
        message: Json = {"role": "assistant", "content": step if isinstance(step, str) else text or None}
        finish = choice.get("finish_reason")
        if isinstance(step, Call):
            message["tool_calls"], finish = [step.as_json()], "tool_calls"
        return _with(data, message=message, finish_reason=finish)


class ScriptShaper(Shaper):
    """Puts answer text that drifts into Simplified Chinese back into Hong Kong Traditional."""

    def __init__(self) -> None:
        self._script = ScriptStream()

    def chunk(self, data: Json) -> list[Json]:
        """Shape one stream chunk; what the script still holds comes out before the chunk that ends the choice."""
        choice = _first(data)
        if choice is None:
            return [data]
        delta = choice.get("delta", {})
        text = delta.get("content")
        given = self._script.feed(text) if text else text
        ending = choice.get("finish_reason") or delta.get("tool_calls")
        if ending and (held := self._script.finish()):
            return [_with(data, delta={"content": (given or "") + held}),
                    _with(data, **{**choice, "delta": {**delta, "content": None} if "content" in delta else delta})]  # fmt: skip
        if text and not given:
            return []
        return [_with(data, **{**choice, "delta": {**delta, "content": given}})] if text else [data]

    def whole(self, data: Json) -> Json:
        """Shape a whole reply."""
        choice = _first(data)
        text = choice["message"].get("content") if choice else None
        if choice is None or not isinstance(text, str):
            return data
        changed = self._script.feed(text) + self._script.finish()
        return _with(data, **{**choice, "message": {**choice["message"], "content": changed}})
