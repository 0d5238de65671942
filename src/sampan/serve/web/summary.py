"""Many receipts in few numbers: how much stayed, how much went where, in which form."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sampan.contract.labels import CONFIDENTIAL_KINDS, RESTRICTED_KINDS, Kind
from sampan.contract.request import Json

REALMS = ("personal", "enterprise", "public")
NOTHING = "nothing"
REFUSED = "refused"
INTERRUPTED = "interrupted"
"""Sampan ended in the middle: what had left by then is not known, and no place is claimed."""
_KINDS = frozenset(Kind)
_ORDER = [*sorted(RESTRICTED_KINDS), *sorted(CONFIDENTIAL_KINDS)]


class Lane(msgspec.Struct):
    """One place: requests, bytes that went there and came back, values that were masked on the way."""

    count: int = 0
    bytes_out: int = 0
    bytes_in: int = 0
    masked: int = 0


class Summary(msgspec.Struct):
    """lanes: realm -> what went there. flows: (source, label, place, model) -> requests."""

    lanes: dict[str, Lane]
    flows: Counter[tuple[str, str, str, str]]
    total: int = 0
    refused: int = 0
    cost_usd: float = 0.0

    @property
    def left(self) -> int:
        """Requests of which anything left the device."""
        return self.lanes["enterprise"].count + self.lanes["public"].count


def summed(receipts: Iterable[Json]) -> Summary:
    """Add up receipts; tombstones and breaks count nothing."""
    made = Summary({realm: Lane() for realm in REALMS}, Counter())
    for receipt in receipts:
        if "type" in receipt:
            continue
        made.total += 1
        made.cost_usd += float(receipt.get("cost_usd") or 0)
        place, model = where(receipt)
        made.flows[_app(receipt), main_label(receipt), place, model] += 1
        if place == REFUSED:
            made.refused += 1
        for realm in {place, *(crossing["to"] for crossing in receipt["crossings"])} & made.lanes.keys():
            made.lanes[realm].count += 1
        for crossing in receipt["crossings"]:
            lane = made.lanes[crossing["to"]]
            lane.bytes_out += crossing["bytes_out"]
            lane.bytes_in += crossing["bytes_in"]
            lane.masked += sum(crossing["masked"].values())
    return made


def where(receipt: Mapping[str, Any]) -> tuple[str, str]:
    """Place and model that answered or were tried last; (`refused`, ``) when nothing ran, `interrupted` when nobody knows."""
    crossings = receipt["crossings"]
    if crossings:
        return crossings[-1]["to"], crossings[-1]["model"]
    chosen = receipt["policy"].get("chosen") or []
    if receipt["end"] == INTERRUPTED and chosen:
        return INTERRUPTED, chosen[0]
    # what was chosen may be far away, and never have been reached
    ran = receipt["end"] == "complete" or any(receipt["tokens"].get(way) for way in ("in", "out"))
    return ("personal", chosen[0]) if chosen and ran else (REFUSED, "")


def masked_in(receipt: Mapping[str, Any]) -> dict[str, int]:
    """Kind -> values that were masked in what left last."""
    crossings = receipt["crossings"]
    return dict(crossings[-1]["masked"]) if crossings else {}


def rules_in(receipt: Mapping[str, Any]) -> list[str]:
    """The rules that had a say about the chosen model, or about all when nothing ran."""
    policy = receipt["policy"]
    model = (policy.get("chosen") or [""])[0]
    told = {rule for name, _, rules in policy.get("refused", []) if not model or name == model for rule in rules}
    return sorted(told | set(policy.get("rules", [])))


def main_label(receipt: Mapping[str, Any]) -> str:
    """The most sensitive kind that was found; `nothing` without any."""
    found = {kind for kind, count in receipt["found"].items() if count}
    return next((kind.value for kind in _ORDER if kind in found), min(found, default=NOTHING))


def matches(receipt: Json, wanted: Mapping[str, str]) -> bool:
    """Whether a receipt passes the filters `place`, `model`, `kind`, `rule` and `app`; empty ones let all through."""
    place, model = where(receipt)
    has = {
        "place": {place},
        "model": {model},
        "kind": {kind for kind, count in receipt["found"].items() if count},
        "rule": set(rules_in(receipt)),
        "app": {_app(receipt)},
    }
    return all(not wanted.get(name) or wanted[name] in values for name, values in has.items())


def choices(receipts: Sequence[Json]) -> dict[str, list[str]]:
    """What each filter may be set to, among these receipts."""
    found: dict[str, set[str]] = {"place": set(), "model": set(), "kind": set(), "rule": set(), "app": set()}
    for receipt in receipts:
        place, model = where(receipt)
        found["place"].add(place)
        found["model"].add(model)
        found["kind"] |= _KINDS.intersection(receipt["found"])
        found["rule"] |= set(rules_in(receipt))
        found["app"].add(_app(receipt))
    return {name: sorted(values - {""}) for name, values in found.items()}


def _app(receipt: Mapping[str, Any]) -> str:
    return str(receipt["who"].get("app") or "unknown")
