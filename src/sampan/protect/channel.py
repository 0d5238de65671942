"""One text of an answer as it arrives piece by piece, with the values put back."""

import json
import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto

from sampan.contract.labels import Kind
from sampan.protect import escapes
from sampan.protect.bare import Bare
from sampan.protect.known import Known
from sampan.protect.operators import Operator, Seen
from sampan.protect.targets import target_before

_WINDOW = 16_384
"""Characters before a stand-in that are looked at for an open link."""
_DELIMITERS = frozenset(" \t\r\n\"'<>)]}`,;。，；）」』")
_SPACE = re.compile(r"\s")
_JSON_STARTS = ("{", "[{", '["', "```json")
_AFTER_KEY = re.compile(r'[{,]\s*"(?:[^"\\]|\\.){0,200}"\s*:\s*\Z')
_COLON = re.compile(r'"\s{0,9}:\s{0,9}\Z')
_KEY = 256
"""Characters before a value in which its key is looked for."""


class Mode(Enum):
    """How a value is written where its stand-in stood."""

    TEXT = auto()
    """As it is; escaped when the text turns out to be JSON."""
    JSON = auto()
    """The text is JSON: escaped as a JSON string is (RFC 8259)."""
    ARGUMENTS = auto()
    """A tool call's arguments as JSON text."""
    ARGUMENT = auto()
    """A string inside a tool call's arguments; escaped when it begins as an object or a list of JSON does."""


class Way:
    """What every channel of one answer shares.

    sent: the masked texts that the model got. arguments: values may come back inside tool-call arguments.
    said: every text of the request as it was, in which a stand-in without brackets is looked for.
    restored: kind -> values put back, and `arguments:<kind>` -> those of them in arguments.
    """

    __slots__ = ("arguments", "bare", "known", "operator", "restored", "sent")

    def __init__(
        self, known: Known, operator: Operator, sent: list[str], *, arguments: bool, said: Iterable[str] = ()
    ) -> None:
        self.known, self.operator, self.sent, self.arguments = known, operator, sent, arguments
        self.bare = Bare(known.highest, said)
        self.restored: dict[str, int] = {}

    def opens(self, text: str) -> bool:
        """Whether a stand-in, or the beginning of one, may be in the text."""
        return self.operator.opens(text) or self.bare.opens(text)

    def count(self, kind: Kind, mode: Mode) -> None:
        """Count one value that was put back."""
        if kind is Kind.LOOKALIKE:
            return
        self.restored[kind._value_] = self.restored.get(kind._value_, 0) + 1
        if mode in (Mode.ARGUMENTS, Mode.ARGUMENT):
            name = f"arguments:{kind._value_}"
            self.restored[name] = self.restored.get(name, 0) + 1


class Channel:
    """Takes pieces in order; what could be the start of a stand-in is held back until it is one, or is not."""

    __slots__ = ("_json", "_mode", "_past", "_size", "_sticky", "_way", "held")

    def __init__(self, way: Way, mode: Mode) -> None:
        self._way, self._mode = way, mode
        self._past: list[str] = []
        self._size = 0
        self._sticky = False
        self._json: bool | None = None if mode in (Mode.TEXT, Mode.ARGUMENT) else True
        self.held = ""

    def push(self, text: str) -> str:
        """What may be given out now; the very same string when nothing in it was touched."""
        if self._json is None and text:
            self._json = _starts(self._forms(), "".join(self._past) + self.held + text)
        if not self.held and "\\" not in text and not self._way.opens(text):
            self._remember(text)
            return text
        if self._mode is not Mode.ARGUMENTS:
            return self._take(self.held + text, last=False)
        buffer, rest = escapes.plain(self.held + text)
        out = self._take(buffer, last=False)
        self.held += rest
        return out

    def flush(self) -> str:
        """What is held back still: nothing more comes."""
        return self._take(self.held, last=True) if self.held else ""

    def _take(self, buffer: str, *, last: bool) -> str:
        way = self._way
        out: list[str] = []
        at = 0
        end = len(buffer) if last else self._pending(buffer)
        stop = len(buffer)
        for seen in self._seen(buffer, end):
            value = way.known.value(seen.kind, seen.number)
            if value is None or not self._permitted():
                continue
            before, levels = self._before(buffer[: seen.start])
            verdict = self._open_to(before, buffer, seen, last=last)
            if verdict is None:
                stop = seen.start
                break
            if verdict:
                out.append(buffer[at : _start(buffer, seen.start, levels)])
                bare = levels <= 1 and self._is_value(buffer[: seen.start], seen)
                out.append(_quoted(value) if bare else _written(value, levels))
                at = seen.end
                way.count(seen.kind, self._mode)
        if stop == len(buffer):
            stop = max(at, end)
        if not last and self._json:
            stop = max(at, escapes.boundary(buffer, stop))
        out.append(buffer[at:stop])
        self.held = buffer[stop:]
        self._remember(buffer[:stop])
        return "".join(out)

    def _seen(self, buffer: str, end: int) -> list[Seen]:
        """Every stand-in in order; of those without brackets, what ends before `end` and lies outside of the others."""
        bracketed = list(self._way.operator.read(buffer))
        bare = [
            seen
            for seen in self._way.bare.read(self._behind(), buffer, end)
            if not any(seen.start < each.end and each.start < seen.end for each in bracketed)
        ]
        return sorted(bracketed + bare) if bare else bracketed

    def _pending(self, buffer: str) -> int:
        """Where the end of the text begins that may become a stand-in; its length where none may."""
        way = self._way
        return min(way.operator.pending(buffer, way.known.highest), way.bare.pending(self._behind(), buffer))

    def _behind(self) -> str:
        """The character before what is held."""
        return next((text[-1] for text in reversed(self._past) if text), "")

    def _forms(self) -> tuple[str, ...]:
        return _JSON_STARTS if self._mode is Mode.TEXT else escapes.JSON_STARTS

    def _permitted(self) -> bool:
        return self._way.arguments or self._mode not in (Mode.ARGUMENTS, Mode.ARGUMENT)

    def _before(self, text: str) -> tuple[list[str], int]:
        """What is said before a place, in each way it can be read, and how many JSON strings the place is in."""
        before = "".join(self._past) + text
        if len(before) > _WINDOW and _SPACE.search(before, len(before) - _WINDOW):
            before = before[-_WINDOW:]
        return escapes.inside(before) if self._json else ([before], 0)

    def _is_value(self, text: str, seen: Seen) -> bool:
        """Whether a stand-in here is a value of JSON that only the model left without quotes: `"phone": [PHONE_1]`."""
        if not self._json or seen.kind is Kind.LOOKALIKE:
            return False
        before = text if len(text) >= _KEY else "".join(self._past)[-_KEY:] + text
        if _AFTER_KEY.search(before[-_KEY:]) is None:
            return False
        written = self._way.known.written(seen.kind, seen.number)
        return not any(
            _COLON.search(sent[max(0, at - 20) : at]) for sent in self._way.sent for at in _places(written, sent)
        )

    def _open_to(self, before: list[str], buffer: str, seen: Seen, *, last: bool) -> bool | None:
        """Whether a value may stand here; None: it depends on the character that comes next."""
        targets = [target for each in before if (target := target_before(each)) is not None]
        if not targets:
            return not self._sticky or _SPACE.search(before[0]) is not None
        stand_in = self._way.known.written(seen.kind, seen.number)
        sent = set.intersection(*(_after(target + stand_in, self._way.sent) for target in targets))
        if not sent:
            return False
        if seen.end == len(buffer) and not last:
            return None
        after = escapes.following(buffer, seen.end) if self._json else buffer[seen.end : seen.end + 1]
        if after is None:
            return False if last else None
        return after == "" or after in sent or after in _DELIMITERS

    def _remember(self, text: str) -> None:
        self._past.append(text)
        self._size += len(text)
        if self._size > 4 * _WINDOW:
            past = "".join(self._past)
            kept = past[-_WINDOW:]
            # a run without a space that is longer than the window: its beginning is out of sight from here on
            self._sticky = _SPACE.search(kept) is None and (self._sticky or target_before(past) is not None)
            self._past, self._size = [kept], len(kept)


def _start(buffer: str, start: int, levels: int) -> int:
    """Where a stand-in starts, with the whole of Markdown's backslash before it: two characters in a JSON string."""
    if buffer[start] != "\\":
        return start
    return start + 1 - min(escapes.backslashes(buffer, start + 1), 1 << levels)


def _written(value: str, levels: int) -> str:
    for _ in range(levels):
        value = _quoted(value)[1:-1]
    return value


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _after(written: str, sent: list[str]) -> set[str]:
    """The characters that followed `written` where the model got it; empty when it did not."""
    return {text[at + len(written) : at + len(written) + 1] for text in sent for at in _places(written, text)}


def _places(written: str, text: str) -> Iterator[int]:
    at = text.find(written)
    while at >= 0:
        yield at
        at = text.find(written, at + 1)


def _starts(forms: tuple[str, ...], text: str) -> bool | None:
    """Whether a text is JSON, by its start; None while that cannot be told."""
    start = "".join(text[:64].split())[:7]
    if start.startswith(forms):
        return True
    return None if any(form.startswith(start) for form in forms) else False
