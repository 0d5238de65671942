"""The strip above the composer: where it would run, what would be masked, and by which rule."""

from bisect import bisect_left

from sampan.contract.labels import Kind
from sampan.contract.request import Decided, Held, Json, Labelled, Refused
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
    }
    match decision:
        case Decided():
            return {**_going(decision), **spans}
        case Refused():
            return {"outcome": "refused", "reason": decision.reason, "rules": list(decision.rules),
                    "ways_on": list(decision.ways_on), **spans}  # fmt: skip
        case Held():
            allowed = sorted({each.model.name for each in decision.offer.routes})
            return {"outcome": "held", "approval": ", ".join(decision.needed), "allowed": allowed, **spans}


def _going(decision: Decided) -> Json:
    route, counts = decision.routes[0], decision.labelled.labels.counts
    masked = {kind.value: counts.get(kind, 0) for kind in sorted(route.form.masked) if counts.get(kind)}
    refused = [refusal for refusal in decision.refused if refusal.model == route.model.name]
    return {
        "outcome": "decided",
        "realm": route.model.realm.value,
        "site": route.model.site.value,
        "model": route.model.name,
        "jurisdiction": route.model.jurisdiction,
        "form": route.form.name,
        "masked": masked,
        "total": sum(masked.values()),
        "rules": sorted({rule for refusal in refused for rule in refusal.rules}),
        "reason": "; ".join(dict.fromkeys(refusal.reason for refusal in refused)),
        "why": decision.why,
        "allowed": sorted({each.model.name for each in decision.routes}),
        "elsewhere": {
            r.model: r.reason for r in decision.refused if r.model not in {a.model.name for a in decision.routes}
        },
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
