"""What a receipt says of a decision and of an answer: kinds, counts, names and rules, never values."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from sampan.contract.answer import Usage
from sampan.contract.labels import Kind
from sampan.contract.models import Model
from sampan.contract.receipt import Crossing, Outcome, Shadow, Spent, Tried
from sampan.contract.request import Approval, Decided, Decision, Held, Principal, Refused, Route
from sampan.record.sign import time_text

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_AUTO = re.compile(r"auto(:[a-z]{1,16})?\Z")
UNKNOWN = "unknown"
_HELD = {
    "waiting": "waits for an approval",
    "refused": "the approval was refused",
    "timed_out": "nobody approved it in time",
    "withdrawn": "withdrawn while it waited for an approval",
    "stopped": "Sampan stopped while it waited for an approval",
}


def who(principal: Principal) -> dict[str, Any]:
    """Who asked; `key` is the id of the named key, where one was used."""
    known = {"user": principal.user, "app": principal.app, "device": principal.device}
    return {**known, "key": principal.key} if principal.key else known


def safe_code(error: str) -> str:
    """An error code as it is; any other text could hold a value and becomes `internal_error`."""
    return error if not error or _CODE.match(error) else "internal_error"


def safe_asked(asked: str) -> str:
    """A virtual model's name as it is. Any other text is the caller's own until a decision knows the model."""
    return asked if _AUTO.match(asked) else UNKNOWN


def nothing_decided(asked: str) -> dict[str, Any]:
    """The decided part of a receipt while there is no decision."""
    policy = {"set": "", "asked": safe_asked(asked), "allowed": [], "refused": [], "chosen": [], "why": ""}
    return {"found": {}, "detectors": {"complete": False}, "sensitivity": UNKNOWN, "policy": policy, "unmasked": {}}


def decided_part(decision: Decision) -> dict[str, Any]:
    """The decided part of a receipt: `found, languages, detectors, sensitivity, policy, unmasked`; `route`, `as_text` where it was."""
    labels = decision.labelled.labels
    route = expected_part(decision) if isinstance(decision, Decided) else {}
    part = {
        **({"route": route} if route else {}),
        **({"as_text": labels.as_text} if labels.as_text else {}),
        "found": counts(labels.counts),
        "languages": list(labels.languages),
        "detectors": labels.scanned,
        "sensitivity": labels.sensitivity.name.lower(),
        "policy": _policy(decision),
        "unmasked": counts(decision.unmasked) if isinstance(decision, Decided) else {},
    }
    asked = _asked_about(decision)
    return {**part, "approval": approval_part(asked)} if asked is not None else part


def _asked_about(decision: Decision) -> Approval | None:
    if isinstance(decision, Held):
        return decision.became
    return decision.approval if isinstance(decision, Decided) else None


def approval_part(approval: Approval) -> dict[str, Any]:
    """Who agreed or did not, when, how far that goes and how long the request waited."""
    part: dict[str, Any] = {
        "id": approval.id,
        "needed": list(approval.needed),
        "outcome": approval.outcome,
        "by": approval.by,
        "at": time_text(approval.at) if approval.at else "",
        "scope": approval.scope,
        "waited_ms": plain(round(approval.waited_ms, 3)),
    }
    return {name: value for name, value in part.items() if value or name in {"id", "needed", "outcome"}}


def expected_part(decided: Decided) -> dict[str, Any]:
    """What the router took the prompt for, and what it expected of each model: `[quality, lower bound, outcomes]`."""
    prompt = decided.prompt
    if prompt is None:
        return {}
    expected = {
        name: [plain(round(one.quality, 4)), plain(round(one.low, 4)), one.labels]
        for name, one in decided.estimates.items()
    }
    domains = [[name, plain(round(weight, 4))] for name, weight in prompt.domains]
    asked = {"domains": domains, "difficulty": prompt.difficulty, "language": prompt.language}
    return {"prompt": asked, "expected": expected}


def _policy(decision: Decision) -> dict[str, Any]:
    asked = decision.labelled.request.asked
    if isinstance(decision, Held):
        return _held(decision, asked)
    refused = [[r.model, r.form, list(r.rules)] for r in decision.refused]
    common = {"set": decision.policy, "refused": refused}
    if isinstance(decision, Refused):
        named = asked if any(r.model == asked for r in decision.refused) else safe_asked(asked)
        why = decision.reason if named != UNKNOWN else decision.code  # the reason may quote what was asked for
        return {**common, "asked": named, "allowed": [], "chosen": [], "why": why, "rules": list(decision.rules)}
    allowed = [[route.model.name, route.form.name] for route in decision.routes]
    return {**common, "asked": asked, "allowed": allowed, "chosen": allowed[0] if allowed else [], "why": decision.why}


def _held(held: Held, asked: str) -> dict[str, Any]:
    refused = [[r.model, r.form, list(r.rules)] for r in held.offer.refused]
    outcome = held.became.outcome if held.became else "waiting"
    return {"set": held.offer.policy, "asked": asked, "allowed": [], "refused": refused, "chosen": [],
            "why": _HELD.get(outcome, outcome), "rules": list(held.rules)}  # fmt: skip


def counts(numbers: Mapping[str, int] | Mapping[Kind, int]) -> dict[str, int]:
    """Kinds and counts with plain text keys."""
    return {str(kind): number for kind, number in numbers.items()}


def crossing_part(crossing: Crossing) -> dict[str, Any]:
    """A crossing as it stands in a receipt."""
    part: dict[str, Any] = msgspec.to_builtins(crossing)
    if crossing.error:
        part["error"] = safe_code(crossing.error)
    return part


def outcome_part(outcome: Outcome) -> dict[str, Any]:
    """The last part of a receipt: `crossings, tokens, cost_usd, ms, end, restored, error`."""
    return {
        "crossings": [crossing_part(crossing) for crossing in outcome.crossings],
        "tokens": tokens(together(outcome.spent)),
        "cost_usd": cost(outcome.spent),
        "ms": {name: plain(number) for name, number in outcome.ms.items()},
        "end": outcome.end,
        "restored": counts(outcome.restored),
        "error": safe_code(outcome.error),
    }


def route_part(outcome: Outcome) -> dict[str, Any]:
    """What joins `route` at the end: how a trial went, and who worked together."""
    part: dict[str, Any] = {}
    if outcome.trial is not None:
        part["trial"] = trial_part(outcome.trial)
    if outcome.joint is not None:
        part["together"] = {"way": outcome.joint.way, "steps": list(outcome.joint.steps)}
    if outcome.shadow is not None:
        told = {name: plain(round(score, 4)) for name, score in _scores(outcome.shadow) if score is not None}
        part["shadow"] = {"of": outcome.shadow.of, "given_by": outcome.shadow.given_by, **told}
    return part


def _scores(shadow: Shadow) -> tuple[tuple[str, float | None], ...]:
    return (("given", shadow.given), ("here", shadow.here))


def trial_part(tried: Tried) -> dict[str, Any]:
    """How a trial went; `score` where there was an answer to look at, `error` where there was none."""
    part: dict[str, Any] = {
        "model": tried.model,
        "verdict": tried.verdict,
        "accept_at": plain(round(tried.accept_at, 4)),
        "checks": {safe_code(check): plain(round(weight, 3)) for check, weight in tried.checks.items()},
        "ms": plain(round(tried.ms, 3)),
        "tokens": tried.tokens,
    }
    if tried.score is not None:
        part["score"] = plain(round(tried.score, 4))
    if tried.error:
        part["error"] = safe_code(tried.error)
    return part


def answering(routes: tuple[Route, ...], outcome: Outcome) -> Model | None:
    """The model that answered, or would have: the last one tried, the first one allowed."""
    if outcome.answered is not None:
        return outcome.answered
    if outcome.spent:
        return outcome.spent[-1].model
    return routes[0].model if routes else None


def together(spent: tuple[Spent, ...]) -> Usage:
    """The tokens of every model that was tried."""
    if len(spent) == 1:
        return spent[0].usage
    usages = [each.usage for each in spent]
    return Usage(
        input=sum(usage.input for usage in usages),
        output=sum(usage.output for usage in usages),
        cached=sum(usage.cached for usage in usages),
        estimated=any(usage.estimated for usage in usages),
    )


def cost(spent: tuple[Spent, ...]) -> float:
    """US dollars: each model's tokens at its own price per million."""
    dollars = sum(
        each.usage.input * each.model.price.input + each.usage.output * each.model.price.output for each in spent
    )
    return plain(round(dollars / 1_000_000, 9))


def plain(number: float) -> float:
    """The number, as an integer where it is whole: canonical JSON writes it so, and the quick way to it needs it so."""
    return int(number) if float(number).is_integer() else number


def tokens(usage: Usage) -> dict[str, int]:
    """`in`, `out`; `cached` where the provider said so; `estimated` 1 where it said nothing and they were counted here."""
    told = {"in": usage.input, "out": usage.output}
    more = {"cached": usage.cached, "estimated": int(usage.estimated)}
    return {**told, **{name: number for name, number in more.items() if number}}
