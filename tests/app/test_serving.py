"""Serving: who may bind what, where talk goes, when to stop."""

import io
import logging
import sys

import pytest

from sampan.app import serving
from sampan.contract.errors import ConfigError


def test_an_open_door_needs_a_key(made):
    assembly = made(flags={"server.host": "0.0.0.0"})
    with pytest.raises(ConfigError, match="no key yet"):
        serving._refuse_open_door(assembly.settings, assembly.runtime)
    key = assembly.runtime.keys.added("one", "", "", ())
    serving._refuse_open_door(assembly.settings, assembly.runtime)
    assembly.runtime.keys.revoked(key["id"])
    with pytest.raises(ConfigError, match="no key yet"):
        serving._refuse_open_door(assembly.settings, assembly.runtime)


def test_talk_goes_to_what_stderr_is_at_that_moment(monkeypatch):
    out, talk = io.StringIO(), serving._Talk()
    monkeypatch.setattr(sys, "stderr", out)
    talk.handle(logging.LogRecord("sampan", logging.WARNING, "", 0, "%s!", ("hm",), None))
    assert out.getvalue() == "hm!\n"


@pytest.mark.parametrize("gone", [True, False])
def test_a_closed_terminal_is_known(monkeypatch, tmp_path, gone):
    def opened(path, flags):
        assert path == "/dev/tty"
        if gone:
            raise OSError
        return real(tmp_path / "tty", flags | serving.os.O_CREAT)

    real = serving.os.open
    monkeypatch.setattr(serving.os, "open", opened)
    assert serving._terminal_gone() is gone
