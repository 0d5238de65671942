import pytest

from sampan.contract.errors import Corrupt
from sampan.store.opening import open_store


def test_everything_a_home_keeps_opens_and_opens_again(home):
    store = open_store(home, None)
    secret = store.api_keys.added("a")["secret"]
    store.responses.put("u/", "r", {"items": []})
    signing = store.keys.signing
    store.close()
    again = open_store(home, None, "each")
    assert again.api_keys.find(secret).name == "a"
    assert again.responses.get("u/", "r") == {"items": []}
    assert again.keys.signing == signing
    again.close()


def test_every_file_is_private(home, store):
    store.api_keys.added("a")
    files = [path for base in (home.data, home.state) for path in base.rglob("*") if path.is_file()]
    assert {path.name.split("-")[0] for path in files} >= {"sampan.db", "master.key", "receipts"}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_key_of_another_home_does_not_open_it(home):
    open_store(home, None).close()
    (home.data / "master.key").write_text("00" * 32)
    with pytest.raises(Corrupt):
        open_store(home, None)


def test_a_lost_key_is_told(home):
    open_store(home, None).close()
    (home.data / "master.key").unlink()
    with pytest.raises(Corrupt, match="gone"):
        open_store(home, None)
