"""What is wrong with a policy, where, and what was meant."""

import pytest

from sampan.decide.faults import parse_fault, schema_faults
from sampan.decide.source import Layer, Source, statements


def statement(text):
    (one,) = statements(Source(Layer.USER, "m.cedar", text))
    return one


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("permit(principal, action, resource)", (1, 36), "each policy ends in `;`"),
        ("\n  permti(principal, action, resource);", (2, 3), "did you mean `permit`?"),
        ("permit(principal, action, resource) whn { true };", (1, 37), "did you mean `when`?"),
        ("permit(principal, action, resource) when { 1 ! 2 };", (1, 46), ""),
        ("permit(principal == ?principal, action, resource);", (1, 1), "name the entity"),
    ],
)
def test_syntax(text, place, hint):
    fault = parse_fault(statement(text))
    assert (fault.line, fault.column, fault.hint) == (*place, hint), fault


def test_what_parses_has_no_fault():
    assert parse_fault(statement("permit(principal, action, resource);")) is None


@pytest.mark.parametrize("deep", ["(" * 200 + "true" + ")" * 200, "if true then true else " * 100 + "true"])
def test_what_nests_too_deep_never_reaches_the_parser(deep):
    fault = parse_fault(statement(f"permit(principal, action, resource) when {{ {deep} }};"))
    assert "too deep" in fault.problem


def test_a_long_chain_is_a_fault():
    chain = " && ".join(["true"] * 3000)
    assert "too long" in parse_fault(statement(f"permit(principal, action, resource) when {{ {chain} }};")).problem


SEND = 'action == Action::"infer"'


@pytest.mark.parametrize(
    ("text", "word", "problem", "hint"),
    [
        (f'permit(principal, {SEND}, resource) when {{ context.clear.contains(Kind::"HKIDD") }};', '"HKIDD"',
         'no Kind is called "HKIDD"', "did you mean `HKID`?"),
        (f"permit(principal, {SEND}, resource) when {{ context.cleer.isEmpty() }};", "cleer",
         "no attribute is called `cleer` here", "did you mean `clear`?"),
        ('permit(principal, action == Action::"infr", resource);', '"infr"',
         'no action is called "infr"', "did you mean `infer`?"),
        ("permit(principal is Usr, action, resource);", "Usr", "no entity type is called `Usr`", "did you mean `User`?"),
    ],
)  # fmt: skip
def test_schema(text, word, problem, hint):
    first = schema_faults(statement(text))[0]
    assert (first.problem, first.hint) == (problem, hint)
    assert (first.line, first.column) == (1, text.index(word) + 1)


def test_what_fits_the_schema():
    assert schema_faults(statement(f"permit(principal, {SEND}, resource) when {{ context.complete }};")) == []
