"""In which form one model may have a request: clear, masked as little as must be, or not at all."""

from collections.abc import Callable

import msgspec

from sampan.contract.labels import Kind, Labels, Sensitivity, sensitivity_of
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Form, Labelled, Refusal
from sampan.decide.cache import Cache
from sampan.decide.policy import Policies, Verdict
from sampan.decide.question import Asker, Question, Travelling, missing_of
from sampan.decide.route import Wish
from sampan.decide.vocabulary import Action

_KEPT = 8192
# Least sensitive first, then in the contract's order: what may be un-masked is tried in this order.
UNMASK_ORDER = tuple(sorted(Kind, key=lambda kind: sensitivity_of(frozenset({kind}))))


class Carried(msgspec.Struct, frozen=True):
    """Everything about a request that its form depends on. Look-alikes are not a policy matter.

    in_files: of the unmaskable kinds those that a file holds. missing: detectors that were needed and failed.
    over_budget: budgets that have no room for it.
    """

    action: Action
    asker: Asker
    asked: str
    kinds: frozenset[Kind]
    unmaskable: frozenset[Kind]
    source: Sensitivity
    complete: bool
    unread: bool
    in_files: frozenset[Kind] = frozenset()
    missing: frozenset[str] = frozenset()
    over_budget: frozenset[str] = frozenset()


def content_of(labelled: Labelled) -> Carried:
    """What a request carries: embeddings are an action of their own, and no name asked for means `auto`."""
    request = labelled.request
    action = Action.EMBED if request.dialect is Dialect.EMBEDDINGS else Action.INFER
    return carried(labelled.labels, action, Asker.of(request.principal), request.asked or Wish.AUTO.value)


def carried(labels: Labels, action: Action, asker: Asker, asked: str) -> Carried:
    """Read the facts from labels.

    A sensitivity above what the kinds explain comes from elsewhere: it is treated as the source's.
    """
    kinds = frozenset(labels.counts)
    if Kind.LOOKALIKE in kinds:
        kinds -= {Kind.LOOKALIKE}
    elsewhere = labels.sensitivity if labels.sensitivity > sensitivity_of(kinds) else Sensitivity.PUBLIC
    return Carried(
        action=action,
        asker=asker,
        asked=asked,
        kinds=kinds | labels.unmaskable,
        unmaskable=labels.unmaskable,
        source=max(labels.source, elsewhere),
        complete=labels.complete,
        unread=bool(labels.unread),
        missing=frozenset(labels.failed),
        in_files=labels.unmaskable & frozenset().union(*labels.files.values()),
    )


class After(msgspec.Struct, frozen=True):
    """The form in which a model may have a request once everybody who is needed agrees."""

    form: Form
    needed: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str


def question_of(content: Carried, model: Model, masked: frozenset[Kind]) -> Question:
    """What is asked of policy for one form."""
    clear = content.kinds - masked
    travelling = Travelling(
        clear=clear,
        masked=masked,
        sensitivity=max(sensitivity_of(clear), content.source),
        source=content.source,
        complete=content.complete,
        missing=missing_of(content.missing, complete=content.complete),
        over_budget=content.over_budget,
        unread=content.unread,
        asked=content.asked,
    )
    return Question(content.action, content.asker, model, travelling)


class FormAnswer(msgspec.Struct, frozen=True):
    """The form in which a model may have a request (None: in none), and the refusals on the way there.

    after: when there is no form without an approval, the one with.
    """

    form: Form | None
    refused: tuple[Refusal, ...]
    after: After | None = None


class Forms:
    """Finds forms under one set of policies, and remembers them."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._answers: Cache[tuple[Carried, Model], FormAnswer] = Cache(_KEPT)

    def answer(self, content: Carried, model: Model) -> FormAnswer:
        """Ask clear, then with everything maskable masked, then un-mask kind by kind while still allowed."""
        key = (content, model)
        return self._answers.get(key) or self._answers.put(key, self._find(content, model))

    def may_restore_arguments(self, content: Carried, model: Model, form: Form) -> bool:
        """Whether values may come back inside the arguments of this model's tool calls."""
        travelling = Travelling(masked=form.masked)
        return self._policies.ask(Question(Action.RESTORE_ARGUMENTS, content.asker, model, travelling)).allowed

    def may_shadow(self, content: Carried, model: Model, form: Form) -> bool:
        """Whether this model may be asked too, in this form, only to compare its answer with the one that was given."""
        asked = msgspec.structs.replace(content, action=Action.SHADOW)
        return self._policies.ask(question_of(asked, model, form.masked)).allowed

    def _find(self, content: Carried, model: Model) -> FormAnswer:
        clear = self._ask(content, model, frozenset())
        if clear.allowed:
            return FormAnswer(Form(), ())
        refusals: tuple[Refusal, ...] = (_refusal(model, "clear", clear),)
        masked = content.kinds - content.unmaskable
        if not masked:
            return FormAnswer(None, refusals, _after(clear, Form()))
        verdict = self._ask(content, model, masked)
        if verdict.allowed:
            return FormAnswer(Form(self._least(content, model, masked, _allowed)), refusals)
        refusals = (*refusals, _refusal(model, "masked", verdict))
        if not verdict.needed:
            return FormAnswer(None, refusals, _after(clear, Form()))

        def no_worse(other: Verdict) -> bool:
            """No more rules have to be lifted than with everything masked."""
            return bool(other.needed) and set(other.rules) <= set(verdict.rules)

        least = frozenset() if no_worse(clear) else self._least(content, model, masked, no_worse)
        return FormAnswer(None, refusals, _after(self._ask(content, model, least), Form(least)))

    def _least(
        self, content: Carried, model: Model, masked: frozenset[Kind], good: Callable[[Verdict], bool]
    ) -> frozenset[Kind]:  # fmt: skip
        for kind in UNMASK_ORDER:
            fewer = masked - {kind}
            if kind in masked and fewer and good(self._ask(content, model, fewer)):
                masked = fewer
        return masked

    def _ask(self, content: Carried, model: Model, masked: frozenset[Kind]) -> Verdict:
        return self._policies.ask(question_of(content, model, masked))


def _allowed(verdict: Verdict) -> bool:
    return verdict.allowed


def _after(verdict: Verdict, form: Form) -> After | None:
    return After(form, verdict.needed, verdict.rules, verdict.reason) if verdict.needed else None


def _refusal(model: Model, form: str, verdict: Verdict) -> Refusal:
    return Refusal(model.name, form, verdict.rules, verdict.reason)
