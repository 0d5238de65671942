"""The engine: one pass finds where something could be, a recogniser decides what is there.

A trigger is a pattern of fixed length. Hyperscan reports where triggers end, `re` (where hyperscan is not
installed) where they start: with a fixed length that is the same set of places, so both decide alike.
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sampan.contract.labels import Finding, Kind
from sampan.understand.compiled import database
from sampan.understand.normalise import SEEN, to_bytes

try:
    import hyperscan

    HYPERSCAN: Any = hyperscan
except ImportError:  # no wheel for this platform
    HYPERSCAN = None

_EDGE = b"\n"
WINDOW = 131_072
"""Characters of a long text that are looked over at once, so that what is held does not grow with the text."""
_TOKEN = re.compile(r"(\[\^?\]?[^\]]*\]|\\.|[^\\])(?:\{(\d+)\})?", re.DOTALL)

At = Callable[[str, int], "Finding | list[Finding] | None"]


class Trigger(msgspec.Struct, frozen=True):
    """A pattern of fixed length over the bytes of `normalise.to_bytes`; it may name the characters of SEEN.

    skip: where in its match the thing may start. Text edges count as a line break.
    """

    pattern: str
    skip: int = 0
    caseless: bool = False

    @property
    def width(self) -> int:
        """Length of every match, in characters."""
        return sum(int(times or 1) for _, times in _TOKEN.findall(self.pattern))

    @property
    def raw(self) -> bytes:
        """The pattern over bytes.

        Raises:
            ValueError: it names a character that texts are not searched for.
        """
        if unseen := {char for char in self.pattern if not char.isascii() and char not in SEEN}:
            raise ValueError(f"{self.pattern}: not in SEEN: {unseen}")
        return to_bytes(self.pattern)


class Pattern:
    """A built-in recogniser: places to look at, and a function that decides at one place.

    at: `at(text, position)` returns the finding that is there, or several in order, or None. It looks at a bounded
    stretch only.
    """

    def __init__(self, name: str, version: str, triggers: Sequence[Trigger], at: At) -> None:
        self.name, self.version, self.triggers, self.at = name, version, tuple(triggers), at

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into `text`, in order of their start."""
        found: list[Finding] = []
        after = 0
        for place, _ in pure_places([self], to_bytes(text)):
            if place >= after and (there := self.at(text, place)):
                after = keep(there, found)
        return found


def keep(there: Finding | list[Finding], found: list[Finding]) -> int:
    """Add what was found at a place; returns where the first of it ends."""
    if isinstance(there, list):
        found.extend(there)
        return there[0].end
    found.append(there)
    return there.end


def finding(text: str, span: tuple[int, int], kind: Kind, score: float) -> Finding:
    """A finding at `span`. score: 1.0 where a checksum or a fixed form proves it."""
    start, end = span
    return Finding(start, end, kind, score, text[start:end])


Places = list[tuple[int, int]]
"""(position, index of the recogniser), sorted, each once."""


class Engine:
    """Finds the places at which each of several recognisers has to look. Safe to use from many threads.

    kept: a folder where what is compiled may be kept.
    """

    def __init__(self, recognisers: Sequence[Pattern], kept: Path | None = None) -> None:
        self._recognisers = list(recognisers)
        self._shift: list[int] = []
        self._owner: list[int] = []
        self._widest = max((trigger.width for each in recognisers for trigger in each.triggers), default=0)
        self._local = threading.local()
        self._database = None if HYPERSCAN is None else self._compile(kept)

    def _compile(self, kept: Path | None) -> Any:
        patterns, flags = [], []
        for index, recogniser in enumerate(self._recognisers):
            for trigger in recogniser.triggers:
                patterns.append(trigger.raw)
                flags.append(HYPERSCAN.HS_FLAG_CASELESS if trigger.caseless else 0)
                self._shift.append(len(_EDGE) + trigger.width - trigger.skip)
                self._owner.append(index)
        return database(HYPERSCAN, patterns, flags, kept)

    def windows(self, text: bytes) -> Iterator[Places]:
        """The places of a text of any length, in order, `WINDOW` characters at a time; together they are `places(text)`.

        Windows overlap by the widest trigger; a place counts in the one that it lies in, so a window's own edges,
        which are no line breaks, are never seen.
        """
        if len(text) <= WINDOW:
            yield self.places(text)
            return
        for first in range(0, len(text) + 1, WINDOW):
            low, last = max(0, first - self._widest), first + WINDOW
            seen = self.places(text[low : last + self._widest])
            yield [(low + place, which) for place, which in seen if first <= low + place < last]

    def places(self, text: bytes) -> Places:
        """Where to look in `text` (one byte a character)."""
        if self._database is None:
            return pure_places(self._recognisers, text)
        hits: list[tuple[int, int]] = []
        self._database.scan(_EDGE + text + _EDGE, match_event_handler=_collect, context=hits, scratch=self._scratch())
        if not hits:
            return hits
        shift, owner = self._shift, self._owner
        return sorted({(end - shift[which], owner[which]) for end, which in hits})

    def _scratch(self) -> Any:
        """This thread's own: a scratch space serves one scan at a time."""
        try:
            return self._local.scratch
        except AttributeError:
            self._local.scratch = scratch = HYPERSCAN.Scratch(self._database)
            return scratch


def _collect(which: int, _start: int, end: int, _flags: int, hits: list[tuple[int, int]]) -> None:
    hits.append((end, which))


def pure_places(recognisers: Sequence[Pattern], text: bytes) -> Places:
    """The same places, found by `re` alone."""
    data = _EDGE + text + _EDGE
    places = set()
    for index, recogniser in enumerate(recognisers):
        for trigger in recogniser.triggers:
            shift = trigger.skip - len(_EDGE)
            for match in _lookahead(trigger).finditer(data):
                places.add((match.start() + shift, index))
    return sorted(places)


_COMPILED: dict[Trigger, re.Pattern[bytes]] = {}


def _lookahead(trigger: Trigger) -> re.Pattern[bytes]:
    pattern = _COMPILED.get(trigger)
    if pattern is None:
        flags = re.IGNORECASE if trigger.caseless else 0
        pattern = _COMPILED[trigger] = re.compile(b"(?=" + trigger.raw + b")", flags)
    return pattern
