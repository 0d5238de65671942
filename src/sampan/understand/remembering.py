"""Labels with what a person said of earlier findings: dismissed texts, and words that are always found."""

import threading
from collections.abc import Callable

import msgspec

from sampan.contract.labels import Kind
from sampan.contract.ports import Labeller
from sampan.contract.request import Dismissed, Labelled, Request
from sampan.contract.storage import Opinion, Opinions
from sampan.understand.detector import Detector
from sampan.understand.recognisers.user_terms import UserTerms

_KEPT = 64
"""Persons whose labeller is kept ready."""


class Remembering:
    """Implements `contract.ports.Labeller` around another one, which `make` makes for a detector.

    A dismissal is a statement like `sampan_unmask`, made once: policy decides whether it counts, and it is counted in the
    receipt. A word that is always found is found by its owner's requests only.
    """

    def __init__(self, detector: Detector, make: Callable[[Detector], Labeller], opinions: Opinions) -> None:
        self._detector, self._make, self._opinions = detector, make, opinions
        self._plain = make(detector)
        self._own: dict[str, tuple[tuple[Opinion, ...], Labeller]] = {}
        self._lock = threading.Lock()

    def label(self, request: Request) -> Labelled:
        """Scan every key, string and number of the body. Never raises for content."""
        opinions = self._opinions.of(request.principal.user)
        if not opinions:
            return self._plain.label(request)
        labelled = self._labeller(request.principal.user, opinions).label(request)
        gone = _dismissed(labelled, opinions)
        if not gone:
            return labelled
        asked = msgspec.structs.replace(labelled.request, unmask=(*labelled.request.unmask, *gone))
        return msgspec.structs.replace(labelled, request=asked)

    def is_slow(self, request: Request) -> bool:
        """Whether labelling waits for something else than the processor."""
        return self._plain.is_slow(request)

    def _labeller(self, user: str, opinions: tuple[Opinion, ...]) -> Labeller:
        kept = self._own.get(user)
        if kept is not None and kept[0] is opinions:
            return kept[1]
        terms = always(opinions)
        labeller = self._make(self._detector.joined_by(UserTerms(terms))) if terms else self._plain
        with self._lock:
            if len(self._own) >= _KEPT:
                self._own.pop(next(iter(self._own)))
            self._own[user] = (opinions, labeller)
        return labeller


def always(opinions: tuple[Opinion, ...]) -> list[str]:
    """What is always found, as word lists write it."""
    return [f"{one.kind or Kind.USER_TERM.value}:{one.text}" for one in opinions if one.verdict == "always"]


def dismissed(opinions: tuple[Opinion, ...]) -> frozenset[str]:
    """The texts of which somebody said that they are no finding."""
    return frozenset(one.text for one in opinions if one.verdict == "dismissed")


def _dismissed(labelled: Labelled, opinions: tuple[Opinion, ...]) -> tuple[Dismissed, ...]:
    """What was found although its owner said that it is none; the caller's own statements come first."""
    texts = dismissed(opinions)
    found = {each.text for passage in labelled.passages for each in passage.findings}
    said = {one.text for one in labelled.request.unmask}
    return tuple(Dismissed(text, "dismissed earlier") for text in sorted(texts & found - said))
