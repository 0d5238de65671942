"""What callers are told besides the answer: facts as headers, a decision as JSON."""

import functools
import math

from sampan.contract.errors import ApprovalPending, EngineUnavailable, OverBudget, SampanError
from sampan.contract.labels import Kind
from sampan.contract.request import Decided, Decision, Held, Json, Refusal, Refused, Route
from sampan.flow.answer import Answer
from sampan.record.build import expected_part
from sampan.serve import wire

_WORTH_WAITING_S = 60.0


def answer_headers(answer: Answer, head: str) -> wire.Headers:
    """The facts of an answer, as headers."""
    request, route, decided = answer.request, answer.route, answer.decided
    counts = decided.labelled.labels.counts
    masked = ",".join(
        [f"{kind}={counts.get(kind, 0)}" for kind in sorted(route.form.masked) if kind is not Kind.LOOKALIKE]
    )
    facts = {
        **{name: value for name, value in answer.headers.items() if name not in {"request-id", "x-request-id"}},
        "x-request-id": answer.headers.get("x-request-id", request.id),
        "request-id": answer.headers.get("request-id", request.id),
        "sampan-receipt": f"{request.id}; head={head}",
        "sampan-approval": decided.approval.id if decided.approval else "",
        "sampan-as-text": ",".join(f"{kind}={count}" for kind, count in decided.labelled.labels.as_text.items()),
    }
    headers = [_header(name, value) for name, value in facts.items() if value]
    headers += _where(route, decided.refused)
    if masked:
        headers.append((b"sampan-masked", masked.encode()))
    return headers


@functools.lru_cache(1024)
def _where(route: Route, refused: tuple[Refusal, ...]) -> wire.Headers:
    """The facts that are the same for every request decided alike."""
    rules = sorted({rule for refusal in refused for rule in refusal.rules if refusal.model == route.model.name})
    facts = {
        "sampan-model": route.model.name,
        "sampan-place": f"{route.model.realm}/{route.model.site}",
        "sampan-form": route.form.name,
        "sampan-rule": ",".join(rules),
    }
    return [_header(name, value) for name, value in facts.items() if value]


def early_headers(receipt: str, approval: str = "") -> wire.Headers:
    """Headers of a stream that begins before it is known who answers: its request waits for an approval, or is on trial."""
    facts = {
        "sampan-approval": approval,
        "sampan-receipt": receipt,
        "x-request-id": receipt,
        "request-id": receipt,
    }
    return [_header(name, value) for name, value in facts.items() if value]


def error_headers(error: SampanError, head: str) -> wire.Headers:
    """Headers of an error: its receipt, the upstream's own (Retry-After), when to come back."""
    facts: dict[str, str] = dict(getattr(error, "headers", {}))
    if error.receipt:
        facts["sampan-receipt"] = f"{error.receipt}; head={head}"
        facts.setdefault("x-request-id", error.receipt)
        facts.setdefault("request-id", error.receipt)
    if isinstance(error, ApprovalPending):
        facts["sampan-approval"] = error.approval
    wait = getattr(error, "retry_after", None)
    if isinstance(error, EngineUnavailable) and not wait:
        facts["x-should-retry"] = "false"
    elif wait is not None:
        facts.setdefault("retry-after", str(max(1, math.ceil(wait))))
    if isinstance(error, OverBudget) and error.retry_after > _WORTH_WAITING_S:
        facts["x-should-retry"] = "false"  # the vendors' SDKs would try again at once, in vain
    return [_header(name, value) for name, value in facts.items()]


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    plain = value.isascii() and value.isprintable()
    safe = value if plain else "".join(c for c in value if " " <= c <= "~")
    return name.encode("latin-1"), safe.encode("latin-1")


def decision_value(decision: Decision) -> Json:
    """A decision as JSON, for `POST /sampan/decide`."""
    match decision:
        case Decided():
            return {"outcome": "decided", **_found(decision), **_decided(decision)}
        case Refused():
            return {"outcome": "refused", **_found(decision), **_refused(decision)}
        case Held():
            return {"outcome": "held", **_found(decision), **_held(decision)}


def _held(held: Held) -> Json:
    offer = _decided(held.offer)
    shown = {name: offer[name] for name in ("chosen", "refused", "unmasked", "policy")}
    return {"needed": list(held.needed), "rules": list(held.rules), "reason": held.reason, **shown}


def _found(decision: Decision) -> Json:
    labels = decision.labelled.labels
    return {
        "found": {str(kind): number for kind, number in labels.counts.items()},
        **({"as_text": labels.as_text} if labels.as_text else {}),
        "languages": list(labels.languages),
        "sensitivity": labels.sensitivity.name.lower(),
        "detectors": labels.scanned,
    }


def _decided(decided: Decided) -> Json:
    model, form = decided.routes[0].model, decided.routes[0].form
    return {
        "chosen": {"model": model.name, "realm": model.realm, "site": model.site, "form": form.name,
                   "masked": sorted(form.masked), "jurisdiction": model.jurisdiction},
        "allowed": [[route.model.name, route.form.name, sorted(route.form.masked)] for route in decided.routes],
        "refused": _refusals(decided),
        "unmasked": {str(kind): number for kind, number in decided.unmasked.items()},
        "why": decided.why,
        "policy": decided.policy,
        "route": _route(decided),
    }  # fmt: skip


def _route(decided: Decided) -> Json:
    """What the router expected, as receipts have it, and what it planned; empty where it chose nothing."""
    part = expected_part(decided)
    if part and decided.trial is not None:
        part["trial"] = {"accept_at": decided.trial.accept_at, "prior": decided.trial.prior}
    if part and decided.hedge_after_s:
        part["hedge_after_s"] = decided.hedge_after_s
    return part


def _refused(refused: Refused) -> Json:
    return {
        "code": refused.code,
        "reason": refused.reason,
        "rules": list(refused.rules),
        "refused": _refusals(refused),
        "ways_on": list(refused.ways_on),
        "policy": refused.policy,
    }


def _refusals(decision: Decided | Refused) -> list[list[object]]:
    return [[r.model, r.form, list(r.rules), r.reason] for r in decision.refused]
