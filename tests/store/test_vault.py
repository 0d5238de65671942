import pytest

from sampan.contract.errors import Corrupt
from sampan.contract.storage import StandIn
from sampan.store.vault import Vault
from tests.store.conftest import KEY

KNOWN = {"[HKID_1]": StandIn("A123456(3)", "HKID"), "[PERSON_1]": StandIn("陳大文", "PERSON")}


def test_a_map_comes_back_to_its_scope_only(device):
    vault = Vault(device, KEY)
    vault.put("u/k", "c", KNOWN)
    assert Vault(device, KEY).get("u/k", "c") == KNOWN
    assert vault.get("v/k", "c") == vault.get("u/k", "d") == {}


def test_a_stand_in_keeps_its_value(device):
    vault = Vault(device, KEY)
    vault.put("u", "c", KNOWN)
    vault.put("u", "c", {"[HKID_1]": StandIn("other", "HKID"), "[HKID_2]": StandIn("second", "HKID")})
    assert vault.get("u", "c") == {**KNOWN, "[HKID_2]": StandIn("second", "HKID")}


def test_values_are_sealed_inside_the_database_too(device):
    Vault(device, KEY).put("u", "c", KNOWN)
    assert all(b"A123456" not in row[0] for row in device.read("SELECT sealed FROM vault"))


def test_a_value_cannot_be_moved_to_another_scope(device):
    vault = Vault(device, KEY)
    vault.put("u", "c", KNOWN)
    with device.write() as connection:
        connection.execute("UPDATE vault SET scope = 'v'")
    with pytest.raises(Corrupt):
        vault.get("v", "c")


def test_another_key_opens_nothing(device):
    Vault(device, KEY).put("u", "c", KNOWN)
    with pytest.raises(Corrupt):
        Vault(device, b"x" * 32).get("u", "c")


def test_a_forgotten_map_is_gone(device):
    vault = Vault(device, KEY)
    vault.put("u", "c", KNOWN)
    vault.put("u", "d", KNOWN)
    vault.forget("u", "c")
    assert vault.get("u", "c") == {}
    assert vault.get("u", "d") == KNOWN
