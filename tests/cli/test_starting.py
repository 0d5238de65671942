import json
import sys
from pathlib import Path

import pytest

from sampan.cli import starting
from sampan.cli.machine import is_sampan

FAKE = (sys.executable, str(Path(__file__).with_name("fake_sampan.py")), "sampan")


@pytest.fixture
def fake(monkeypatch):
    def use(*more):
        monkeypatch.setattr(starting, "COMMAND", (*FAKE, *more))

    return use


def test_detach_waits_until_it_answers_and_down_stops_it(sampan, fake, home):
    fake()
    result = sampan("up", "--detach", "--json", "--no-cloud", "--port", "0")
    assert result.code == 0
    told = json.loads((home.run / "server.json").read_text())
    assert result.json["url"] == f"http://127.0.0.1:{told['port']}"
    assert told["argv"] == ["sampan", "--no-cloud", "--port", "0"]
    assert "sampan ask" in result.err
    assert sampan("down", "--json").json == {"stopped": True, "running": False}
    assert not is_sampan(told["pid"], told["started"])
    assert not (home.run / "server.json").exists()


def test_down_signals_one_that_does_not_listen(sampan, fake, home):
    fake("--stubborn")
    assert sampan("up", "-d").code == 0
    assert sampan("down", "--timeout", "4").code == 0


def test_a_start_that_fails_says_why(sampan, fake):
    fake("--fails")
    result = sampan("up", "--detach")
    assert result.code == 5
    assert result.err.startswith("error: port 1 is in use by another program\n  try: another one\n")
    assert "sampan.log" in result.err


def test_ask_starts_one_and_says_so(sampan, fake):
    fake()
    try:
        result = sampan("ask", "x")
        assert "No server runs here; starting one" in result.err
    finally:
        assert sampan("down").code == 0


@pytest.mark.parametrize(
    ("code", "kind"), [(2, "bad_settings"), (5, "unavailable"), (1, "internal_error"), (77, "unavailable")]
)
def test_the_kind_of_failure_is_kept(tmp_path, code, kind):
    log = tmp_path / "log"
    log.write_text("old\nerror: wrong\n")
    assert starting._why(log, 4, code).code == kind
    assert starting._why(log, 16, code).message == "The server ended while it started."


def test_arguments_are_the_same_flags():
    assert starting.arguments({"local.enabled": False, "server.host": "h", "local.model": None}) == [
        "--no-local",
        "--host",
        "h",
    ]
