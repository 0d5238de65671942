import pytest

from sampan.cli import welcome
from sampan.cli.running import find
from sampan.cli.voice import Voice
from sampan.settings import load


def test_what_to_try_next(server, home, capsys):
    welcome.welcome(find(home), load({"privacy.no_cloud": True}), Voice())
    err = capsys.readouterr().err
    assert "nothing leaves this machine" in err
    assert f"curl http://127.0.0.1:{server.port}/v1/chat/completions" in err
    assert "authorization" not in err
    welcome.welcome(find(home), load({"server.host": "0.0.0.0"}), Voice())
    assert "-H 'authorization: Bearer sk-sampan-…'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("state", "words"), [("ready", "small is ready."), ("down: no memory", "small: down: no memory")]
)
def test_models_are_followed_until_they_are_there(server, home, capsys, monkeypatch, state, words):
    steps = iter([("pulling", 10), ("pulling", 90), (state, 100)])

    class Changing(dict):
        def get(self, key, default=None):
            name, done = next(steps)
            model = {
                "name": "small",
                "realm": "personal",
                "state": name,
                "progress": {"state": name, "done": done, "total": 100},
            }
            return (200, {"status": "ok", "models": [model]})

    monkeypatch.setattr(server, "replies", Changing())
    monkeypatch.setattr(welcome.time, "sleep", lambda s: None)
    welcome.follow_models(find(home), load(), Voice())
    err = capsys.readouterr().err
    assert err.count("Fetching small") == 2
    assert words in err


def test_a_download_that_failed_is_told_with_its_way_on(server, home, capsys):
    progress = {"state": "failed", "done": 0, "total": 9, "note": "No source gave small.", "hint": "Pull again."}
    model = {"name": "small", "realm": "personal", "state": "absent: No source gave small.", "progress": progress}
    server.on("GET", "/healthz", {"status": "ok", "models": [model]})
    welcome.follow_models(find(home), load(), Voice())
    assert capsys.readouterr().err == "error: No source gave small.\n  try: Pull again.\n"


def test_waiting_ends_when_the_process_dies(home):
    assert welcome.wait_until_up(home, 10, lambda: False) is None
