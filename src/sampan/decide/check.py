"""Cases beside policies: what somebody expects of the rules, run before the rules are accepted."""

import tomllib
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind, Sensitivity, sensitivity_of
from sampan.contract.models import Model, Realm, Site, Wire
from sampan.contract.reach import Collection, Origin, Peer, Tool
from sampan.contract.request import Form
from sampan.decide.forms import Carried, Forms
from sampan.decide.policy import Policies
from sampan.decide.question import UNKNOWN, Asker, Question, Resource, Travelling, missing_of
from sampan.decide.vocabulary import Action
from sampan.wording import worded

Classification = Literal["public", "internal", "confidential", "restricted"]


class To(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a case goes to: a model, or for the other actions a tool, a collection or a device."""

    name: str = "somewhere"
    realm: Realm = Realm.PUBLIC
    site: Site = Site.CLOUD
    jurisdiction: str = UNKNOWN
    operator: str = UNKNOWN
    retention: str = UNKNOWN
    trains_on_data: str = UNKNOWN
    changes: str = UNKNOWN
    paired: str = UNKNOWN
    classification: Classification = "restricted"

    def model(self) -> Model:
        """As a deployment."""
        said = self.trains_on_data
        return Model(
            trains_on_data=said, retention=self.retention, operator=self.operator, wire=(Wire.FAKE,), **self._place()
        )

    def resource(self, action: Action) -> Resource:
        """As what this action is asked about."""
        match action:
            case Action.CALL_TOOL:
                return Tool(operator=self.operator, changes=self.changes, **self._place())
            case Action.RETRIEVE | Action.REMEMBER:
                return Collection(classification=Sensitivity[self.classification.upper()], **self._place())
            case Action.SYNC:
                return Peer(self.name, self.paired)
            case _:
                return self.model()

    def _place(self) -> dict[str, Any]:
        return {"name": self.name, "realm": self.realm, "site": self.site, "jurisdiction": self.jurisdiction}


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks in a case."""

    user: str = "somebody"
    app: str = UNKNOWN
    device: str = UNKNOWN
    groups: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[case]]`. expect: for infer and embed a form, `held` or `refused`, else `permitted` or `refused`.

    kinds: found in the content (for unmask: called false; for restore_arguments: masked; for tools, memory and
    other devices: in the clear).
    missing: detectors that failed; any makes it incomplete. over_budget: budgets that are spent.
    masks: when given, exactly these are masked. rules: when given, these refused it on the way.
    """

    name: str
    expect: Literal["clear", "masked", "refused", "permitted", "held"]
    action: Action = Action.INFER
    kinds: frozenset[Kind] = frozenset()
    unmaskable: frozenset[Kind] = frozenset()
    to: To = To()
    by: By = By()
    masks: frozenset[Kind] | None = None
    rules: frozenset[str] | None = None
    source: Classification = "public"
    origins: frozenset[Origin] = frozenset({Origin.UNKNOWN})
    complete: bool = True
    missing: frozenset[str] = frozenset()
    over_budget: frozenset[str] = frozenset()
    unread: bool = False


class _Cases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    case: tuple[Case, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What policy said to a case, and whether that was expected."""

    case: Case
    got: str
    masks: frozenset[Kind]
    rules: frozenset[str]

    @property
    def passed(self) -> bool:
        """Whether everything the case states holds."""
        case = self.case
        return (
            self.got == case.expect
            and (case.masks is None or case.masks == self.masks)
            and (case.rules is None or case.rules == self.rules)
        )

    def __str__(self) -> str:
        """What differs, in one line."""
        told = [worded(f"expected {self.case.expect}, got {self.got}")]
        if self.case.masks is not None and self.case.masks != self.masks:
            told.append(f"masks {_list(self.masks)}")
        if self.case.rules is not None and self.case.rules != self.rules:
            told.append(f"rules {_list(self.rules)}")
        return f"{self.case.name!r}: " + ", ".join(told)


def parse_cases(name: str, text: str) -> tuple[Case, ...]:
    """The cases of a TOML file called `name`.

    Raises:
        ConfigError: something in it is wrong; the message gives the line, or the path to the value.
    """
    try:
        return msgspec.convert(tomllib.loads(text), _Cases).case
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{name}: {error}") from error


def run_cases(policies: Policies, cases: Sequence[Case]) -> list[Outcome]:
    """Ask policy about each case."""
    forms = Forms(policies)
    return [_run(policies, forms, case) for case in cases]


def _run(policies: Policies, forms: Forms, case: Case) -> Outcome:
    asker = Asker(case.by.user, case.by.app, case.by.device, case.by.groups)
    if case.action is Action.UNMASK:
        verdicts = [policies.ask(Question(Action.UNMASK, asker, kind)) for kind in sorted(case.kinds)]
        rules = frozenset(rule for verdict in verdicts for rule in verdict.rules)
        return Outcome(case, _permitted(all(verdict.allowed for verdict in verdicts)), frozenset(), rules)
    if case.action not in {Action.INFER, Action.EMBED, Action.RESTORE_ARGUMENTS}:
        verdict = policies.ask(Question(case.action, asker, case.to.resource(case.action), _travelling(case)))
        return Outcome(case, _permitted(verdict.allowed), frozenset(), frozenset(verdict.rules))
    content, model = _content(case, asker), case.to.model()
    if case.action is Action.RESTORE_ARGUMENTS:
        allowed = forms.may_restore_arguments(content, model, Form(case.kinds))
        return Outcome(case, _permitted(allowed), frozenset(), frozenset())
    answer = forms.answer(content, model)
    rules = frozenset(rule for refusal in answer.refused for rule in refusal.rules)
    if answer.form is None and answer.after is not None:
        return Outcome(case, "held", answer.after.form.masked, rules)
    masks = answer.form.masked if answer.form else frozenset()
    return Outcome(case, answer.form.name if answer.form else "refused", masks, rules)


def _content(case: Case, asker: Asker) -> Carried:
    return Carried(
        action=case.action,
        asker=asker,
        asked="auto",
        kinds=case.kinds | case.unmaskable,
        unmaskable=case.unmaskable,
        source=Sensitivity[case.source.upper()],
        complete=case.complete and not case.missing,
        missing=case.missing,
        over_budget=case.over_budget,
        unread=case.unread,
    )


def _travelling(case: Case) -> Travelling:
    source = Sensitivity[case.source.upper()]
    return Travelling(
        clear=case.kinds,
        sensitivity=max(sensitivity_of(case.kinds), source),
        source=source,
        complete=case.complete and not case.missing,
        missing=missing_of(case.missing, complete=case.complete),
        over_budget=case.over_budget,
        unread=case.unread,
        origins=case.origins,
    )


def _permitted(allowed: bool) -> str:
    return "permitted" if allowed else "refused"


def _list(names: frozenset[Kind] | frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
