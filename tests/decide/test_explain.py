from sampan.contract.labels import Kind
from sampan.contract.request import Decided, Refused
from sampan.decide.decider import Options, PolicyDecider
from sampan.decide.explain import explain
from sampan.decide.policy import load
from sampan.decide.source import Layer, Source
from tests.decide.builders import CAMPUS, CLOUD, LOCAL, make

MODELS = (LOCAL, CAMPUS, CLOUD)


def explained(policies, labelled, models=MODELS, options=Options()):
    decision = PolicyDecider(lambda: policies, lambda: models, options=options).decide(labelled)
    return decision, explain(decision, policies, models)


def test_labels_rules_forms_models(default_policies):
    decision, found = explained(default_policies, make("A123456(3)", [(Kind.HKID, "A123456(3)")], asked="auto:best"))
    assert isinstance(decision, Decided)
    assert (found.found, found.sensitivity, found.complete) == ({"HKID": 1}, "restricted", True)
    assert [(one.model, one.form, one.allowed) for one in found.weighed] == [
        *((route.model.name, route.form.name, True) for route in decision.routes),
        *((refusal.model, refusal.form, False) for refusal in decision.refused),
    ]
    for one in found.weighed:
        assert [step.rule for step in one.steps] == [rule.id for rule in default_policies.rules]
        forbidden = {step.rule for step in one.steps if step.matched and step.effect == "forbid"}
        assert forbidden == set(one.rules)
        assert one.allowed is not bool(forbidden)


def test_what_was_not_refused_by_policy_has_no_steps(default_policies):
    _, found = explained(default_policies, make(), options=Options(no_cloud=True))
    by_model = {one.model: one for one in found.weighed}
    assert by_model["cloud"].rules == ("no-cloud",)
    assert by_model["cloud"].steps == ()
    assert by_model["local"].steps


def test_a_refusal_is_explained_too(default_policies):
    labelled = make("x", unread=("a picture",), asked="cloud")
    decision, found = explained(default_policies, labelled)
    assert isinstance(decision, Refused)
    assert [one.allowed for one in found.weighed] == [False]
    assert found.unread == ("a picture",)
    matched = [step.rule for step in found.weighed[0].steps if step.matched and step.effect == "forbid"]
    assert matched == ["unread-stays-home"]


def test_a_rule_that_nothing_permits_is_explained(default_policies):
    shut = load([Source(Layer.USER, "a.cedar", '@id("p") permit(principal, action == Action::"embed", resource);')])
    _, found = explained(shut, make())
    assert found.weighed[0].rules == ("no-rule-permits",)
    assert found.weighed[0].steps[0].why == 'action == Action::"embed"'
