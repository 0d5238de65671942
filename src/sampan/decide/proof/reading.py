"""What an expression of a policy reads, and what it writes down."""

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec
from cedarpy import pst

from sampan.decide.proof.universe import OPEN, Names

_OF_CONTEXT = frozenset(
    {
        "application",
        "device",
        "asked",
        "sensitivity",
        "source",
        "complete",
        "unread",
        "clear",
        "masked",
        "origins",
        "missing",
        "over_budget",
    }
)
SETS = frozenset({"clear", "masked", "origins", "missing", "over_budget"})
_PLAIN = (
    pst.Set, pst.Is, pst.IfThenElse, pst.EntityLit, pst.StringLit, pst.BoolLit, pst.LongLit, pst.UnaryOp, pst.BinaryOp,
)  # fmt: skip
_NOT_WALKED: tuple[tuple[tuple[type, ...], str], ...] = (
    ((pst.GetAttr, pst.HasAttr), "reads a fact of a fact"),
    ((pst.Var,), "reads the context as a whole"),
    ((pst.Like,), "matches a text with `like`"),
    ((pst.Record, pst.Slot), "builds a record"),
)
_COMPARING = frozenset({"eq", "not_eq", "in", "contains", "contains_all", "contains_any", "and", "or"})


class Unwalkable(Exception):
    """An expression reads something that cannot be walked; the text says what."""


class Reads(msgspec.Struct, frozen=True):
    """facts: single-valued facts. sets: `clear`, `masked`, `origins`, `missing`, `over_budget`. groups: whose membership is asked."""

    facts: frozenset[str]
    sets: frozenset[str]
    groups: frozenset[str]


def walk(node: Any) -> Iterator[Any]:
    """A node and everything below it."""
    stack = [node]
    while stack:
        value = stack.pop()
        if isinstance(value, tuple):
            stack.extend(value)
        elif is_dataclass(value):
            yield value
            stack.extend(getattr(value, field.name) for field in fields(value))


def names_in(templates: tuple[pst.Template, ...], more: dict[str, set[str]]) -> Names:
    """Everything that policies and properties write down."""
    found = {kind: set(ids) for kind, ids in more.items()}
    for template in templates:
        for node in walk(template):
            if isinstance(node, pst.EntityUid):
                found.setdefault(str(node.type), set()).add(node.id)
            elif isinstance(node, pst.StringLit):
                found.setdefault("", set()).add(node.value)
    return Names({kind: tuple(sorted(ids)) for kind, ids in found.items()})


def reads_of(leaf: pst.Expr) -> Reads:
    """What a leaf's truth depends on.

    Raises:
        Unwalkable: the walk would not see all of it.
    """
    facts: set[str] = set()
    sets: set[str] = set()
    literals = [node.value for node in walk(leaf) if isinstance(node, pst.EntityLit)]
    groups = {one.id for one in literals if str(one.type) == "Group"}
    seen = set(_read(leaf))
    for read in seen:
        if read in SETS:
            sets.add(read)
        elif read == "principal":
            facts |= {"user"} if any(str(one.type) == "User" for one in literals) else set()
        else:
            facts.add(read)
    asks_who = "principal" in seen
    opened = facts & OPEN | ({"user"} if asks_who else set())
    if len(opened) > 1 or (opened and sets):
        raise Unwalkable(f"compares {' with '.join(sorted(opened | sets))}")
    if opened:
        _only_compares(leaf, min(opened))
    return Reads(frozenset(facts), frozenset(sets), frozenset(groups if asks_who else ()))


def _read(node: Any) -> Iterator[str]:
    """The facts named under a node; `principal` stands for who asks."""
    match node:
        case pst.GetAttr(pst.Var("context"), name) if name in _OF_CONTEXT:
            yield name
        case pst.GetAttr(pst.Var("resource"), name):
            yield "resource" if name == "name" else name
        case pst.Var("principal" | "resource" as name):
            yield name
        case pst.HasAttr(pst.Var(), _) | pst.Var("action"):
            return
        case _:
            _refuse(node)
            yield from itertools.chain.from_iterable(map(_read, _below(node)))


def _refuse(node: Any) -> None:
    for kinds, told in _NOT_WALKED:
        if isinstance(node, kinds):
            raise Unwalkable(told)
    if not isinstance(node, _PLAIN):
        raise Unwalkable(f"uses {type(node).__name__}")


def _below(node: Any) -> Iterator[Any]:
    """The expressions directly under one."""
    for field in fields(node):
        value = getattr(node, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, _PLAIN + tuple(kind for kinds, _ in _NOT_WALKED for kind in kinds)):
                yield each


def _only_compares(leaf: pst.Expr, name: str) -> None:
    """A name that nobody wrote stands for all such only where names are compared for being the same."""
    for node in walk(leaf):
        if isinstance(node, pst.BinaryOp) and node.op not in _COMPARING:
            raise Unwalkable(f"does more with {name} than compare it")
        if isinstance(node, pst.UnaryOp) and node.op not in {"not", "is_empty"}:
            raise Unwalkable(f"does more with {name} than compare it")
