"""What a draft of the rules would have changed: past requests, decided again under both.

Receipts hold kinds and counts, who asked and for what. They do not hold texts, sizes, tools, or what could not be read or
masked; so a request is decided again under the rules in force too, and only what differs between the two is a change.
"""

from collections.abc import Iterable, Mapping

import msgspec

from sampan.contract.errors import SampanError
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.contract.models import Realm
from sampan.contract.ports import Decider
from sampan.contract.request import Decided, Dialect, Held, Json, Labelled, Principal, Request
from sampan.wording import worded

_LEVELS = {level.name.lower(): level for level in Sensitivity}
_NOW = {"refused": worded("now refused"), "held": worded("now need an approval"), "goes": worded("now allowed")}
_NOW_IN = {
    Realm.PERSONAL: worded("now stay on the device"),
    Realm.ENTERPRISE: worded("now stay inside the organisation"),
    Realm.PUBLIC: worded("now leave"),
}


class Became(msgspec.Struct, frozen=True):
    """How a request is decided. state: `goes`, `held` or `refused`; the rest is of the model it goes to."""

    state: str
    model: str = ""
    realm: str = ""
    masked: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """One request that the draft decides differently; what: in a few words."""

    receipt: str
    at: str
    asked: str
    found: dict[str, int]
    what: str
    before: Became
    after: Became


class Replay(msgspec.Struct, frozen=True):
    """What became of all of them.

    skipped: receipts that cannot be decided again -> why. unlike: receipts that the rules in force decide otherwise than
    was recorded, since rules, models or what receipts do not hold have changed.
    """

    total: int
    same: int
    changes: tuple[Change, ...]
    skipped: dict[str, str] = {}
    unlike: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`41 requests: 38 same, 2 now stay on the device, 1 now refused`."""
        counts: dict[str, int] = {}
        for change in self.changes:
            counts[change.what] = counts.get(change.what, 0) + 1
        told = [worded(f"{self.same} same"), *(f"{count} {what}" for what, count in counts.items())]
        told += [worded(f"{len(self.skipped)} cannot be replayed")] if self.skipped else []
        return worded(f"{self.total} requests: {', '.join(told)}")


def replay(
    receipts: Iterable[Json], now: Decider, draft: Decider, groups: Mapping[str, tuple[str, ...]] = {}
) -> Replay:  # fmt: skip
    """Decide each receipt's request under the rules in force and under the draft.

    Args:
        receipts: as `contract.receipt.Receipt`, newest first.
        now: decides under the rules in force.
        draft: decides under the draft, with the same models and settings.
        groups: id of a named key -> the groups that it carries now.
    """
    total, changes, skipped, unlike = 0, [], {}, []
    for receipt in receipts:
        total += 1
        name = str(receipt.get("id"))
        try:
            labelled = labelled_of(receipt, groups)
            before, after = _became(now, labelled), _became(draft, labelled)
        except SampanError as error:
            skipped[name] = error.message
            continue
        if not _as_recorded(receipt, before):
            unlike.append(name)
        if (what := _what(before, after)) is not None:
            asked = labelled.request.asked
            changes.append(Change(name, str(receipt.get("at")), asked, dict(receipt["found"]), what, before, after))
    return Replay(total, total - len(changes) - len(skipped), tuple(changes), skipped, tuple(unlike))


def labelled_of(receipt: Json, groups: Mapping[str, tuple[str, ...]] = {}) -> Labelled:
    """The request of a receipt, as far as the receipt holds it.

    Raises:
        SampanError: it is a tombstone, or nothing was decided in it.
    """
    policy, who = receipt.get("policy"), receipt.get("who", {})
    if not policy or receipt.get("sensitivity") not in _LEVELS:
        raise SampanError("nothing was decided in it")
    if policy["asked"] == "unknown":
        raise SampanError("it does not say what was asked for")
    key = str(who.get("key", ""))
    principal = Principal(
        str(who.get("user", "")), str(who.get("app", "")), str(who.get("device", "")), groups.get(key, ()), key
    )
    asked, detectors = str(policy["asked"]), dict(receipt.get("detectors", {}))
    failed, complete = detectors.pop("failed", {}), bool(detectors.pop("complete", False))
    found = {Kind(kind): int(count) for kind, count in receipt.get("found", {}).items() if kind in set(Kind)}
    labels = Labels(found, _LEVELS[receipt["sensitivity"]], detectors, complete=complete, failed=failed)
    body: Json = {"model": asked, "messages": []}
    dialect = Dialect(receipt.get("dialect", Dialect.CHAT.value))
    return Labelled(
        Request(str(receipt["id"]), dialect, body, principal, asked, stream=False, received=0.0), (), labels
    )


def _became(decider: Decider, labelled: Labelled) -> Became:
    decision = decider.decide(labelled)
    if isinstance(decision, Decided):
        route = decision.routes[0]
        return Became("goes", route.model.name, route.model.realm.value, tuple(sorted(route.form.masked)))
    state = "held" if isinstance(decision, Held) else "refused"
    return Became(state, rules=decision.rules)


def _as_recorded(receipt: Json, before: Became) -> bool:
    chosen = receipt["policy"].get("chosen") or []
    if not chosen:
        return before.state != "goes"
    return bool(before.model == chosen[0] and bool(before.masked) == (chosen[1] == "masked"))


def _what(before: Became, after: Became) -> str | None:
    """The change in a few words; None where there is none. Other rules for the same refusal are none."""
    if after.state != before.state:
        return _NOW[after.state]
    if after.state != "goes" or (before.model, before.masked) == (after.model, after.masked):
        return None
    if after.realm != before.realm:
        return _NOW_IN[Realm(after.realm)]
    if before.masked == after.masked:
        return worded("now go to another model")
    more = set(after.masked) > set(before.masked)
    return worded("now masked more") if more else worded("now masked less or otherwise")
