import timeit

import pytest

from sampan.contract.errors import NotFound
from sampan.store.api_keys import ApiKeys


def test_a_secret_is_told_once(tmp_path, device):
    keys = ApiKeys(device)
    made = keys.added("laptop", "openai-python", "u_1", ("staff", "hk"))
    assert made["secret"].startswith("sk-sampan-")
    assert len(made["secret"]) >= 10 + 43
    assert "secret" not in str(keys.listed())
    assert made["secret"] not in str(device.read("SELECT * FROM api_keys"))
    found = keys.find(made["secret"])
    assert (found.id, found.application, found.user, found.groups) == (
        made["id"],
        "openai-python",
        "u_1",
        ("staff", "hk"),
    )


def test_keys_outlive_the_process(device):
    made = ApiKeys(device).added("a")
    again = ApiKeys(device)
    assert again.find(made["secret"]).name == "a"
    assert again.listed() == [{name: value for name, value in made.items() if name != "secret"}]


def test_a_revoked_key_is_not_found(device):
    keys = ApiKeys(device)
    made, other = keys.added("a"), keys.added("b")
    assert keys.revoked(made["id"])["revoked"]
    first = keys.revoked(made["id"])
    assert keys.revoked(made["id"]) == first
    assert keys.find(made["secret"]) is None
    assert keys.find(other["secret"]) is not None
    assert ApiKeys(device).find(made["secret"]) is None
    assert [bool(key["revoked"]) for key in keys.listed()] == [True, False]
    with pytest.raises(NotFound):
        keys.revoked("key_none")


@pytest.mark.parametrize("secret", ["", "sk-sampan-", "sk-sampan-x", "電話", "\ud800", "x" * 100_000])
def test_other_secrets_find_nothing(device, secret):
    keys = ApiKeys(device)
    keys.added("a")
    assert keys.find(secret) is None


def test_finding_is_fast_among_many(device):
    keys = ApiKeys(device)
    secret = [keys.added(str(number))["secret"] for number in range(50)][25]
    assert timeit.timeit(lambda: keys.find(secret), number=1000) / 1000 < 200e-6
