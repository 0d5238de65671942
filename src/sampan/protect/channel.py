"""One text of an answer as it arrives piece by piece, with the values put back."""

import json
from enum import Enum, auto

from sampan.contract.labels import Kind
from sampan.protect.known import Known
from sampan.protect.operators import Operator, Seen
from sampan.protect.targets import target_before

_WINDOW = 16_384
"""Characters before a stand-in that are looked at for an open link."""
_DELIMITERS = frozenset(" \t\r\n\"'<>)]}`,;。，；）」』")
_JSON_STARTS = ("{", "[{", '["', "```json")


class Mode(Enum):
    """How a value is written where its stand-in stood."""

    TEXT = auto()
    """As it is; escaped when the text turns out to be JSON."""
    JSON = auto()
    """The text is JSON: escaped as a JSON string is (RFC 8259)."""
    ARGUMENTS = auto()
    """A tool call's arguments as JSON text."""
    ARGUMENT = auto()
    """A string inside a tool call's arguments."""


class Way:
    """What every channel of one answer shares.

    sent: the masked texts that the model got. arguments: values may come back inside tool-call arguments.
    restored: kind -> values put back, and `arguments:<kind>` -> those of them in arguments.
    """

    __slots__ = ("arguments", "known", "operator", "restored", "sent")

    def __init__(self, known: Known, operator: Operator, sent: list[str], *, arguments: bool) -> None:
        self.known, self.operator, self.sent, self.arguments = known, operator, sent, arguments
        self.restored: dict[str, int] = {}

    def count(self, kind: Kind, mode: Mode) -> None:
        """Count one value that was put back."""
        if kind is Kind.LOOKALIKE:
            return
        self.restored[kind.value] = self.restored.get(kind.value, 0) + 1
        if mode in (Mode.ARGUMENTS, Mode.ARGUMENT):
            name = f"arguments:{kind.value}"
            self.restored[name] = self.restored.get(name, 0) + 1


class Channel:
    """Takes pieces in order; what could be the start of a stand-in is held back until it is one, or is not."""

    __slots__ = ("_json", "_mode", "_past", "_size", "_sticky", "_way", "held")

    def __init__(self, way: Way, mode: Mode) -> None:
        self._way, self._mode = way, mode
        self._past: list[str] = []
        self._size = 0
        self._sticky = False
        self._json: bool | None = None if mode is Mode.TEXT else mode in (Mode.JSON, Mode.ARGUMENTS)
        self.held = ""

    def push(self, text: str) -> str:
        """What may be given out now; the very same string when nothing in it was touched."""
        if self._json is None and text:
            self._json = _starts_json("".join(self._past) + self.held + text)
        if not self.held and not self._way.operator.opens(text) and not text.endswith("\\"):
            self._remember(text)
            return text
        return self._take(self.held + text, last=False)

    def flush(self) -> str:
        """What is held back still: nothing more comes."""
        return self._take(self.held, last=True) if self.held else ""

    def _take(self, buffer: str, *, last: bool) -> str:
        way = self._way
        out: list[str] = []
        at = 0
        stop = len(buffer)
        for seen in way.operator.read(buffer):
            value = way.known.value(seen.kind, seen.number)
            if value is None or not self._permitted():
                continue
            verdict = self._open_to(buffer, seen, last=last)
            if verdict is None:
                stop = seen.start
                break
            if verdict:
                out.append(buffer[at : seen.start])
                out.append(self._written(value))
                at = seen.end
                way.count(seen.kind, self._mode)
        if not last and stop == len(buffer):
            stop = max(at, way.operator.pending(buffer, way.known.highest))
        out.append(buffer[at:stop])
        self.held = buffer[stop:]
        self._remember(buffer[:stop])
        return "".join(out)

    def _permitted(self) -> bool:
        return self._way.arguments or self._mode not in (Mode.ARGUMENTS, Mode.ARGUMENT)

    def _open_to(self, buffer: str, seen: Seen, *, last: bool) -> bool | None:
        """Whether a value may stand here; None: it depends on the character that comes next."""
        before = "".join(self._past) + buffer[: seen.start]
        target = target_before(before[-_WINDOW:])
        if target is None:
            return not (self._sticky and not any(sign.isspace() for sign in before))
        stand_in = self._way.operator.write(seen.kind, seen.number)
        following = _after(target + stand_in, self._way.sent)
        if not following:
            return False
        if seen.end == len(buffer) and not last:
            return None
        after = buffer[seen.end : seen.end + 1]
        return after == "" or after in following or after in _DELIMITERS

    def _written(self, value: str) -> str:
        return json.dumps(value, ensure_ascii=False)[1:-1] if self._json else value

    def _remember(self, text: str) -> None:
        self._past.append(text)
        self._size += len(text)
        if self._size > 4 * _WINDOW:
            past = "".join(self._past)
            kept = past[-_WINDOW:]
            # a run without a space that is longer than the window: its beginning is out of sight from here on
            self._sticky = not any(sign.isspace() for sign in kept) and (
                self._sticky or target_before(past) is not None
            )
            self._past, self._size = [kept], len(kept)


def _after(written: str, sent: list[str]) -> set[str]:
    """The characters that followed `written` where the model got it; empty when it did not."""
    following: set[str] = set()
    for text in sent:
        at = text.find(written)
        while at >= 0:
            following.add(text[at + len(written) : at + len(written) + 1])
            at = text.find(written, at + 1)
    return following


def _starts_json(text: str) -> bool | None:
    """Whether a text is JSON, by its start; None while that cannot be told."""
    start = "".join(text[:64].split())[:7]
    if start.startswith(_JSON_STARTS):
        return True
    return None if any(form.startswith(start) for form in _JSON_STARTS) else False
