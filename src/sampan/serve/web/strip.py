"""The strip above the composer: where it would run, what would be masked, and by which rule."""

from bisect import bisect_left

from sampan.contract.labels import Kind
from sampan.contract.request import Decided, Held, Json, Labelled, Refused, Route
from sampan.flow.preview import Preview

SHOWN = 60
"""How many findings the preview shows; the counts beside it are of all."""


def strip_of(seen: Preview, text: str) -> Json:
    """The facts of the strip: `{outcome, realm, model, masked, rules, spans, …}`.

    spans: findings in the newest message, `{start, end, kind, text, stand_in}`; offsets in UTF-16 units, as scripts count.
    """
    decision, labels = seen.decision, seen.decision.labelled.labels
    spans = {
        "spans": _spans(decision.labelled, text, seen.stand_ins),
        "files": {name: sorted(kind.value for kind in kinds) for name, kinds in labels.files.items()},
        "unread": list(labels.unread),
        "as_text": labels.as_text,
    }
    match decision:
        case Decided():
            return {**_going(decision), **spans}
        case Refused():
            return {"outcome": "refused", "reason": decision.reason, "rules": list(decision.rules),
                    "ways_on": list(decision.ways_on), **spans}  # fmt: skip
        case Held():
            allowed = sorted({each.model.name for each in decision.offer.routes})
            return {
                "outcome": "held",
                "approval": ", ".join(decision.needed),
                "reason": decision.reason,
                "allowed": allowed,
                **spans,
            }


def told_of(decided: Decided, route: Route) -> Json:
    """What is told of a route, before and beside an answer: where it leads, in which form, by which rules."""
    counts = decided.labelled.labels.counts
    return {
        "realm": route.model.realm.value,
        "site": route.model.site.value,
        "model": route.model.name,
        "jurisdiction": route.model.jurisdiction,
        "form": route.form.name,
        "masked": {kind.value: counts[kind] for kind in sorted(route.form.masked) if counts.get(kind)},
        "rules": sorted({rule for each in decided.refused if each.model == route.model.name for rule in each.rules}),
        "why": decided.why,
        "as_text": decided.labelled.labels.as_text,
    }


def _going(decided: Decided) -> Json:
    told, allowed = told_of(decided, decided.routes[0]), {each.model.name for each in decided.routes}
    return {
        "outcome": "decided",
        **told,
        "total": sum(told["masked"].values()),
        "allowed": sorted(allowed),
        "elsewhere": {each.model: each.reason for each in decided.refused if each.model not in allowed},
    }


def _spans(labelled: Labelled, text: str, stand_ins: dict[str, str]) -> list[Json]:
    """The first findings in the last message's own text."""
    last = len(labelled.request.body.get("messages") or ()) - 1
    wide = [at for at, sign in enumerate(text) if sign > "\uffff"] if not text.isascii() else []
    spans: list[Json] = []
    for passage in labelled.passages:
        if passage.text != text or not passage.pieces or passage.pieces[0].path[:2] != ("messages", last):
            continue
        found = sorted(
            (each for each in passage.findings if each.kind is not Kind.LOOKALIKE),
            key=lambda each: (each.start, each.end),
        )
        spans += [
            {
                "start": finding.start + bisect_left(wide, finding.start),
                "end": finding.end + bisect_left(wide, finding.end),
                "kind": finding.kind.value,
                "text": finding.text,
                "stand_in": stand_ins.get(finding.text, ""),
            }
            for finding in found[:SHOWN]
        ]
    return spans
