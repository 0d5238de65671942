"""The router in a running Sampan: what it chose and why, what is said of it afterwards, and what outlives the process."""

import pytest

from sampan.settings import paths
from sampan.store.device import FILE, Device
from sampan.store.keys_at_rest import load_keys
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e
FEEDBACK, ROUTE = "/sampan/feedback", "/sampan/route"


def toml(upstream):
    small = public("small-1b", upstream.base_url, "echo", more="price = { input = 0.1, output = 0.1 }")
    large = public("large-70b", upstream.base_url, "echo", more="price = { input = 9, output = 9 }")
    return NO_LOCAL + small + large + "[route]\ntrial = false\n"


def asked(server, model="auto", text="What is the capital of France?", **more):
    status, headers, _ = server.chat(text, model, **more)
    assert status == 200
    return server.get(f"/sampan/receipts/{headers['sampan-receipt'].split(';')[0]}")


def judged(server, receipt, kind, **more):
    status, _, told = server.post(FEEDBACK, {"receipt": receipt["id"], "kind": kind, **more})
    assert status == 200, told
    return told


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_a_receipt_says_why_and_what_people_say_of_the_answer_is_kept(upstream, home):
    with Server(home, toml(upstream)) as server:
        first = asked(server)
        assert first["policy"]["chosen"] == ["large-70b", "clear"]
        assert first["policy"]["why"].startswith("cheapest within .05 of the best: quality .")
        assert set(first["route"]) == {"prompt", "expected", "model"}
        assert first["route"]["model"] == "large-70b"
        assert "capital" not in str(first)
        assert judged(server, first, "down")["counted"]
        for _ in range(20):
            assert judged(server, asked(server, "auto:fast"), "up")["counted"]
        shown = {row["name"]: row for row in server.get(ROUTE)["models"]}
        best = max(shown.values(), key=lambda row: row["labels"])
        assert best["labels"] >= 20
        assert best["first_s"] == 0.0, "whole answers say nothing of a first token"
        assert server.get("/sampan/receipts/verify")["ok"]
        exported = server.get(f"{ROUTE}/export")
        assert "capital" not in str(exported)
    with Server(home, toml(upstream)) as server:
        again = {row["name"]: row for row in server.get(ROUTE)["models"]}
        assert again[best["name"]]["labels"] == best["labels"]
        status, _, told = server.post(FEEDBACK, {"receipt": first["id"], "kind": "down"})
        assert (status, told["counted"]) == (200, False), "what was said is remembered"


def test_what_was_not_chosen_and_what_is_not_there(upstream, home):
    with Server(home, toml(upstream)) as server:
        named = asked(server, "small-1b")
        assert "route" not in named
        status, _, told = server.post(FEEDBACK, {"receipt": named["id"], "kind": "up"})
        assert (status, told["error"]["code"]) == (400, "bad_request")
        status, _, told = server.post(FEEDBACK, {"receipt": "rcp_none", "kind": "up"})
        assert (status, told["error"]["code"]) == (404, "not_found")


def test_corrupted_learning_begins_anew_and_says_so(upstream, home):
    with Server(home, toml(upstream)) as server:
        judged(server, asked(server), "up")
    place = paths({"SAMPAN_HOME": str(home)})
    device = Device(place.data / FILE, load_keys(place.data, None).database)
    with device.write() as connection:
        connection.execute("UPDATE learned SET state = ? WHERE part = 'estimates'", (b"\x00{",))
    device.close()
    with Server(home, toml(upstream)) as server:
        assert "estimates" in server.get("/sampan/status")["route"]["notice"]
        assert asked(server)["route"]["model"]
        assert all(row["labels"] == 0 for row in server.get(ROUTE)["models"])


def test_streams_are_timed(upstream, home):
    with Server(home, toml(upstream)) as server:
        for _ in range(3):
            server.call("POST", "/v1/chat/completions", {
                "model": "small-1b", "stream": True, "messages": [{"role": "user", "content": "a longer text to echo"}]})  # fmt: skip
        rows = {row["name"]: row for row in server.get(ROUTE)["models"]}
        assert rows["small-1b"]["first_s"] > 0
        assert rows["large-70b"]["first_s"] == 0
