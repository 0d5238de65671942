"""A finished JSON value with the values put back in every string: a plain reply, an error, an event that carries all."""

from typing import Any

from sampan.protect.channel import Channel, Mode, Way

_CALLS = frozenset({"tool_use", "server_tool_use", "mcp_tool_use", "custom_tool_call"})
"""Parts whose `input` is the arguments of a call: an object, or a plain string."""
_TEXTS = frozenset({"content", "text", "output_text"})
"""Members that hold the answer itself, which is JSON when the caller asked for JSON."""
_UNTOUCHED = frozenset({"id", "signature", "encrypted_content", "logprobs", "embedding"})
"""Members of the dialects themselves that hold no text of the answer."""
_HOLDERS = (dict, list)


def put_back(way: Way, value: Any, *, answer: Mode) -> Any:
    """The same value, or a copy with what changed. answer: how the texts of the answer are written."""
    return _Walk(way, answer).value(value, Mode.TEXT)


class _Walk:
    def __init__(self, way: Way, answer: Mode) -> None:
        self._way, self._answer = way, answer
        self._opens = way.opens

    def value(self, value: Any, mode: Mode) -> Any:
        if isinstance(value, str):
            return self._text(value, mode) if self._opens(value) else value
        if isinstance(value, dict):
            return self._object(value, mode)
        if isinstance(value, list) and not (value and isinstance(value[0], float)):
            items = [self.value(item, mode) for item in value]
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        return value

    def _text(self, text: str, mode: Mode) -> str:
        channel = Channel(self._way, mode)
        return channel.push(text) + channel.flush()

    def _object(self, value: dict[str, Any], mode: Mode) -> Any:
        opens = self._opens
        changed: dict[str, Any] = {}
        same = True
        for name, member in value.items():
            key = self._text(name, mode) if opens(name) else name
            new = member
            # most members hold no stand-in, whatever they mean
            if isinstance(member, _HOLDERS) or (isinstance(member, str) and opens(member)):
                plain = name in _UNTOUCHED and mode is not Mode.ARGUMENT
                new = member if plain else self.value(member, self._mode(value, name, mode))
            same = same and new is member and key is name
            changed[key] = new
        return value if same else changed

    def _mode(self, value: dict[str, Any], name: str, mode: Mode) -> Mode:
        if mode is Mode.ARGUMENT:
            return mode
        if name in ("arguments", "partial_json"):
            return Mode.ARGUMENTS if isinstance(value[name], str) else Mode.ARGUMENT
        if name == "input" and value.get("type") in _CALLS:
            return Mode.ARGUMENT
        if name == "custom" and isinstance(value[name], dict):
            return Mode.ARGUMENT
        return self._answer if name in _TEXTS else mode
