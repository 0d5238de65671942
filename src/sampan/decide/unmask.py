"""A caller says that a finding is a false one: done where policy permits, counted, never silent."""

from collections import Counter

import msgspec

from sampan.contract.labels import Finding, Kind, Labels, Passage, sensitivity_of
from sampan.contract.request import Dismissed, Labelled
from sampan.decide.policy import Policies
from sampan.decide.question import Asker, Question
from sampan.decide.vocabulary import Action
from sampan.wording import worded


class Unmasked(msgspec.Struct, frozen=True):
    """The request without the findings that were called false, and how many of each kind those were."""

    labelled: Labelled
    counts: dict[Kind, int]


class NotUnmasked(msgspec.Struct, frozen=True):
    """Policy does not let these kinds be called false."""

    rules: tuple[str, ...]
    reason: str
    ways_on: tuple[str, ...]


def unmask(labelled: Labelled, policies: Policies, asker: Asker) -> Unmasked | NotUnmasked:
    """Drop each finding whose text the caller listed, if policy permits it for every kind concerned.

    A listed text that nothing found is ignored, and a remembered one that policy does not let count stays masked.
    A statement without a reason does not count as one.
    """
    reasons = {one.text: one.reason.strip() for one in labelled.request.unmask}
    remembered = {one.text for one in labelled.request.unmask if isinstance(one, Dismissed)}
    listed = [found for passage in labelled.passages for found in passage.findings if _concerns(found, reasons)]
    if any(not reasons[found.text] for found in listed):
        return NotUnmasked(
            (), worded("`sampan_unmask` needs a reason for each text."), (worded("give a reason with each text"),)
        )
    kinds = sorted({found.kind for found in listed})
    denied = {
        kind: verdict for kind in kinds if not (verdict := policies.ask(Question(Action.UNMASK, asker, kind))).allowed
    }
    for found in listed:
        if found.kind in denied and found.text in remembered:
            reasons.pop(found.text, None)
    denied = {
        kind: denied[kind] for kind in denied if any(found.kind is kind and found.text in reasons for found in listed)
    }
    if denied:
        rules = tuple(dict.fromkeys(rule for verdict in denied.values() for rule in verdict.rules))
        told = "; ".join(dict.fromkeys(verdict.reason for verdict in denied.values()))
        names = ", ".join(denied)
        ways = (worded(f"leave {names} out of `sampan_unmask`: it goes masked where that is allowed"),)
        return NotUnmasked(rules, worded(f"{names} may not be un-masked: {told}."), ways)
    return Unmasked(_without(labelled, reasons), dict(Counter(found.kind for found in listed if found.text in reasons)))


def _concerns(found: Finding, reasons: dict[str, str]) -> bool:
    return found.kind is not Kind.LOOKALIKE and found.text in reasons


def _without(labelled: Labelled, reasons: dict[str, str]) -> Labelled:
    passages = tuple(_cleaned(passage, reasons) for passage in labelled.passages)
    counts: Counter[Kind] = Counter(
        found.kind for passage in passages for found in passage.findings if found.kind is not Kind.LOOKALIKE
    )
    return msgspec.structs.replace(labelled, passages=passages, labels=_relabelled(labelled.labels, counts))


def _cleaned(passage: Passage, reasons: dict[str, str]) -> Passage:
    kept = tuple(found for found in passage.findings if not _concerns(found, reasons))
    return passage if len(kept) == len(passage.findings) else msgspec.structs.replace(passage, findings=kept)


def _relabelled(labels: Labels, counts: Counter[Kind]) -> Labels:
    """Sensitivity falls with the kinds only where it came from the kinds."""
    derived = labels.sensitivity == max(sensitivity_of(frozenset(labels.counts)), labels.source)
    now = max(sensitivity_of(frozenset(counts)), labels.source) if derived else labels.sensitivity
    left = frozenset(counts)
    files = {kind: inside & left for kind, inside in labels.files.items() if inside & left}
    return msgspec.structs.replace(
        labels, counts=dict(counts), sensitivity=now, unmaskable=labels.unmaskable & left, files=files
    )
