"""What somebody agrees to: whose word counts, which request an approval is for, and how far it reaches."""

import hashlib
import hmac
from typing import Any

import msgspec

from sampan.contract.labels import Kind, Sensitivity, sensitivity_of
from sampan.contract.models import Model
from sampan.contract.request import PERSON, Held, Json, Principal


class Approver(msgspec.Struct, frozen=True):
    """Somebody who may answer. key: the id of the named key used; empty for the owner, who holds the token."""

    user: str
    groups: tuple[str, ...] = ()
    key: str = ""


def speaks_for(approver: Approver, needed: tuple[str, ...], asker: Principal) -> tuple[str, ...]:
    """Those of the needed whom this approver can answer for.

    The key that asked never answers for itself, and nobody answers for a group about an own request.
    """
    if approver.key and approver.key == asker.key:
        return ()
    himself = approver.user == asker.user
    return tuple(who for who in needed if (himself if who == PERSON else not himself and who in approver.groups))


def mark_of(secret: bytes, held: Held) -> bytes:
    """HMAC-SHA-256 over everything that an approval is given for: who asks what, where it would go and why it waits.

    Another word in the request, another rule or another fact about the model makes another mark.
    """
    request, route = held.labelled.request, held.offer.routes[0]
    told: list[Any] = [
        request.principal,
        request.dialect,
        request.asked,
        request.conversation,
        request.unmask,
        {name: value for name, value in request.headers.items() if name != "idempotency-key"},
        route.model,
        sorted(route.form.masked),
        held.needed,
        held.rules,
        held.offer.policy,
        held.offer.restore_arguments,
    ]
    digest = hmac.new(secret, msgspec.json.encode(told, order="sorted"), hashlib.sha256)
    digest.update(b"\0" + msgspec.json.encode(request.body, order="sorted"))
    return digest.digest()


class Reach(msgspec.Struct, frozen=True):
    """How far an approval for a conversation reaches: the same asker, place, form and rules, and no more kinds.

    kinds: everything that was found. clear: what of it travels unmasked.
    """

    asker: Principal
    conversation: str
    model: Model
    form: str
    policy: str
    needed: tuple[str, ...]
    rules: frozenset[str]
    kinds: frozenset[Kind]
    clear: frozenset[Kind]
    source: Sensitivity
    complete: bool
    unread: bool

    def covers(self, other: "Reach") -> bool:
        """Whether what was approved takes in another request."""
        return (
            (self.asker, self.conversation, self.model, self.form) == (other.asker, other.conversation, other.model, other.form)
            and (self.policy, self.needed) == (other.policy, other.needed)
            and other.rules <= self.rules
            and other.kinds <= self.kinds
            and other.clear <= self.clear
            and other.source <= self.source
            and (other.complete or not self.complete)
            and (self.unread or not other.unread)
        )  # fmt: skip


def reach_of(held: Held) -> Reach:
    """What an approval of this request for its conversation would reach."""
    request, labels, route = held.labelled.request, held.labelled.labels, held.offer.routes[0]
    kinds = (frozenset(labels.counts) | labels.unmaskable) - {Kind.LOOKALIKE}
    elsewhere = labels.sensitivity if labels.sensitivity > sensitivity_of(kinds) else Sensitivity.PUBLIC
    return Reach(
        asker=request.principal,
        conversation=request.conversation,
        model=route.model,
        form=route.form.name,
        policy=held.offer.policy,
        needed=held.needed,
        rules=frozenset(held.rules),
        kinds=kinds,
        clear=kinds - route.form.masked,
        source=max(labels.source, elsewhere),
        complete=labels.complete,
        unread=bool(labels.unread),
    )


def facts_of(held: Held) -> Json:
    """What an approver is shown: who asks, what was found, where it would go and why it waits. Never values."""
    request, labels, route = held.labelled.request, held.labelled.labels, held.offer.routes[0]
    model, asker, reach = route.model, request.principal, reach_of(held)
    return {
        "receipt": request.id,
        "asker": {"user": asker.user, "app": asker.app, "device": asker.device},
        "asked": request.asked,
        "model": model.name,
        "realm": model.realm.value,
        "site": model.site.value,
        "operator": model.operator,
        "jurisdiction": model.jurisdiction,
        "form": route.form.name,
        "masked": sorted(kind.value for kind in reach.kinds & route.form.masked),
        "clear": sorted(kind.value for kind in reach.clear),
        "found": {str(kind): number for kind, number in labels.counts.items()},
        "sensitivity": labels.sensitivity.name.lower(),
        "conversation": request.conversation,
        "needed": list(held.needed),
        "rules": list(held.rules),
        "reason": held.reason,
    }
