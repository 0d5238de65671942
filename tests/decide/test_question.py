"""Questions in Cedar's words."""

import json

import cedarpy
import pytest

from sampan.contract.labels import Kind, Sensitivity
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.reach import Collection, Origin, Peer, Tool
from sampan.contract.request import Principal
from sampan.decide.question import UNKNOWN, Asker, Question, Travelling, people_of, request_of, thing_of
from sampan.decide.vocabulary import SCHEMA, Action
from tests.decide.builders import CLOUD


def context(action, travelling=Travelling()):
    return json.loads(request_of(Question(action, Asker("ann"), CLOUD, travelling))["context"])


def test_missing_facts_are_unknown():
    assert Asker.of(Principal("", app="", device="")) == Asker(UNKNOWN, UNKNOWN, UNKNOWN)
    assert Asker.of(Principal("ann", "sdk", "d1", ("staff",))) == Asker("ann", "sdk", "d1", ("staff",))


def test_no_word_about_the_content_reads_as_the_worst():
    asked = context(Action.INFER)
    assert (asked["complete"], asked["unread"], asked["missing"]) == (False, True, ["unknown"])


def test_the_same_question_has_the_same_bytes():
    kinds = [Kind.PHONE, Kind.EMAIL, Kind.HKID]
    one = Question(Action.INFER, Asker("ann"), CLOUD, Travelling(frozenset(kinds)))
    two = Question(Action.INFER, Asker("ann"), CLOUD, Travelling(frozenset(reversed(kinds))))
    assert request_of(one) == request_of(two)


def test_what_each_action_is_told():
    assert set(context(Action.UNMASK)) == {"application", "device"}
    assert set(context(Action.RESTORE_ARGUMENTS)) == {"application", "device", "masked"}
    told = context(Action.INFER, Travelling(frozenset({Kind.HKID}), frozenset({Kind.PHONE}), Sensitivity.RESTRICTED))
    assert told["clear"] == [{"__entity": {"type": "Kind", "id": "HKID"}}]
    assert told["masked"] == [{"__entity": {"type": "Kind", "id": "PHONE"}}]
    assert told["sensitivity"] == 3


def test_a_kind_can_be_the_resource():
    assert request_of(Question(Action.UNMASK, Asker("ann"), Kind.PHONE))["resource"] == {"type": "Kind", "id": "PHONE"}


def test_any_character_is_safe_in_a_name():
    name = 'a" == "b\\\n陳'
    user, device = json.loads(people_of(Asker(name, groups=('g"',)), CLOUD))
    assert user == {"uid": {"type": "User", "id": name}, "attrs": {}, "parents": [{"type": "Group", "id": 'g"'}]}
    assert device["attrs"] == {"paired": {"__entity": {"type": "Claim", "id": UNKNOWN}}}


@pytest.mark.parametrize(
    ("said", "claim"),
    [("no", "no"), ("False", "no"), ("YES", "yes"), ("true", "yes"), ("", UNKNOWN), ("perhaps", UNKNOWN)],
)
def test_claims_about_training(said, claim):
    model = Model("m", Realm.PUBLIC, (Wire.OPENAI,), trains_on_data=said, jurisdiction="", operator="", retention="")
    facts = json.loads(thing_of(model))[0]["attrs"]
    assert facts["trains_on_data"] == {"__entity": {"type": "Claim", "id": claim}}
    assert facts["jurisdiction"] == {"__entity": {"type": "Jurisdiction", "id": UNKNOWN}}
    assert (facts["operator"], facts["retention"]) == (UNKNOWN, UNKNOWN)


RESOURCES = {
    Action.INFER: CLOUD, Action.EMBED: CLOUD, Action.RESTORE_ARGUMENTS: CLOUD, Action.UNMASK: Kind.HKID,
    Action.CALL_TOOL: Tool("mail"), Action.RETRIEVE: Collection("notes"), Action.REMEMBER: Collection("memory"),
    Action.SYNC: Peer("phone", "yes"), Action.SHADOW: CLOUD,
}  # fmt: skip


@pytest.mark.parametrize("action", Action)
def test_every_question_fits_the_schema(action):
    """The schema is not consulted again for each request, so what is built must fit it."""
    travelling = Travelling(frozenset({Kind.HKID}), frozenset({Kind.PHONE}), origins=frozenset(Origin))
    question = Question(action, Asker("ann", "sdk", "laptop", ("staff",)), RESOURCES[action], travelling)
    for device in ("laptop", "phone"):
        asker = Asker("ann", "sdk", device, ("staff",))
        known = json.loads(thing_of(question.resource)) + json.loads(people_of(asker, question.resource))
        entities = cedarpy.Entities.from_json_str(json.dumps(known), SCHEMA)
        answer = cedarpy.is_authorized(request_of(question), "permit(principal, action, resource);", entities, SCHEMA)
        assert answer.allowed, answer.diagnostics.errors


def test_facts_that_nobody_stated_are_the_most_restrictive():
    (tool,), (collection,), (peer,) = (json.loads(thing_of(one)) for one in (Tool("t"), Collection("c"), Peer("p")))
    assert tool["attrs"]["realm"]["__entity"]["id"] == "public"
    assert tool["attrs"]["changes"]["__entity"]["id"] == UNKNOWN
    assert collection["attrs"]["classification"] == 3
    assert peer["attrs"]["paired"]["__entity"]["id"] == UNKNOWN
    assert context(Action.INFER)["origins"] == [{"__entity": {"type": "Origin", "id": UNKNOWN}}]
