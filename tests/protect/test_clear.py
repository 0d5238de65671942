"""The protect stage as a whole."""

import pytest

from sampan.contract.errors import Corrupt
from sampan.contract.labels import Kind
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Form, Route
from sampan.plugins import Registry
from sampan.protect import MaskingProtector, register
from tests.protect import builders as b


def test_a_clear_form_goes_as_it_is():
    decision = b.decided(b.chat(f"HKID {b.HKID}"), kinds=frozenset())
    cleared, restorer = MaskingProtector(b.Vault()).clear(decision, decision.routes[0])
    assert cleared.body is decision.labelled.request.body
    assert cleared.masked == {}
    assert restorer.whole({"x": "[HKID_1]"}) == {"x": "[HKID_1]"}


def test_a_masked_form():
    cleared, _ = b.protected(b.chat(f"HKID {b.HKID}"))
    assert cleared.body["messages"][0]["content"] == "HKID [HKID_1]"
    assert cleared.masked == {"HKID": 1}


def test_only_routes_of_the_decision():
    decision = b.decided(b.chat("hi"))
    other = Route(Model(name="other", realm=Realm.PUBLIC, wire=(Wire.FAKE,)), Form())
    with pytest.raises(ValueError, match="does not allow"):
        MaskingProtector(b.Vault()).clear(decision, other)
    clear = Route(decision.routes[0].model, Form())
    with pytest.raises(ValueError, match="does not allow"):
        MaskingProtector(b.Vault()).clear(decision, clear)


def test_values_of_two_requests_do_not_meet():
    one = b.protected(b.chat("HKID A123456(3)"))[1]
    two = b.protected(b.chat("HKID G123456(A)"))[1]
    assert one.whole("[HKID_1]") == "A123456(3)"
    assert two.whole("[HKID_1]") == "G123456(A)"


def test_a_conversation_of_its_own_keeps_its_numbers_in_the_vault():
    vault = b.Vault()
    first, _ = b.protected(b.chat("HKID A123456(3)"), vault=vault, conversation="c1")
    second, back = b.protected(b.chat("HKID G123456(A) and A123456(3)"), vault=vault, conversation="c1")
    other, _ = b.protected(b.chat("HKID G123456(A)"), vault=vault, conversation="c2")
    assert first.body["messages"][0]["content"] == "HKID [HKID_1]"
    assert second.body["messages"][0]["content"] == "HKID [HKID_2] and [HKID_1]"
    assert other.body["messages"][0]["content"] == "HKID [HKID_1]"
    assert back.whole("[HKID_1] [HKID_2]") == "A123456(3) G123456(A)"


def test_a_vault_that_does_not_open_stops_the_request():
    class Locked(b.Vault):
        def get(self, scope, conversation):
            raise Corrupt("the vault does not open")

    with pytest.raises(Corrupt):
        b.protected(b.chat("HKID A123456(3)"), vault=Locked(), conversation="c1")


def test_the_policy_decides_about_arguments():
    body = b.chat(f"HKID {b.HKID}")
    call = {"function": {"arguments": '{"a": "[HKID_1]"}'}}
    assert b.protected(body, restore_arguments=False)[1].whole(call) == call
    assert b.HKID in str(b.protected(body)[1].whole(call))


def test_the_operator_is_registered_as_a_plug_in_s_is():
    registry = Registry()
    register(registry)
    assert registry.operators["stand-in"].write(Kind.PERSON, 2) == "[PERSON_2]"


def test_a_preview_gives_the_same_stand_ins_and_keeps_none():
    vault = b.Vault()
    body = b.chat("HKID A123456(3), again A123456(3)")
    decision = b.decided(body)
    protector = MaskingProtector(vault)
    seen = protector.preview(decision, decision.routes[0])
    _, restorer = protector.clear(decision, decision.routes[0])
    assert seen == restorer.values() == {"A123456(3)": "[HKID_1]"}
