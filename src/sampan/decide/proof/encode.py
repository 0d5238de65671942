"""Policies as clauses. What a condition's parts say is asked of Cedar; only and, or, not and if are ours."""

import functools
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

import cedarpy
import msgspec
from cedarpy import pst

from sampan.decide.policy import Rule
from sampan.decide.proof.reading import Reads, Unwalkable, reads_of
from sampan.decide.proof.solver import Solver
from sampan.decide.proof.universe import FACTS, Names, Situation, Universe
from sampan.decide.question import Question, people_of, request_of, thing_of
from sampan.decide.vocabulary import SCHEMA, Action

_MOST_ROWS = 4096
_SET_WORDS = frozenset({"contains", "contains_all", "contains_any", "eq", "not_eq"})
_ANY = pst.ScopeAny()
_NEEDLESS = re.compile(r"\(((?:context|resource)\.\w+)\)")


class Encoded(msgspec.Struct, frozen=True):
    """A rule's literal: it holds where the rule matches. unwalkable: why the literal is free instead; else empty."""

    rule: Rule
    literal: int
    unwalkable: str = ""


class Encoder:
    """Turns expressions into literals for one action."""

    def __init__(self, action: Action, names: Names) -> None:
        self.solver = Solver()
        self.true = self.solver.new(first=True)
        self.solver.add((self.true,))
        self.universe = Universe(action, names, self.solver)
        self._leaves: dict[pst.Expr, int] = {}
        self._gates: dict[tuple[int, ...], int] = {}

    def rule(self, rule: Rule) -> Encoded:
        """A rule as a literal."""
        template = template_of(rule)
        try:
            parts = self._until_false(conditions_of(template))
        except Unwalkable as error:
            return Encoded(rule, self.solver.new(), str(error))
        return Encoded(rule, self.all_of(parts))

    def _until_false(self, conditions: Iterable[pst.Expr]) -> list[int]:
        parts: list[int] = []
        for condition in conditions:
            parts.append(self._expression(condition))
            if parts[-1] == -self.true:
                break
        return parts

    def any_of(self, literals: Iterable[int]) -> int:
        """A literal that holds where one of these does."""
        return -self.all_of([-literal for literal in literals])

    def all_of(self, literals: Iterable[int]) -> int:
        """A literal that holds where all of these do."""
        wanted = tuple(sorted({literal for literal in literals if literal != self.true}))
        if any(-literal in wanted for literal in wanted) or -self.true in wanted:
            return -self.true
        if len(wanted) < 2:
            return wanted[0] if wanted else self.true
        if wanted not in self._gates:
            gate = self._gates[wanted] = self.solver.new()
            for literal in wanted:
                self.solver.add((-gate, literal))
            self.solver.add((gate, *(-literal for literal in wanted)))
        return self._gates[wanted]

    def _expression(self, expression: pst.Expr) -> int:
        match expression:
            case pst.BoolLit(value):
                return self.true if value else -self.true
            case pst.UnaryOp("not", inner):
                return -self._expression(inner)
            case pst.BinaryOp("and", left, right):
                first = self._expression(left)
                return first if first == -self.true else self.all_of((first, self._expression(right)))
            case pst.BinaryOp("or", left, right):
                first = self._expression(left)
                return first if first == self.true else self.any_of((first, self._expression(right)))
            case pst.IfThenElse(test, then, otherwise):
                return self._either(self._expression(test), then, otherwise)
        if expression not in self._leaves:
            self._leaves[expression] = self._leaf(expression)
        return self._leaves[expression]

    def _either(self, test: int, then: pst.Expr, otherwise: pst.Expr) -> int:
        if abs(test) == self.true:
            return self._expression(then if test > 0 else otherwise)
        yes, no = self._expression(then), self._expression(otherwise)
        return self.any_of((self.all_of((test, yes)), self.all_of((-test, no))))

    def _leaf(self, leaf: pst.Expr) -> int:
        reads = reads_of(leaf)
        rows = self._set_rows(leaf, reads) if reads.sets else self._fact_rows(reads)
        asked = Leaf(leaf)
        answers = [(when, asked.holds(situation.question())) for when, situation in rows]
        if all(answer for _, answer in answers):
            return self.true
        if not any(answer for _, answer in answers):
            return -self.true
        literal = self.solver.new()
        for when, answer in answers:
            self.solver.add((*(-each for each in when), literal if answer else -literal))
        return literal

    def _fact_rows(self, reads: Reads) -> list[tuple[tuple[int, ...], Situation]]:
        """Every combination of the facts that a leaf reads."""
        universe = self.universe
        unknown = reads.facts - set(universe.choices)
        if unknown:
            raise Unwalkable(f"reads {', '.join(sorted(unknown))}")
        facts, groups = sorted(reads.facts), sorted(reads.groups)
        domains = [list(universe.choices[fact].items()) for fact in facts]
        domains += [[(True, universe.groups[name]), (False, -universe.groups[name])] for name in groups]
        count = 1
        for domain in domains:
            count *= len(domain)
        if count > _MOST_ROWS:
            raise Unwalkable(f"reads too many facts at once: {count:,} combinations")
        rows = []
        for chosen in itertools.product(*domains):
            values = {fact: value for fact, (value, _) in zip(facts, chosen, strict=False)}
            member = [name for name, (value, _) in zip(groups, chosen[len(facts) :], strict=True) if value]
            rows.append((tuple(literal for _, literal in chosen), self._situation(values, member)))
        return rows

    def _situation(self, values: dict[str, Any], groups: Sequence[str]) -> Situation:
        own = {fact: values.pop(fact) for fact in FACTS[self.universe.kind] if fact in values}
        return Situation(self.universe.action, groups=tuple(groups), facts=own, **values)

    def _set_rows(self, leaf: pst.Expr, reads: Reads) -> list[tuple[tuple[int, ...], Situation]]:
        """One set against one list of literals: only how far they overlap can matter."""
        name, written = _one_set(leaf, reads)
        members = self.universe.members.get(name)
        if members is None:
            raise Unwalkable(f"reads {name}")
        inside = [each for each in members if str(each) in written]
        outside = [each for each in members if str(each) not in written]
        more = self.any_of(members[each] for each in outside)
        rows = []
        for chosen, here in self._overlaps(members, inside):
            for beside, there in (([], -more), (outside[:1], more)):
                held: dict[str, Any] = {name: (*chosen, *beside)}
                situation = Situation(self.universe.action, **held)
                rows.append(((*here, there), situation))
        return rows

    def _overlaps(self, members: dict[Any, int], within: list[Any]) -> list[tuple[list[Any], tuple[int, ...]]]:
        """None of these, some but not all, all; the last two are one where there is but one."""
        literals = [members[each] for each in within]
        some, every = self.any_of(literals), self.all_of(literals)
        if len(within) < 2:
            return [([], (-some,)), *([(within, (some,))] if within else [])]
        return [([], (-some,)), (within[:1], (some, -every)), (within, (every,))]


class Leaf:
    """A part of a condition, as a policy of its own."""

    def __init__(self, leaf: pst.Expr) -> None:
        alone = pst.Template("policy0", "permit", _ANY, _ANY, _ANY, (pst.When(leaf),), {})
        self._cedar = cedarpy.PolicySet.from_pst(pst.PolicySet({}, {"policy0": alone}, ()))

    def holds(self, question: Question) -> bool:
        """What Cedar says; raises Unwalkable where it fails to say."""
        known = _entities(thing_of(question.resource), people_of(question.asker, question.resource))
        answer = cedarpy.is_authorized(request_of(question), self._cedar, known)
        if answer.diagnostics.errors:
            raise Unwalkable("may fail when it is evaluated")
        return answer.allowed

    def __str__(self) -> str:
        """As Cedar text."""
        text = str(self._cedar).partition("when {")[2].rpartition("}")[0].strip()
        return _NEEDLESS.sub(r"\1", text)


@functools.lru_cache(512)
def _entities(thing: str, people: str) -> cedarpy.Entities:
    return cedarpy.Entities.from_json_str(thing, SCHEMA).with_added_json_str(people)


def _one_set(leaf: pst.Expr, reads: Reads) -> tuple[str, frozenset[str]]:
    """The set of the context that a leaf is about, and the ids that it is held against."""
    if len(reads.sets) == 1 and not reads.facts and not reads.groups:
        match leaf:
            case pst.UnaryOp("is_empty", pst.GetAttr()):
                return min(reads.sets), frozenset()
            case pst.BinaryOp(op, pst.GetAttr(), written) | pst.BinaryOp(op, written, pst.GetAttr()) if (
                op in _SET_WORDS
            ):
                return min(reads.sets), _written(written)
    raise Unwalkable(f"does more with {' and '.join(sorted(reads.sets))} than hold it against a list")


def _written(expression: pst.Expr) -> frozenset[str]:
    elements = expression.elements if isinstance(expression, pst.Set) else (expression,)
    ids = [element.value.id for element in elements if isinstance(element, pst.EntityLit)]
    ids += [element.value for element in elements if isinstance(element, pst.StringLit)]
    if len(ids) != len(elements):
        raise Unwalkable("holds a set against something that is not written out")
    return frozenset(ids)


@functools.lru_cache(1024)
def template_of(rule: Rule) -> pst.Template:
    """A rule as nodes."""
    return next(iter(cedarpy.PolicySet.from_str(rule.text).to_pst().static_policies.values()))


def conditions_of(template: pst.Template) -> list[pst.Expr]:
    """Scope and clauses, in the order in which Cedar stops at the first that fails."""
    found: list[pst.Expr] = []
    match template.action:
        case pst.ActionEq(entity):
            found.append(pst.BinaryOp("eq", pst.Var("action"), pst.EntityLit(entity)))
        case pst.ActionIn(entities):
            listed = tuple(pst.EntityLit(entity) for entity in entities)
            found.append(pst.BinaryOp("in", pst.Var("action"), pst.Set(listed)))
        case _:
            pass
    found += _scope(pst.Var("principal"), template.principal)
    found += _scope(pst.Var("resource"), template.resource)
    for clause in template.clauses:
        found.append(clause.expr if isinstance(clause, pst.When) else pst.UnaryOp("not", clause.expr))
    return found


def _scope(who: pst.Var, constraint: pst.PrincipalOrResourceConstraint) -> list[pst.Expr]:
    match constraint:
        case pst.ScopeEq(pst.EntityUid() as entity):
            return [pst.BinaryOp("eq", who, pst.EntityLit(entity))]
        case pst.ScopeIn(pst.EntityUid() as entity):
            return [pst.BinaryOp("in", who, pst.EntityLit(entity))]
        case pst.ScopeIs(kind):
            return [pst.Is(who, kind, None)]
        case pst.ScopeIsIn(kind, pst.EntityUid() as entity):
            return [pst.Is(who, kind, pst.EntityLit(entity))]
        case _:
            return []
