from sampan.contract.labels import Kind
from sampan.decide.policy import load
from sampan.decide.question import Asker, Question, Travelling
from sampan.decide.source import Layer, Source
from sampan.decide.trace import trace
from sampan.decide.vocabulary import Action
from tests.decide.builders import CLOUD, LOCAL

RULES = """
@id("p") permit(principal, action in [Action::"infer", Action::"embed"], resource) when { context.complete };
@id("hkid") @reason("HKIDs stay") @reason_zh("留低")
forbid(principal, action == Action::"infer", resource)
when { resource.realm == Realm::"public" && context.clear.contains(Kind::"HKID") };
@id("away") forbid(principal, action == Action::"infer", resource)
unless { resource.realm == Realm::"personal" || context.source < 3 };
@id("staff") permit(principal in Group::"staff", action == Action::"infer", resource);
@id("other") forbid(principal, action == Action::"unmask", resource);
"""
POLICIES = load([Source(Layer.USER, "a.cedar", RULES)])


def steps(model=CLOUD, **facts):
    read = {"complete": True, "unread": False} | facts
    found = trace(POLICIES, Question(Action.INFER, Asker("ann"), model, Travelling(**read)))
    return {step.rule: step for step in found}


def test_every_rule_in_order_with_its_place():
    found = trace(POLICIES, Question(Action.INFER, Asker("ann"), CLOUD))
    assert [step.rule for step in found] == ["p", "hkid", "away", "staff", "other"]
    assert [step.place for step in found][:2] == ["a.cedar:2", "a.cedar:3"]
    assert (found[1].reason, found[1].reason_zh, found[1].layer) == ("HKIDs stay", "留低", "user")


def test_what_matched():
    found = steps(clear=frozenset({Kind.HKID}))
    assert (found["p"].matched, found["p"].why) == (True, "")
    assert found["hkid"].matched


def test_the_first_condition_that_did_not_hold():
    assert steps(complete=False)["p"].why == "context.complete"
    assert steps()["hkid"].why == 'context.clear.contains(Kind::"HKID")'
    assert steps(LOCAL, clear=frozenset({Kind.HKID}))["hkid"].why == 'resource.realm == Realm::"public"'
    assert steps()["staff"].why == 'principal in Group::"staff"'
    assert steps()["other"].why == 'action == Action::"unmask"'
    assert "context.source < 3" in steps()["away"].why


def test_it_agrees_with_the_answer():
    for clear in (frozenset(), frozenset({Kind.HKID})):
        for model in (CLOUD, LOCAL):
            question = Question(Action.INFER, Asker("ann"), model, Travelling(clear=clear, complete=True, unread=False))
            found = trace(POLICIES, question)
            forbidden = [step.rule for step in found if step.matched and step.effect == "forbid"]
            verdict = POLICIES.ask(question)
            assert verdict.allowed is (not forbidden)
            assert list(verdict.rules) == forbidden


def test_a_forbid_that_fails_counts_as_matched():
    text = '@id("f") forbid(principal, action == Action::"infer", resource) when { context.source * 9223372036854775807 > 1 };'
    broken = load([Source(Layer.USER, "a.cedar", text)])
    (step,) = trace(broken, Question(Action.INFER, Asker("a"), CLOUD, Travelling(source=3)))
    assert step.matched
