import signal
import sys
from types import SimpleNamespace

import pytest


@pytest.fixture
def served(monkeypatch):
    calls = []
    monkeypatch.setitem(sys.modules, "sampan.app", SimpleNamespace(serve=calls.append))
    monkeypatch.setattr("sampan.cli.up.wait_until_up", lambda *_: None)
    return calls


def test_flags_become_settings(sampan, served):
    assert sampan("up", "--port", "9999", "--no-cloud", "--no-local", "--model", "mine").code == 0
    settings = served[0]
    assert (settings.server.port, settings.privacy.no_cloud, settings.local.enabled) == (9999, True, False)
    assert (settings.local.model, settings.origins["local.model"]) == ("mine", "flag")


def test_without_flags_the_settings_count(sampan, served, monkeypatch):
    monkeypatch.setenv("SAMPAN_SERVER_PORT", "7")
    sampan("up")
    assert (served[0].server.port, served[0].local.enabled) == (7, True)


def test_a_bad_flag_starts_nothing(sampan, served):
    assert sampan("up", "--port", "99999").code == 2
    assert sampan("up", "--no-cloud", "--host", "0.0.0.0").code == 2
    assert served == []


def test_told_to_end_it_says_so(sampan, monkeypatch):
    def serve(settings):
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("sampan.cli.up.wait_until_up", lambda *_: None)
    monkeypatch.setitem(sys.modules, "sampan.app", SimpleNamespace(serve=serve))
    before = signal.getsignal(signal.SIGTERM)
    try:
        result = sampan("up")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (result.code, result.err) == (0, "Stopped.\n")


def test_one_that_runs_is_enough(sampan, server, served):
    result = sampan("up", "--json")
    assert result.json["already"] is True
    assert served == []
