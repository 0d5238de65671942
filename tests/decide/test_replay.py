import pytest

from sampan.contract.errors import SampanError
from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.request import Decided, Refused
from sampan.decide.decider import PolicyDecider
from sampan.decide.policy import load
from sampan.decide.replay import labelled_of, replay
from sampan.decide.source import Layer, Source
from sampan.record.build import decided_part, who
from tests.decide.builders import CAMPUS, CLOUD, LOCAL, make

MODELS = (LOCAL, CAMPUS, CLOUD)


def decider(policies, models=MODELS):
    return PolicyDecider(lambda: policies, lambda: models)


def with_rules(policies, text):
    """The rules in force with more beside them."""
    sources = [Source(rule.layer, f"{at}.cedar", rule.text) for at, rule in enumerate(policies.rules)]
    return load([*sources, Source(Layer.USER, "draft.cedar", text)])


def recorded(policies, *labelled):
    made = []
    for at, one in enumerate(labelled):
        decision = decider(policies).decide(one)
        assert isinstance(decision, Decided | Refused)
        made.append(
            {"id": f"rcp_{at}", "at": "2026-11-23T06:12:09.113Z", "who": who(one.request.principal),
             "dialect": one.request.dialect.value, **decided_part(decision)}
        )  # fmt: skip
    return made


FORBID = 'forbid(principal, action == Action::"infer", resource'


def three(policies):
    return recorded(
        policies,
        make(asked="auto:best"),
        make("A123456(3)", [(Kind.HKID, "A123456(3)")], asked="cloud"),
        make("9123 4567", [(Kind.PHONE, "9123 4567")], asked="auto:best"),
    )


def test_the_same_rules_change_nothing(default_policies):
    found = replay(three(default_policies), decider(default_policies), decider(default_policies))
    assert (found.total, found.same, found.changes, found.skipped, found.unlike) == (3, 3, (), {}, ())
    assert str(found) == "3 requests: 3 same"


def test_a_draft_is_told_in_words(default_policies):
    draft = with_rules(
        default_policies,
        '@id("d") forbid(principal, action == Action::"infer", resource) '
        'when { context.masked.contains(Kind::"HKID") || context.masked.contains(Kind::"PHONE") } '
        'unless { resource.realm == Realm::"personal" };',
    )
    found = replay(three(default_policies), decider(default_policies), decider(draft))
    by_receipt = {change.receipt: change for change in found.changes}
    assert by_receipt["rcp_1"].what == "now refused"
    assert "d" in by_receipt["rcp_1"].after.rules
    assert by_receipt["rcp_2"].before.model != by_receipt["rcp_2"].after.model
    assert found.same == 1
    assert str(found).startswith("3 requests: 1 same, ")


def test_what_stays_on_the_device_or_needs_an_approval(default_policies):
    shut = with_rules(
        default_policies,
        f'@id("d") {FORBID}) unless {{ resource.realm == Realm::"personal" }};',
    )
    found = replay(three(default_policies), decider(default_policies), decider(shut))
    assert {change.what for change in found.changes} == {"now stay on the device", "now refused"}
    back = replay(recorded(shut, make(asked="auto:best")), decider(shut), decider(default_policies))
    assert [change.what for change in back.changes] == ["now leave"]
    asks = with_rules(
        default_policies,
        f'@id("d") @approval("person") {FORBID} == Model::"cloud");',
    )
    found = replay(recorded(default_policies, make(asked="cloud")), decider(default_policies), decider(asks))
    assert [change.what for change in found.changes] == ["now need an approval"]


def test_more_is_masked(default_policies):
    draft = with_rules(
        default_policies,
        f'@id("d") {FORBID}) when {{ context.clear.contains(Kind::"ORG") && resource.realm == Realm::"public" }};',
    )
    labelled = make("ACME 9123 4567", [(Kind.PHONE, "9123 4567"), (Kind.ORG, "ACME")], asked="cloud")
    found = replay(recorded(default_policies, labelled), decider(default_policies), decider(draft))
    assert [(change.what, change.after.masked) for change in found.changes] == [("now masked more", ("ORG", "PHONE"))]


def test_what_cannot_be_replayed_is_said(default_policies):
    (receipt,) = recorded(default_policies, make(asked="cloud"))
    gone = receipt | {"id": "rcp_gone", "policy": receipt["policy"] | {"asked": "retired"}}
    tomb = {"v": 1, "id": "tmb_1", "erases": "rcp_1"}
    nothing = receipt | {"id": "rcp_n", "sensitivity": "unknown"}
    unnamed = receipt | {"id": "rcp_u", "policy": receipt["policy"] | {"asked": "unknown"}}
    found = replay([receipt, gone, tomb, nothing, unnamed], decider(default_policies), decider(default_policies))
    assert set(found.skipped) == {"rcp_gone", "tmb_1", "rcp_n", "rcp_u"}
    assert (found.total, found.same) == (5, 1)
    assert str(found) == "5 requests: 1 same, 4 cannot be replayed"


def test_what_is_decided_otherwise_today_is_said(default_policies):
    receipts = recorded(default_policies, make(asked="auto:best"))
    found = replay(receipts, decider(default_policies, (LOCAL,)), decider(default_policies, (LOCAL,)))
    assert found.unlike == ("rcp_0",)
    assert found.changes == ()


def test_the_request_of_a_receipt(default_policies):
    labelled = make("x", [(Kind.PHONE, "x")], asked="cloud", sensitivity=Sensitivity.RESTRICTED)
    (receipt,) = recorded(default_policies, labelled)
    receipt["who"]["key"] = "key_1"
    receipt["detectors"] = {"patterns": "1", "complete": False, "failed": {"tagger": "no"}}
    found = labelled_of(receipt, {"key_1": ("staff",)})
    assert found.request.principal.groups == ("staff",)
    assert (found.labels.sensitivity, found.labels.complete) == (Sensitivity.RESTRICTED, False)
    assert found.labels.failed == {"tagger": "no"}
    with pytest.raises(SampanError, match="nothing was decided"):
        labelled_of({"id": "x"})
