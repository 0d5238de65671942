"""Everything that one action may be asked about: finite facts as variables, and back to a question.

Names (of users, models, places, …) are without end. What a policy can tell apart are those it writes down and all the
rest, so each such fact ranges over the written ones and one more that nobody wrote: `OTHER`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sampan.contract.labels import Kind, Sensitivity, sensitivity_of
from sampan.contract.models import Model, Realm, Site, Wire
from sampan.contract.reach import Collection, Origin, Peer, Tool
from sampan.decide.proof.solver import Solver
from sampan.decide.question import Asker, Question, Resource, Travelling
from sampan.decide.vocabulary import ENUMERATED, Action

OTHER = "(another)"
"""A name that nobody wrote; `named` makes sure of it."""
PLACE = {"realm": tuple(Realm), "site": tuple(Site)}
_CLAIMS = ENUMERATED["Claim"][::-1]
_LEVELS = tuple(Sensitivity)
OPEN = frozenset({"user", "application", "device", "asked", "resource", "jurisdiction", "operator", "retention"})
"""Facts that range over names."""
FACTS: dict[str, tuple[str, ...]] = {
    "Model": ("realm", "site", "jurisdiction", "operator", "retention", "trains_on_data"),
    "Tool": ("realm", "site", "jurisdiction", "operator", "changes"),
    "Collection": ("realm", "site", "jurisdiction", "classification"),
    "Device": ("paired",),
    "Kind": (),
}
RESOURCES = {
    Action.INFER: "Model", Action.EMBED: "Model", Action.RESTORE_ARGUMENTS: "Model", Action.CALL_TOOL: "Tool",
    Action.RETRIEVE: "Collection", Action.REMEMBER: "Collection", Action.SYNC: "Device", Action.UNMASK: "Kind",
    Action.SHADOW: "Model",
}  # fmt: skip
TRAVELLING = frozenset({Action.INFER, Action.EMBED, Action.CALL_TOOL, Action.REMEMBER, Action.SYNC, Action.SHADOW})


class Names(msgspec.Struct, frozen=True):
    """What texts write down: entity type -> ids; strings are under `""`."""

    ids: dict[str, tuple[str, ...]]

    def of(self, *kinds: str) -> tuple[str, ...]:
        """`OTHER` and every id of these types."""
        return tuple(dict.fromkeys((OTHER, *(name for kind in kinds for name in self.ids.get(kind, ())))))


class Situation(msgspec.Struct, frozen=True):
    """One request as policy sees it. facts: of the resource, besides its name."""

    action: Action
    user: str = OTHER
    groups: tuple[str, ...] = ()
    application: str = OTHER
    device: str = OTHER
    resource: str = OTHER
    facts: dict[str, Any] = {}
    clear: tuple[Kind, ...] = ()
    masked: tuple[Kind, ...] = ()
    origins: tuple[Origin, ...] = ()
    missing: tuple[str, ...] = ()
    over_budget: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    source: Sensitivity = Sensitivity.PUBLIC
    asked: str = "auto"
    complete: bool = True
    unread: bool = False

    def __str__(self) -> str:
        """In one line."""
        who = [self.user, *(f"of {name}" for name in self.groups)]
        facts = ", ".join(f"{name} {_said(value)}" for name, value in self.facts.items() if _said(value) != OTHER)
        told = [f"`{self.action}` by {' '.join(who)} to {self.resource}" + (f" ({facts})" if facts else "")]
        for name, kinds in (("in the clear", self.clear), ("masked", self.masked), ("from", self.origins)):
            told += [f"{name} {', '.join(kinds)}"] if kinds else []
        if self.action in TRAVELLING:
            told += [f"source {_said(self.source)}"] if self.source else []
            told += [f"without {', '.join(self.missing)}"] if self.missing else []
            told += [f"over the budget {', '.join(self.over_budget)}"] if self.over_budget else []
            told += ["not completely scanned"] if not self.complete else []
            told += ["with a part that could not be read"] if self.unread else []
        return ", ".join(told)

    def question(self) -> Question:
        """As it is put to policy."""
        travelling = Travelling(
            clear=frozenset(self.clear),
            masked=frozenset(self.masked),
            sensitivity=self.sensitivity,
            source=self.source,
            complete=self.complete,
            unread=self.unread,
            asked=self.asked,
            origins=frozenset(self.origins),
            missing=frozenset(self.missing),
            over_budget=frozenset(self.over_budget),
        )
        asker = Asker(self.user, self.application, self.device, self.groups)
        return Question(self.action, asker, self._resource(), travelling)

    def _resource(self) -> Resource:
        name, facts = self.resource, self.facts
        match RESOURCES[self.action]:
            case "Kind":
                return Kind(name) if name in set(Kind) else Kind.ORG
            case "Tool":
                return Tool(name, **facts)
            case "Collection":
                return Collection(name, **facts)
            case "Device":
                return Peer(name, **facts)
            case _:
                return Model(name, **({"realm": Realm.PUBLIC} | facts), wire=(Wire.FAKE,))


def _said(value: Any) -> str:
    return value.name.lower() if isinstance(value, Sensitivity) else str(value)


class Universe:
    """The variables of one action.

    choices: fact -> value -> literal; exactly one value of each holds. kinds: `clear` or `masked` -> kind -> literal.
    """

    def __init__(self, action: Action, names: Names, solver: Solver) -> None:
        self.action, self.kind = action, RESOURCES[action]
        self._solver = solver
        self.choices: dict[str, dict[Any, int]] = {}
        self.groups = {name: solver.new() for name in names.of("Group")[1:]}
        self.members: dict[str, dict[Any, int]] = {}
        texts = names.of("")
        self._choose("user", names.of("User"))
        self._choose("application", names.of("Application"))
        self._choose("device", names.of("Device"))
        self._resource(names, texts)
        if action in TRAVELLING:
            self._travelling(texts)
        elif action is Action.RESTORE_ARGUMENTS:
            self.members["masked"] = {kind: solver.new() for kind in Kind}

    def situation(self) -> Situation:
        """What the solver's model says."""
        held = {fact: self._held(values) for fact, values in self.choices.items()}
        facts = {fact: held.pop(fact) for fact in FACTS[self.kind]}
        sets: dict[str, Any] = {name: self._those(found) for name, found in self.members.items()}
        groups = self._those(self.groups)
        return Situation(self.action, groups=groups, facts=facts, **held, **sets)

    def _those(self, members: Mapping[Any, int]) -> tuple[Any, ...]:
        return tuple(each for each, literal in members.items() if self._solver.holds(literal))

    def _held(self, values: Mapping[Any, int]) -> Any:
        return next(value for value, literal in values.items() if self._solver.holds(literal))

    def _choose(self, fact: str, values: Iterable[Any]) -> None:
        chosen = {value: self._solver.new(first=at == 0) for at, value in enumerate(values)}
        literals = list(chosen.values())
        self._solver.add(literals)
        for at, one in enumerate(literals):
            for other in literals[:at]:
                self._solver.add((-one, -other))
        self.choices[fact] = chosen

    def _resource(self, names: Names, texts: tuple[str, ...]) -> None:
        own = tuple(Kind) if self.kind == "Kind" else dict.fromkeys((*names.of(self.kind), *texts))
        self._choose("resource", own)
        for fact in FACTS[self.kind]:
            match fact:
                case "realm" | "site":
                    self._choose(fact, reversed(PLACE[fact]))
                case "jurisdiction":
                    self._choose(fact, names.of("Jurisdiction"))
                case "operator" | "retention":
                    self._choose(fact, texts)
                case "classification":
                    self._choose(fact, _LEVELS)
                case _:
                    self._choose(fact, _CLAIMS)

    def _travelling(self, texts: tuple[str, ...]) -> None:
        solver = self._solver
        self.members["clear"] = {kind: solver.new() for kind in Kind}
        self.members["masked"] = {kind: solver.new() for kind in Kind}
        self.members["missing"] = {name: solver.new() for name in texts}
        self.members["over_budget"] = {name: solver.new() for name in texts}
        self.members["origins"] = {origin: solver.new() for origin in Origin}
        for kind in Kind:
            solver.add((-self.members["clear"][kind], -self.members["masked"][kind]))
        self._choose("asked", texts)
        self._choose("complete", (True, False))
        solver.add((self.choices["complete"][True], *self.members["missing"].values()))
        self._choose("unread", (False, True))
        self._choose("source", _LEVELS)
        self._choose("sensitivity", _LEVELS)
        self._derive_sensitivity()

    def _derive_sensitivity(self) -> None:
        """As `Forms` does: the most sensitive of what travels in the clear, and of the source."""
        solver, source, level = self._solver, self.choices["source"], self.choices["sensitivity"]
        for at in _LEVELS[1:]:
            above = [literal for each, literal in level.items() if each >= at]
            if at <= sensitivity_of(frozenset()):
                solver.add(above)
                continue
            causes = [literal for each, literal in source.items() if each >= at]
            causes += [self.members["clear"][kind] for kind in Kind if sensitivity_of(frozenset({kind})) >= at]
            for literal in causes:
                solver.add((-literal, *above))
            for literal in above:
                solver.add((-literal, *causes))
