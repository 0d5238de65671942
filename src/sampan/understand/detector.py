"""From text to findings: every recogniser in one pass, disguises undone, overlaps settled.

The pass over a long text goes window by window, for what it holds meanwhile; what decides at a place sees the whole text.
"""

import importlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from operator import attrgetter, itemgetter
from pathlib import Path

import msgspec

from sampan.contract.labels import RESTRICTED_KINDS, Finding, Kind
from sampan.contract.ports import Recogniser
from sampan.understand.encoded import ENCODED, spans
from sampan.understand.failures import why
from sampan.understand.normalise import Normal, normalise
from sampan.understand.patterns import Engine, Pattern, Places, keep
from sampan.understand.recognisers import ALL, PATTERNS_VERSION, built_in
from sampan.understand.recognisers.user_terms import UserTerms

_BY_START = attrgetter("start")
_BY_OWNER = itemgetter(1)
_MANY = 200
"""Places from which on one recogniser is done after the other: then its patterns stay in the processor's caches."""
_CLOSENESS = {Kind.LOOKALIKE: 0, **dict.fromkeys(RESTRICTED_KINDS, 2)}
_DEPTH = 2
"""How often something decoded may itself be encoded."""


class Report(msgspec.Struct, frozen=True):
    """What detection of one text gave.

    findings: sorted, not overlapping. ran: name -> version. failed: recognisers that raised -> why.
    unread: media types of `data:` URLs that hold something that is not text.
    """

    findings: list[Finding]
    ran: dict[str, str]
    failed: dict[str, str] = {}
    unread: tuple[str, ...] = ()


class _Pass:
    """What is collected on the way; `failed` and `unread` keep first appearance."""

    __slots__ = ("failed", "unread")

    def __init__(self) -> None:
        self.failed: dict[str, str] = {}
        self.unread: dict[str, None] = {}


class _Decided:
    """What the places of one text gave so far. after: for each recogniser where its last finding ends."""

    __slots__ = ("after", "encoded", "found")

    def __init__(self, recognisers: int) -> None:
        self.found: list[Finding] = []
        self.encoded = array("q")
        self.after = [0] * recognisers


class Detector:
    """Finds everything that `recognisers` know in a text. Safe to use from many threads.

    Recognisers made of `Pattern` share one pass over the text; others are called with the normalised text.
    kept: a folder where what is compiled from patterns may be kept, so that the next one is there at once.
    """

    def __init__(self, recognisers: Sequence[Recogniser], kept: Path | None = None) -> None:
        patterns = [each for each in recognisers if isinstance(each, Pattern)]
        self.others = [each for each in recognisers if not isinstance(each, Pattern)]
        self._at = [each.at for each in patterns]
        self._names = [each.name for each in patterns]
        self._encoded = len(patterns)
        self._engine = Engine([*patterns, ENCODED], kept)
        self.detectors = {each.name: each.version for each in self.others}
        if patterns:
            self.detectors["patterns"] = PATTERNS_VERSION

    @classmethod
    def default(
        cls, terms: Iterable[str] = (), extra: Sequence[Recogniser] = (), national_ids: Iterable[str] = (ALL,),
        kept: Path | None = None,
    ) -> "Detector":  # fmt: skip
        """All that finds something: patterns, and the model and rules for names, addresses and organisations.

        Nothing of the model is read before the first text. Parameters and errors are those of `patterns`.
        """
        names: list[Recogniser] = importlib.import_module("sampan.understand.names").recognisers()
        return cls.patterns(terms, [*names, *extra], national_ids, kept)

    @classmethod
    def patterns(
        cls, terms: Iterable[str] = (), extra: Sequence[Recogniser] = (), national_ids: Iterable[str] = (ALL,),
        kept: Path | None = None,
    ) -> "Detector":  # fmt: skip
        """The quick gear: built-in recognisers of what has a form, the given words (`word` or `PERSON:word`), and those of plug-ins.

        national_ids: countries whose identity numbers are looked for, as `recognisers.NATIONAL_IDS` names them.
        kept: as for `Detector`.

        Raises:
            ConfigError: nobody here knows the numbers of such a country.
        """
        given = list(terms)
        return cls([*built_in(national_ids), *([UserTerms(given)] if given else []), *extra], kept)

    def joined_by(self, other: Recogniser) -> "Detector":
        """The same detector with one recogniser more; what is expensive to make is shared."""
        joined = copy(self)
        joined.others = [*self.others, other]
        joined.detectors = {**self.detectors, other.name: other.version}
        return joined

    def detect(self, text: str) -> list[Finding]:
        """Findings in `text`, sorted, not overlapping: `text[f.start:f.end] == f.text`."""
        return self.report(text).findings

    def report(self, text: str, *, separator: str = "") -> Report:
        """Findings, and which detectors ran or failed.

        separator: `SEPARATOR` when `text` is several texts joined with it.
        """
        state = _Pass()
        findings = self._scan(text, separator, _DEPTH, state)
        failed = state.failed
        ran = without(self.detectors, failed) if failed else self.detectors
        return Report(findings, ran, failed, tuple(state.unread))

    def _scan(self, text: str, separator: str, depth: int, state: _Pass) -> list[Finding]:
        normal = normalise(text, keep=separator)
        folded = normal.text
        decided = _Decided(len(self._at))
        for places in self._engine.windows(normal.ascii):
            self._decide(folded, places, decided, state)
        found = decided.found
        for other in self.others:
            try:
                found.extend(other.find(folded))
            except Exception as error:  # noqa: BLE001 - a broken plug-in makes detection incomplete, not the request fail
                state.failed[other.name] = why(error)
        if decided.encoded and depth:
            found.extend(self._unwrapped(folded, decided.encoded, depth, state))
        if not found:
            return found
        return _placed(text, normal, merge(folded, found))

    def _decide(self, text: str, places: Places, decided: _Decided, state: _Pass) -> None:
        """Add what is at these places, in their order, and those that belong to what is encoded."""
        found: list[Finding] = []
        stretches: list[tuple[int, int, int, int]] = []
        after = decided.after
        many = len(places) > _MANY
        for place, which in sorted(places, key=_BY_OWNER) if many else places:
            if which == self._encoded:
                decided.encoded.append(place)
            elif place >= after[which]:
                try:
                    there = self._at[which](text, place)
                except Exception as error:  # noqa: BLE001 - see above
                    state.failed[self._names[which]] = why(error)
                    continue
                if there:
                    first = len(found)
                    after[which] = keep(there, found)
                    stretches.append((place, which, first, len(found)))
        if many:
            found = [each for _, _, first, last in sorted(stretches) for each in found[first:last]]
        decided.found.extend(found)

    def _unwrapped(self, text: str, places: Iterable[int], depth: int, state: _Pass) -> list[Finding]:
        """What is found only once an encoded stretch is decoded; it covers the whole stretch."""
        found = []
        for span in spans(text, places):
            if span.decoded is None:
                state.unread[span.media] = None
                continue
            for each in self._scan(span.decoded, "", depth - 1, state):
                start, end = span.covering(each.start, each.end)
                found.append(Finding(start, end, each.kind, each.score, text[start:end]))
        return found


def without(detectors: Mapping[str, str], failed: Mapping[str, str]) -> dict[str, str]:
    """Those that ran to the end."""
    return {name: version for name, version in detectors.items() if name not in failed}


def merge(text: str, found: list[Finding]) -> list[Finding]:
    """Settle overlaps: the whole union stays covered, and counts as what must be kept closest of all that is in it.

    Among equals what a checksum proves wins, then the longer, then the likelier.
    """
    if len(found) == 1:
        return found
    found.sort(key=_BY_START)
    merged: list[Finding] = [found[0]]
    for each in found[1:]:
        last = merged[-1]
        if each.start >= last.end:
            merged.append(each)
            continue
        winner = each if _rank(each) > _rank(last) else last
        end = max(last.end, each.end)
        if (winner.start, winner.end) == (last.start, end):
            merged[-1] = winner
        else:
            merged[-1] = Finding(last.start, end, winner.kind, winner.score, text[last.start : end])
    return merged


def _rank(each: Finding) -> tuple[int, bool, int, float]:
    return _CLOSENESS.get(each.kind, 1), each.score >= 1.0, each.end - each.start, each.score


def _placed(text: str, normal: Normal, found: list[Finding]) -> list[Finding]:
    if normal.text is text:
        return found
    placed = []
    for each in found:
        start, end = normal.original(each.start, each.end)
        placed.append(Finding(start, end, each.kind, each.score, text[start:end]))
    return placed
