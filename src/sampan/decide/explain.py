"""A decision in full: labels, the rules in order, the forms, the models."""

from collections.abc import Sequence

import msgspec

from sampan.contract.labels import Kind
from sampan.contract.models import Model
from sampan.contract.request import Decided, Decision, Held, Refusal
from sampan.decide.forms import Carried, content_of, question_of
from sampan.decide.policy import NO_RULE, Policies
from sampan.decide.trace import Step, trace


class Weighed(msgspec.Struct, frozen=True):
    """One model in one form. form: `clear` or `masked`. rules: what refused it, some of them Sampan's own.

    steps: every rule of the policy; empty where it was not policy that refused it.
    """

    model: str
    realm: str
    site: str
    jurisdiction: str
    form: str
    masked: tuple[str, ...]
    allowed: bool
    rules: tuple[str, ...] = ()
    reason: str = ""
    steps: tuple[Step, ...] = ()


class Explanation(msgspec.Struct, frozen=True):
    """What was known, and what became of each model in each form that was asked about; routes first, best first."""

    found: dict[str, int]
    sensitivity: str
    source: str
    complete: bool
    unread: tuple[str, ...]
    policy: str
    weighed: tuple[Weighed, ...]


def explain(decision: Decision, policies: Policies, models: Sequence[Model]) -> Explanation:
    """Ask policy again about everything that the decision weighed, and keep every rule's answer."""
    labels, content = decision.labelled.labels, content_of(decision.labelled)
    named = {model.name: model for model in models}
    known = {rule.id for rule in policies.rules}
    weighed = []
    offer = decision.offer if isinstance(decision, Held) else decision
    if isinstance(offer, Decided):
        for route in offer.routes:
            allowed = not isinstance(decision, Held)
            steps = trace(policies, question_of(content, route.model, route.form.masked))
            weighed.append(_weighed(route.model, route.form.name, route.form.masked, allowed, steps))
    refused = [refusal for refusal in offer.refused if refusal.model in named]
    weighed += [_refused(refusal, named[refusal.model], content, policies, known) for refusal in refused]
    return Explanation(
        found={kind.value: count for kind, count in labels.counts.items()},
        sensitivity=labels.sensitivity.name.lower(),
        source=content.source.name.lower(),
        complete=labels.complete,
        unread=labels.unread,
        policy=policies.hash,
        weighed=tuple(weighed),
    )


def _refused(refusal: Refusal, model: Model, content: Carried, policies: Policies, known: set[str]) -> Weighed:
    masked = content.kinds - content.unmaskable if refusal.form == "masked" else frozenset()
    ours = known.isdisjoint(refusal.rules) and bool(refusal.rules) and refusal.rules[0] != NO_RULE
    steps = () if ours else trace(policies, question_of(content, model, masked))
    found = _weighed(model, refusal.form, masked, allowed=False, steps=steps)
    return msgspec.structs.replace(found, rules=refusal.rules, reason=refusal.reason)


def _weighed(
    model: Model, form: str, masked: frozenset[Kind], allowed: bool, steps: tuple[Step, ...]
) -> Weighed:  # fmt: skip
    return Weighed(
        model=model.name,
        realm=model.realm.value,
        site=model.site.value,
        jurisdiction=model.jurisdiction,
        form=form,
        masked=tuple(sorted(masked)),
        allowed=allowed,
        steps=steps,
    )
