"""Every rule's part in an answer: matched, or the first of its conditions that did not hold."""

import functools
from collections.abc import Iterator

import msgspec
from cedarpy import pst

from sampan.decide.policy import Policies, Rule
from sampan.decide.proof.encode import Leaf, conditions_of, template_of
from sampan.decide.proof.reading import Unwalkable
from sampan.decide.question import Question


class Step(msgspec.Struct, frozen=True):
    """One rule, in order. why: the condition that did not hold, as Cedar text; empty where the rule matched."""

    rule: str
    layer: str
    effect: str
    matched: bool
    why: str
    reason: str
    reason_zh: str
    place: str


def trace(policies: Policies, question: Question) -> tuple[Step, ...]:
    """How each rule answers a question; what cannot be evaluated counts as matched for a `forbid`, as it denies."""
    return tuple(_step(rule, question) for rule in policies.rules)


def _step(rule: Rule, question: Question) -> Step:
    why = _first_not_held(rule, question)
    place = f"{rule.file}:{rule.line}"
    return Step(rule.id, rule.layer.value, rule.effect, not why, why, rule.reason, rule.reason_zh, place)


def _first_not_held(rule: Rule, question: Question) -> str:
    for part in _parts(rule):
        try:
            if not part.holds(question):
                return str(part)
        except Unwalkable:
            return "" if rule.effect == "forbid" else f"could not be evaluated: {part}"
    return ""


@functools.lru_cache(1024)
def _parts(rule: Rule) -> tuple[Leaf, ...]:
    conditions = conditions_of(template_of(rule))
    return tuple(Leaf(part) for condition in conditions for part in _conjuncts(condition))


def _conjuncts(expression: pst.Expr) -> Iterator[pst.Expr]:
    """What must hold besides each other; `not (a or b)` is `not a` and `not b`."""
    match expression:
        case pst.BinaryOp("and", left, right):
            yield from _conjuncts(left)
            yield from _conjuncts(right)
        case pst.UnaryOp("not", pst.BinaryOp("or", left, right)):
            yield from _conjuncts(pst.UnaryOp("not", left))
            yield from _conjuncts(pst.UnaryOp("not", right))
        case _:
            yield expression
