"""Each encoded condition against Cedar itself, on the requests that the solver finds."""

import pytest

from sampan.contract.labels import Kind
from sampan.decide.policy import load
from sampan.decide.proof.encode import Encoder, template_of
from sampan.decide.proof.reading import names_in
from sampan.decide.source import Layer, Source
from sampan.decide.vocabulary import Action


def made(text, action=Action.INFER):
    policies = load([Source(Layer.USER, "a.cedar", text)])
    (rule,) = policies.rules
    encoder = Encoder(action, names_in((template_of(rule),), {}))
    return policies, encoder, encoder.rule(rule)


SEND = 'permit(principal, action in [Action::"infer", Action::"embed"], resource)'


@pytest.mark.parametrize(
    "condition",
    [
        'context.clear.contains(Kind::"HKID")',
        'context.clear.containsAny([Kind::"HKID", Kind::"PHONE", Kind::"EMAIL"])',
        'context.clear.containsAll([Kind::"HKID", Kind::"PHONE", Kind::"EMAIL"])',
        '[Kind::"HKID", Kind::"PHONE"].containsAll(context.clear)',
        '[Kind::"HKID", Kind::"PHONE"].containsAny(context.masked)',
        'context.clear == [Kind::"HKID", Kind::"PHONE"]',
        'context.clear != [Kind::"HKID"]',
        "context.masked.isEmpty()",
        'context.origins.contains(Origin::"tool")',
        'context.missing.contains("tagger")',
        "context.missing.isEmpty()",
        'context.over_budget.contains("b")',
        'context.over_budget.containsAny(["b", "c"])',
        'principal in Group::"staff"',
        'principal in [Group::"staff", Group::"students"]',
        'principal == User::"ann"',
        'resource.name == "m" || resource == Model::"n"',
        '["a", "b"].contains(resource.operator)',
        "context.source + 1 > context.sensitivity",
        '(if context.complete then resource.realm else Realm::"public") == Realm::"public"',
        'if context.unread then context.source > 1 else resource.trains_on_data == Claim::"no"',
        "context has clear && context.complete",
        'action == Action::"embed" || context.complete',
    ],
)
def test_it_holds_where_cedar_says_so(condition):
    policies, encoder, rule = made(f"{SEND} when {{ {condition} }};")
    assert rule.unwalkable == ""
    for literal, expected in ((rule.literal, True), (-rule.literal, False)):
        found = 0
        while found < 12 and encoder.solver.solve([literal]):
            situation = encoder.universe.situation()
            assert policies.ask(situation.question()).allowed is expected, situation
            held = [
                lit
                for group in encoder.universe.members.values()
                for lit in group.values()
                if encoder.solver.holds(lit)
            ]
            held += [
                lit for each in encoder.universe.choices.values() for lit in each.values() if encoder.solver.holds(lit)
            ]
            encoder.solver.add([-lit for lit in held])
            found += 1
        assert found


def test_a_condition_that_contradicts_itself():
    _, encoder, rule = made(
        f'{SEND} when {{ resource.realm == Realm::"public" && resource.realm == Realm::"personal" }};'
    )
    assert encoder.solver.solve([rule.literal]) is False


def test_an_action_that_a_rule_is_not_for_reads_nothing():
    _, encoder, rule = made(f"{SEND} when {{ context.complete }};", Action.RETRIEVE)
    assert (rule.literal, rule.unwalkable) == (-encoder.true, "")


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ('resource.name like "a*"', "like"),
        ("resource.operator == resource.retention", "compares"),
        ("context.clear.containsAny(context.masked)", "more with"),
        ('[Kind::"HKID"].contains(Kind::"HKID") && context.source * 9223372036854775807 > 1', "fail"),
    ],
)
def test_what_cannot_be_walked_is_free(condition, why):
    _, encoder, rule = made(f"{SEND} when {{ {condition} }};")
    assert why in rule.unwalkable
    assert encoder.solver.solve([rule.literal]) is True
    assert encoder.solver.solve([-rule.literal]) is True


def test_some_of_a_long_list_is_neither_none_nor_all():
    listed = ", ".join(f'Kind::"{kind}"' for kind in list(Kind)[:12])
    _, encoder, rule = made(f"{SEND} when {{ context.clear.containsAny([{listed}]) }};")
    clear = encoder.universe.members["clear"]
    assert encoder.solver.solve([clear[list(Kind)[5]], -rule.literal]) is False
    assert encoder.solver.solve([rule.literal, *(-clear[kind] for kind in list(Kind)[:12])]) is False
