import pytest

from sampan.contract.errors import NotFound
from sampan.store.responses import Responses

STATE = {"items": [{"role": "user", "content": "電話 9123 4567"}], "response": {"id": "resp_1"}}


def test_a_state_comes_back_to_its_principal_only(device):
    kept = Responses(device)
    kept.put("u/k", "resp_1", STATE)
    assert kept.get("u/k", "resp_1") == STATE
    for scope, name in [("u/", "resp_1"), ("v/k", "resp_1"), ("u/k", "resp_2"), ("", "")]:
        with pytest.raises(NotFound):
            kept.get(scope, name)
        with pytest.raises(NotFound):
            kept.delete(scope, name)
    assert Responses(device).get("u/k", "resp_1") == STATE


def test_two_principals_may_use_one_id(device):
    kept = Responses(device)
    kept.put("a/", "resp_1", {"items": [1]})
    kept.put("b/", "resp_1", {"items": [2]})
    assert kept.get("a/", "resp_1") == {"items": [1]}


def test_the_last_put_counts(device):
    kept = Responses(device)
    kept.put("a/", "r", {"items": [1]})
    kept.put("a/", "r", {"items": [2]})
    assert kept.get("a/", "r") == {"items": [2]}


def test_a_dropped_state_is_gone(device):
    kept = Responses(device)
    kept.put("a/", "r", STATE)
    kept.delete("a/", "r")
    with pytest.raises(NotFound):
        kept.get("a/", "r")


def test_states_expire_and_are_removed(device):
    Responses(device, keep_s=-1).put("a/", "old", STATE)
    with pytest.raises(NotFound):
        Responses(device).get("a/", "old")
    Responses(device).put("a/", "new", STATE)
    assert device.read("SELECT id FROM responses") == [("new",)]
