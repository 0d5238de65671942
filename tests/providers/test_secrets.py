"""Keys: references in, secrets out, shown nowhere."""

import copy
import logging
import pickle

import keyring
import keyring.errors
import pytest

from sampan.contract.errors import ConfigError
from sampan.providers.secrets import Secret, resolve_secret

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
