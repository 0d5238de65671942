"""Labels travel with content: what is made of a labelled text carries what is known about that text."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import structs

from sampan.contract.labels import Finding, Kind, Labels, Passage, Path, Piece, sensitivity_of
from sampan.contract.ports import Labeller
from sampan.contract.request import Json, Labelled, Request
from sampan.flow.verbatim import letters

_SHORTEST = 3
"""Letters or digits of a value that is looked for: a shorter one stands in many words by chance."""
_LONG = 6
"""The same of one that is known wherever its letters and digits follow one another."""
_TAIL = re.compile(r"\W+\Z")
_SHORTEST_HAN = 2
"""The same of one in Chinese characters: many names have no more."""


class Carrying:
    """Implements `contract.ports.Labeller` around another one, for requests that were made of an earlier one.

    What was found in the earlier one is found here too, wherever it stands, whatever the detectors make of it now. The
    classification of its source, and that it was read only in part, hold on.
    """

    def __init__(self, inner: Labeller, earlier: Labelled) -> None:
        self._inner, self._earlier = inner, earlier
        found = {each.text: each.kind for passage in earlier.passages for each in passage.findings}
        plain = {text: (letters(text)[0], kind) for text, kind in found.items()}
        self._values = {text: known for text, known in plain.items() if _long_enough(known[0])}

    def is_slow(self, request: Request) -> bool:
        """As the inner one's."""
        return self._inner.is_slow(request)

    def label(self, request: Request) -> Labelled:
        """Label, and add what is known from before. For requests whose messages are plain strings."""
        labelled = self._inner.label(request)
        passages = tuple(self._with_known(passage) for passage in _every(labelled))
        return structs.replace(labelled, passages=passages, labels=self._labels(labelled.labels, passages))

    def _with_known(self, passage: Passage) -> Passage:
        more = [
            finding
            for finding in self._known_in(passage.text)
            if not any(each.start < finding.end and finding.start < each.end for each in passage.findings)
        ]
        if not more:
            return passage
        findings = sorted((*passage.findings, *_apart(more)), key=lambda each: each.start)
        return structs.replace(passage, findings=tuple(findings))

    def _known_in(self, text: str) -> Iterator[Finding]:
        """Known values, the longest first, in whatever spelling."""
        plain, places = letters(text)
        for value, (wanted, kind) in sorted(self._values.items(), key=lambda each: -len(each[0])):
            at = plain.find(wanted)
            while at >= 0:
                start, end = _span(text, value, places[at], places[at + len(wanted) - 1] + 1)
                if _is_it(text, start, end, value, wanted):
                    yield Finding(start, end, kind, 1.0, text[start:end])
                at = plain.find(wanted, at + 1)

    def _labels(self, labels: Labels, passages: tuple[Passage, ...]) -> Labels:
        before = self._earlier.labels
        counts = dict(labels.counts)
        for kind, number in _counts(passages).items():
            counts[kind] = max(number, counts.get(kind, 0))
        source = max(labels.source, before.source)
        return structs.replace(
            labels,
            counts=counts,
            source=source,
            sensitivity=max(labels.sensitivity, sensitivity_of(frozenset(counts)), source),
            complete=labels.complete and before.complete,
            unread=(*labels.unread, *before.unread),
        )


def _is_han(plain: str) -> bool:
    return all("\u3400" <= sign <= "\u9fff" for sign in plain)


def _long_enough(plain: str) -> bool:
    return len(plain) >= (_SHORTEST_HAN if _is_han(plain) else _SHORTEST)


def _span(text: str, value: str, start: int, end: int) -> tuple[int, int]:
    """Where a value stands, with the signs that it ends in: `(3)`."""
    tail = _TAIL.search(value)
    return start, end + len(tail[0]) if tail and text.startswith(tail[0], end) else end


def _is_it(text: str, start: int, end: int, value: str, plain: str) -> bool:
    """Whether it is this value: spelled otherwise, a short one has to stand alone."""
    if text[start:end].lower() == value.lower() or len(plain) >= _LONG or _is_han(plain):
        return True
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _every(labelled: Labelled) -> tuple[Passage, ...]:
    """The passages, and the one text of the request where nothing was found in it: labellers leave that out."""
    body = labelled.request.body
    places = [("prompt",), ("input",), *(("messages", at, "content") for at in range(len(body.get("messages") or ())))]
    there = {piece.path for passage in labelled.passages for piece in passage.pieces}
    more = [
        Passage(text, (Piece(path, 0, len(text)),))
        for path in places
        if path not in there and isinstance(text := _at(body, path), str) and text
    ]
    return (*labelled.passages, *more)


def _at(body: Json, path: Path) -> object:
    value: Any = body
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _apart(findings: list[Finding]) -> list[Finding]:
    """Those that do not overlap an earlier one."""
    kept: list[Finding] = []
    for each in findings:
        if not any(one.start < each.end and each.start < one.end for one in kept):
            kept.append(each)
    return kept


def _counts(passages: tuple[Passage, ...]) -> dict[Kind, int]:
    counts: dict[Kind, int] = {}
    for passage in passages:
        for each in passage.findings:
            if each.kind is not Kind.LOOKALIKE:
                counts[each.kind] = counts.get(each.kind, 0) + 1
    return counts
