import keyring.errors
import pytest

from sampan.contract.errors import Corrupt, Unavailable
from sampan.store import keys_at_rest
from sampan.store.keys_at_rest import load_keys, system_keyring


class Ring:
    def __init__(self, locked=False):
        self.kept, self.locked = {}, locked

    def get_password(self, service, username):
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.locked:
            raise keyring.errors.KeyringLocked
        self.kept[service, username] = password


def test_a_file_serves_without_a_keyring(tmp_path):
    keys = load_keys(tmp_path, None)
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600
    assert load_keys(tmp_path, None) == keys
    assert load_keys(tmp_path, Ring()) == keys
    assert not keys.in_keyring


def test_every_use_has_its_own_key(tmp_path):
    keys = load_keys(tmp_path, None)
    parts = [
        keys.database,
        keys.journal,
        keys.vault,
        keys.signing,
        bytes.fromhex((tmp_path / "master.key").read_text()),
    ]
    assert len(set(parts)) == 5
    assert {len(part) for part in parts} == {32}
    assert "\\x" not in repr(keys)


def test_the_keyring_is_preferred_and_no_key_lies_beside(tmp_path):
    ring = Ring()
    keys = load_keys(tmp_path, ring)
    assert keys.in_keyring
    assert not (tmp_path / "master.key").exists()
    assert load_keys(tmp_path, ring) == keys


def test_two_homes_share_no_key(tmp_path):
    ring = Ring()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert load_keys(tmp_path / "a", ring).database != load_keys(tmp_path / "b", ring).database


@pytest.mark.parametrize("later", [None, Ring(locked=True), Ring()])
def test_a_keyring_that_does_not_answer_is_never_replaced_by_a_new_key(tmp_path, later):
    load_keys(tmp_path, Ring())
    with pytest.raises(Unavailable):
        load_keys(tmp_path, later)
    assert not (tmp_path / "master.key").exists()


def test_a_locked_keyring_at_first_use_means_a_file(tmp_path):
    assert not load_keys(tmp_path, Ring(locked=True)).in_keyring


def test_a_lost_key_of_a_store_that_is_there(tmp_path):
    (tmp_path / "sampan.db").write_bytes(b"x")
    with pytest.raises(Corrupt, match="gone"):
        load_keys(tmp_path, None)


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "\udcff"])
def test_a_damaged_key(tmp_path, text):
    (tmp_path / "master.key").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Corrupt, match="damaged"):
        load_keys(tmp_path, None)


class Backend:
    def __init__(self, priority):
        self.priority = priority


@pytest.mark.parametrize("priority,usable", [(5, True), (1, True), (0.5, False), (0, False), (-1, False)])
def test_only_a_keyring_that_encrypts_counts(monkeypatch, priority, usable):
    monkeypatch.setattr(keys_at_rest.keyring, "get_keyring", lambda: Backend(priority))
    assert (system_keyring() is not None) == usable
