"""Keys: references in, secrets out, shown nowhere."""

import copy
import logging
import pickle

import keyring
import keyring.errors
import pytest

from sampan.contract.errors import ConfigError
from sampan.providers.secrets import Secret, forget_secret, keep_secret, resolve_secret

KEY = "sk-very-secret"


def test_from_the_environment():
    assert resolve_secret("env:K", {"K": f" {KEY}\n"}).reveal() == KEY
    assert not resolve_secret("", {})


def test_from_the_keyring(monkeypatch):
    monkeypatch.setattr(
        keyring, "get_password", lambda service, name: KEY if (service, name) == ("sampan", "K") else None
    )
    assert resolve_secret("keyring:K", {}).reveal() == KEY
    with pytest.raises(ConfigError):
        resolve_secret("keyring:other", {})


def test_a_locked_keyring(monkeypatch):
    def locked(service, name):
        raise keyring.errors.KeyringLocked

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(ConfigError, match="did not give"):
        resolve_secret("keyring:K", {})


@pytest.mark.parametrize("ref", [KEY, "env:", "keyring:", "file:x", "env:K"])
def test_what_does_not_resolve_is_said_without_showing_it(ref):
    with pytest.raises(ConfigError) as caught:
        resolve_secret(ref, {"K": ""})
    assert KEY not in str(caught.value) + caught.value.way_on
    assert "env:NAME" in caught.value.way_on


@pytest.mark.parametrize("value", [f"{KEY}\r\nx-evil: 1", f"{KEY}é", f"{KEY}\x00"])
def test_a_key_that_would_break_a_header(value):
    with pytest.raises(ConfigError) as caught:
        resolve_secret("env:K", {"K": value})
    assert KEY not in str(caught.value)


def test_it_does_not_show_itself(caplog):
    secret = Secret(KEY)
    logging.getLogger("x").warning("%s %r %s", secret, secret, [secret])
    assert KEY not in caplog.text + repr(secret) + f"{secret}" + repr({"a": secret})
    for write in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            write(secret)


class Ring:
    def __init__(self):
        self.kept = {}

    def set_password(self, service, name, value):
        self.kept[service, name] = value

    def delete_password(self, service, name):
        del self.kept[service, name]


def test_a_key_is_kept_in_the_keyring_where_there_is_one(tmp_path):
    ring = Ring()
    assert keep_secret("cloud", "sk-1", tmp_path, ring) == "keyring:cloud"
    assert ring.kept == {("sampan", "cloud"): "sk-1"}
    assert list(tmp_path.iterdir()) == []


def test_else_in_a_file_that_its_owner_alone_reads(tmp_path):
    ref = keep_secret("cloud", "sk-1", tmp_path, None)
    assert ref == "file:cloud"
    path = tmp_path / "secrets" / "cloud"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert resolve_secret(ref, {}, tmp_path).reveal() == "sk-1"
    assert keep_secret("cloud", "sk-22", tmp_path, None) == ref
    assert resolve_secret(ref, {}, tmp_path).reveal() == "sk-22"


def test_a_keyring_that_does_not_take_a_key_is_as_none(tmp_path):
    class Locked(Ring):
        def set_password(self, service, name, value):
            raise keyring.errors.KeyringLocked

    assert keep_secret("cloud", "sk-1", tmp_path, Locked()) == "file:cloud"
    assert resolve_secret("file:cloud", {}, tmp_path).reveal() == "sk-1"


@pytest.mark.parametrize(
    ("name", "value"), [("../x", "sk"), ("", "sk"), (".x", "sk"), ("x", ""), ("x", "鑰"), ("x", "a\nb"), ("a/b", "sk")]
)
def test_what_is_no_name_or_key_is_not_kept(tmp_path, name, value):
    with pytest.raises(ConfigError):
        keep_secret(name, value, tmp_path, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ref", ["file:../../etc/passwd", "file:nothing", "file:.x"])
def test_a_file_of_keys_that_is_not_there(tmp_path, ref):
    with pytest.raises(ConfigError):
        resolve_secret(ref, {}, tmp_path)


def test_a_key_is_forgotten(tmp_path):
    ring = Ring()
    for where in (ring, None):
        ref = keep_secret("cloud", "sk-1", tmp_path, where)
        forget_secret(ref, tmp_path, where)
        forget_secret(ref, tmp_path, where)
    assert ring.kept == {}
    assert list((tmp_path / "secrets").iterdir()) == []


@pytest.mark.parametrize("ref", ["file:../keep", "env:PATH", "", "keyring:none"])
def test_only_what_was_kept_is_forgotten(tmp_path, ref):
    (tmp_path / "keep").write_text("x")
    (tmp_path / "secrets").mkdir()
    forget_secret(ref, tmp_path, None)
    assert (tmp_path / "keep").exists()
