"""Shadows in a running Sampan: off unless asked for, permitted by a rule, recorded, paid for, and closed whatever happens."""

import signal
import time

import pytest

from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e
ON = "[route]\ntrial = false\nshadow = 1.0\n"


def price(dollars):
    return f"price = {{ input = {dollars}, output = {dollars} }}"


@pytest.fixture
def house(tmp_path, upstream):
    def build(route=ON, more="", second="echo"):
        models = public("large-70b", upstream.base_url, "echo", more=price(9.0))
        models += public("small-1b", upstream.base_url, second, more=price(0.1))
        return Server(tmp_path / "home", NO_LOCAL + models + route + more)

    return build


def receipts(server):
    return server.get("/sampan/receipts?limit=100")["receipts"]


def shadows(server, number, wait=8):
    """The receipts of shadows, once there are so many."""
    deadline = time.monotonic() + wait
    while True:
        found = [one for one in receipts(server) if one["who"]["app"] == "sampan-shadow"]
        if len(found) >= number or time.monotonic() > deadline:
            return [server.get(f"/sampan/receipts/{one['id']}") for one in found]
        time.sleep(0.05)


def asked(server, text="What is the capital of France?", **more):
    status, headers, _ = server.chat(text, "auto", **more)
    assert status == 200
    return server.get(f"/sampan/receipts/{headers['sampan-receipt'].split(';')[0]}")


def test_nothing_is_asked_twice_unless_somebody_wants_it(house, sent):
    with house("[route]\ntrial = false\n") as server:
        for _ in range(20):
            asked(server)
        time.sleep(0.3)
        assert len(sent()) == 20
        assert shadows(server, 1, wait=0) == []


def test_both_answers_have_a_receipt_and_are_learned_from(house, sent):
    with house() as server:
        first = asked(server)
        (shadow,) = shadows(server, 1)
        assert len(sent()) == 2
        assert first["route"]["model"] == "large-70b"
        assert shadow["route"]["shadow"].items() >= {"of": first["id"], "given_by": "large-70b"}.items()
        assert 0 < shadow["route"]["shadow"]["here"] <= 1
        assert shadow["policy"]["why"] == f"shadow of {first['id']}: compared with large-70b"
        assert (shadow["policy"]["allowed"], shadow["end"]) == ([["small-1b", "clear"]], "complete")
        assert [each["model"] for each in shadow["crossings"]] == ["small-1b"]
        assert shadow["cost_usd"] > 0
        rows = {row["name"]: row["labels"] for row in server.get("/sampan/route")["models"]}
        assert min(rows.values()) >= 0
        assert server.get("/sampan/receipts/verify")["ok"]


@pytest.mark.parametrize(
    "text,why",
    [("Call 9123 4567 for me, what is it?", "a finding"), ("My HKID is A123456(3), is it valid?", "restricted")],
)
def test_what_was_found_something_in_is_asked_once(house, sent, text, why):
    with house() as server:
        asked(server, text)
        time.sleep(0.4)
        assert len(sent()) == 1, why
        assert shadows(server, 1, wait=0) == []


@pytest.mark.parametrize("pack", ["hk-pcpd", "eu-strict", "education"])
def test_stricter_rules_do_not_permit_it(house, sent, pack):
    with house(more=f'[policy]\npack = "{pack}"\n') as server:
        status, _, _ = server.chat("What is the capital of France?", "auto")
        time.sleep(0.4)
        assert len(sent()) == (1 if status == 200 else 0)


def test_a_budget_of_its_own_holds_and_the_caller_does_not_notice(house, sent):
    budget = '[[budgets]]\nname = "shadow"\nevery = "day"\napplication = "sampan-shadow"\nrequests = 2\n'
    with house(more=budget) as server:
        for number in range(4):
            asked(server)
            shadows(server, number + 1)
        ends = sorted(one["end"] for one in shadows(server, 4))
        assert ends == ["complete", "complete", "refused", "refused"]
        assert len(sent()) == 4 + 2


def test_a_kill_leaves_no_record_open(house, sent):
    with house(second="slow") as server:
        asked(server)
        deadline = time.monotonic() + 8
        while len(sent()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(sent()) == 2
        server.stop(signal.SIGKILL)
        server.start()
        (shadow,) = shadows(server, 1)
        assert shadow["end"] == "interrupted"
        assert server.get("/sampan/receipts/verify")["ok"]


def test_a_stop_ends_it_at_once(house, sent):
    with house(second="slow") as server:
        asked(server)
        time.sleep(0.5)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 10
        server.start()
        (shadow,) = shadows(server, 1)
        assert shadow["end"] == "stopped"
