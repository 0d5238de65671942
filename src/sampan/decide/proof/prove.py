"""Prove or refute properties, and find rules that do nothing."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.reach import Origin
from sampan.decide.policy import Policies, Rule
from sampan.decide.proof.encode import Encoded, Encoder, template_of
from sampan.decide.proof.properties import LEVELS, Among, Condition, Not, Property, listed, mentioned, spread
from sampan.decide.proof.reading import names_in
from sampan.decide.proof.universe import RESOURCES, Names, Situation
from sampan.decide.source import Layer
from sampan.decide.vocabulary import Action
from sampan.wording import worded

MEANT = "everything"
"""The annotation of a permit that is meant to have no condition."""
Outcome = Literal["proven", "fails", "not proven"]
LIFTED = frozenset({Action.INFER, Action.EMBED})
"""Actions on which an approval lifts a rule: what is never to be must not be after an approval either."""
_FACT_OF = {"app": "application", "model": "resource", "tool": "resource", "collection": "resource", "kind": "resource"}
_TYPE_OF = {"user": "User", "group": "Group", "app": "Application", "device": "Device", "model": "Model", "tool": "Tool",
            "collection": "Collection", "jurisdiction": "Jurisdiction", "operator": "", "retention": "", "asked": ""}  # fmt: skip
_ONLY_FOR = {"model": "Model", "tool": "Tool", "collection": "Collection", "kind": "Kind"}


class Proof(msgspec.Struct, frozen=True):
    """What became of a property. example: a request that breaks it. why: in one sentence, unless it is proven."""

    name: str
    name_zh: str
    outcome: Outcome
    why: str = ""
    example: Situation | None = None

    def __str__(self) -> str:
        """In one line."""
        told = ", ".join(part for part in (str(self.example) if self.example is not None else "", self.why) if part)
        return f"{self.name!r}: {self.outcome}" + (f": {told}" if told else "")


class Remark(msgspec.Struct, frozen=True):
    """Something that a reader of the rules should know."""

    file: str
    line: int
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line: problem; hint`."""
        return f"{self.file}:{self.line}: {self.problem}" + (f"; {self.hint}" if self.hint else "")


class Prover:
    """Asks about one set of policies. Each action is encoded once, when it is first asked about."""

    def __init__(self, policies: Policies, properties: Sequence[Property] = ()) -> None:
        self._policies = policies
        self._properties = properties
        self._names = _names(policies.rules, properties)
        self._books: dict[Action, _Book] = {}

    def prove(self) -> list[Proof]:
        """Every property, in order."""
        return [self._proof(one) for one in self._properties]

    def _proof(self, wanted: Property) -> Proof:
        if not self._policies.layers:
            return Proof(wanted.name, wanted.name_zh or wanted.name, "not proven", "no policy is in force")
        found = [self._about(wanted, action) for action in wanted.action]
        worst = {"fails": 0, "not proven": 1, "proven": 2}
        return min(found, key=lambda proof: worst[proof.outcome])

    def _about(self, wanted: Property, action: Action) -> Proof:
        outcome, why, example = self._answer(wanted, action)
        return Proof(wanted.name, wanted.name_zh or wanted.name, outcome, why, example)

    def _answer(self, wanted: Property, action: Action) -> tuple[Outcome, str, Situation | None]:
        book = self._book(action)
        try:
            fits = book.condition(wanted.condition)
        except LookupError as error:
            return "fails", f"`{action}` has no `{error.args[0]}`: name the actions it is for", None
        if book.solve(fits) is False:
            return "fails", "no request fits its condition, so it says nothing", None
        breaks = -book.allowed if wanted.never is None else book.allowed if wanted.unless_approved else book.reachable
        match book.solve((*fits, breaks)):
            case False:
                return "proven", "", None
            case None:
                return "not proven", "too many combinations to walk", None
        example = book.least((*fits, breaks))
        if (why := self._broken(wanted, example, action)) is not None:
            return "fails", why, example
        unwalked = "; ".join(f"{one.rule.id} {one.unwalkable}" for one in book.unwalkable)
        return "not proven", f"cannot be walked: {unwalked or 'the walk and Cedar differ'}", None

    def _broken(self, wanted: Property, example: Situation, action: Action) -> str | None:
        """How Cedar too says that the example breaks the property; None when it does not."""
        verdict = self._policies.ask(example.question())
        if wanted.never is None:
            return None if verdict.allowed else ""
        if verdict.needed and action in LIFTED and not wanted.unless_approved:
            return f"once it is approved by {', '.join(verdict.needed)}"
        return "" if verdict.allowed else None

    def remarks(self) -> list[Remark]:
        """Rules that can never match, layers that permit nothing, permits without any condition."""
        books = [self._book(action) for action in Action]
        found: list[Remark] = []
        for rule in self._policies.rules:
            found.extend(_on_rule(rule, books))
        for layer in self._policies.layers:
            if all(book.solve((book.layers[layer],)) is False for book in books):
                first = next((rule for rule in self._policies.rules if rule.layer is layer), None)
                file, line = (first.file, first.line) if first else (f"{layer} policy", 1)
                found.append(Remark(file, line, f"the {layer} policy permits nothing at all", "add a permit"))
        return found

    def open_doors(self) -> list[Remark]:
        """Permits without any condition on sending: no ceiling holds such a one unless it says that it is meant."""
        books = [self._book(Action.INFER), self._book(Action.EMBED)]
        return [remark for rule in self._policies.rules for remark in _open(rule, books)]

    def _book(self, action: Action) -> "_Book":
        if action not in self._books:
            self._books[action] = _Book(self._policies, action, self._names)
        return self._books[action]


def prove(policies: Policies, properties: Sequence[Property]) -> list[Proof]:
    """What becomes of each property under these policies."""
    return Prover(policies, properties).prove()


class _Book:
    """All rules of all layers for one action. reachable: what is allowed, now or after an approval."""

    def __init__(self, policies: Policies, action: Action, names: Names) -> None:
        self._encoder = Encoder(action, names)
        self.action = action
        self.rules: dict[tuple[Layer, str], Encoded] = {}
        for rule in policies.rules:
            self.rules[rule.layer, rule.id] = self._encoder.rule(rule)
        self.unwalkable = [one for one in self.rules.values() if one.unwalkable]
        self.layers = {layer: self._layer(layer) for layer in policies.layers}
        self.allowed = self._encoder.all_of(self.layers.values())
        self.reachable = self.allowed
        if action in LIFTED and any(rule.approval for rule in policies.rules):
            self.reachable = self._encoder.all_of(self._layer(layer, after_approval=True) for layer in policies.layers)

    def _layer(self, layer: Layer, *, after_approval: bool = False) -> int:
        mine = [
            one for one in self.rules.values() if one.rule.layer is layer and not (after_approval and one.rule.approval)
        ]
        permits = self._encoder.any_of(one.literal for one in mine if one.rule.effect == "permit")
        forbids = self._encoder.any_of(one.literal for one in mine if one.rule.effect == "forbid")
        return self._encoder.all_of((permits, -forbids))

    def solve(self, assumed: Iterable[int]) -> bool | None:
        """As `Solver.solve`."""
        return self._encoder.solver.solve(tuple(assumed))

    def least(self, assumed: tuple[int, ...]) -> Situation:
        """The request that `solve` found, without what it does not need."""
        universe, solver = self._encoder.universe, self._encoder.solver
        optional = [literal for found in universe.members.values() for literal in found.values()]
        for literal in (*universe.groups.values(), *optional):
            if not solver.holds(literal) or solver.solve((*assumed, -literal)):
                assumed = (*assumed, -literal)
        return universe.situation()

    def condition(self, condition: Condition) -> tuple[int, ...]:
        """The literals that hold for the requests that are meant; empty when there can be none.

        Raises:
            LookupError: a fact that this action is not told.
        """
        found: list[int] = []
        for name, value in condition.stated():
            if name in {"clear", "masked", "found", "origins", "missing"}:
                found.extend(self._overlap(name, spread(value)))
            elif name == "form":
                masked = self._encoder.any_of(self._members("masked").values())
                found.append(masked if value == "masked" else -masked)
            else:
                found.append(self._named(name, value))
        return tuple(found) or (self._encoder.true,)

    def _named(self, name: str, value: Any) -> int:
        kind = RESOURCES[self.action]
        if _ONLY_FOR.get(name, kind) != kind:
            raise LookupError(name)
        if isinstance(value, bool):
            return self._choices(name)[value]
        if name == "group":
            literals = [self._encoder.universe.groups[each] for each in listed(value)]
        else:
            known = self._choices("resource" if name == "device" and kind == "Device" else _FACT_OF.get(name, name))
            words = [Sensitivity[each.upper()] if name in LEVELS else each for each in listed(value)]
            literals = [known[each] for each in words if each in known]
        any_of = self._encoder.any_of(literals)
        return -any_of if isinstance(value, Not) else any_of

    def _choices(self, name: str) -> dict[Any, int]:
        return self._encoder.universe.choices[name]

    def _overlap(self, name: str, among: Among) -> list[int]:
        encoder, members = self._encoder, self._members(name)
        word = {"origins": Origin, "missing": str}.get(name, Kind)
        found = [encoder.any_of(members[word(each)] for each in among.any)] if among.any is not None else []
        found += [members[word(each)] for each in among.all]
        found += [-members[word(each)] for each in among.none]
        if among.only is not None:
            kept = set(map(word, among.only))
            found += [-literal for each, literal in members.items() if each not in kept]
        return found

    def _members(self, name: str) -> dict[Any, int]:
        members = self._encoder.universe.members
        if name != "found":
            return members[name]
        clear = members.get("clear", {})
        masked = members["masked"]
        return {kind: self._encoder.any_of([each[kind] for each in (clear, masked) if each]) for kind in Kind}


def _names(rules: Iterable[Rule], properties: Iterable[Property]) -> Names:
    more: dict[str, set[str]] = {}
    for wanted in properties:
        for name, value in wanted.condition.stated():
            if name == "missing":
                more.setdefault("", set()).update(mentioned(spread(value)))
            if name in _TYPE_OF:
                more.setdefault(_TYPE_OF[name], set()).update(listed(value))
    return names_in(tuple(template_of(rule) for rule in rules), more)


def _on_rule(rule: Rule, books: Sequence[_Book]) -> list[Remark]:
    mine = [(book, book.rules[rule.layer, rule.id].literal) for book in books]
    if all(book.solve((literal,)) is False for book, literal in mine):
        return [
            Remark(rule.file, rule.line, f"rule `{rule.id}` can never match", "its conditions contradict each other")
        ]
    if rule.effect != "permit":
        return []
    if all(book.solve((literal, book.layers[rule.layer])) is False for book, literal in mine):
        told = worded(f"permit `{rule.id}` never comes to count: where it matches, a forbid does too")
        return [Remark(rule.file, rule.line, told)]
    return _open(rule, [book for book in books if book.action in {Action.INFER, Action.EMBED}])


def _open(rule: Rule, books: Sequence[_Book]) -> list[Remark]:
    if rule.effect != "permit" or MEANT in template_of(rule).annotations:
        return []
    mine = [(book, book.rules[rule.layer, rule.id].literal) for book in books]
    if not any(book.solve((-literal,)) is False for book, literal in mine):
        return []
    told = worded(f"permit `{rule.id}` has no condition: it permits whatever no forbid names")
    return [Remark(rule.file, rule.line, told, f'say to whom and where, or write `@{MEANT}("why")` if this is meant')]
