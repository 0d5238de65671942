"""Budgets in a running Sampan: narrowing, refusing, many at once, over restarts and kills, and against the receipts."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import anthropic
import openai
import pytest

from tests.support.asking import stream
from tests.support.attack import ASK
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e

PRICE = "price = { input = 1000.0, output = 1000.0 }"


def limit(name="b", every="month", **facts):
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in {"name": name, "every": every, **facts}.items())
    return f"[[budgets]]\n{lines}"


@pytest.fixture
def house(tmp_path, upstream):
    def build(*budgets, free=True):
        models = public("paid", upstream.base_url, "echo", more=PRICE) + public(
            "slow", upstream.base_url, "slow", more=PRICE
        )
        models += public("broken", upstream.base_url, "error-529", more=PRICE)
        if free:
            models += public("free", upstream.base_url, "echo", more="price = { input = 0.0, output = 0.0 }")
        return Server(tmp_path / "home", NO_LOCAL + models + "".join(budgets))

    return build


def counts(sampan, name="b"):
    (found,) = [one for one in sampan.get("/sampan/budgets")["budgets"] if one["name"] == name]
    return found["counts"][0]


def receipts(sampan):
    return sampan.get("/sampan/receipts?limit=1000")["receipts"]


def spent_by_receipts(sampan):
    paid = [one for one in receipts(sampan) if one["cost_usd"]]
    return (
        sum(one["tokens"]["in"] + one["tokens"]["out"] for one in paid),
        sum(one["cost_usd"] for one in paid),
        len(paid),
    )


@pytest.mark.parametrize("dialect", ASK)
def test_a_named_model_is_refused_in_the_vendor_s_shape_and_auto_goes_to_a_free_one(house, sent, dialect):
    with house(limit(requests=1)) as sampan:
        assert sampan.chat("hi", "paid")[0] == 200
        before = len(sent())
        path, body = ASK[dialect]("paid")
        status, head, reply = sampan.post(path, body)
        assert (status, reply["sampan"]["code"], reply["error"]["type"]) == (429, "over_budget", "rate_limit_error")
        assert "`b` is spent" in reply["error"]["message"]
        assert "`free`" in reply["error"]["message"], "the nearest allowed way"
        assert (int(head["retry-after"]) > 60, head["x-should-retry"]) == (True, "false")
        assert len(sent()) == before
        receipt = receipts(sampan)[0]
        assert (receipt["end"], receipt["error"], receipt["policy"]["rules"]) == (
            "refused",
            "over_budget",
            ["budget-b"],
        )
        status, head, _ = sampan.post(*ASK[dialect]("auto"))
        assert (status, head["sampan-model"]) == (200, "free")
        assert any(refusal[2] == ["budget-b"] for refusal in receipts(sampan)[0]["policy"]["refused"])
        said = sampan.post("/sampan/decide", {"model": "paid", "messages": [{"role": "user", "content": "x"}]})[2]
        assert (said["outcome"], said["code"], said["rules"]) == ("refused", "over_budget", ["budget-b"])


def test_a_minute_says_when_to_come_back_and_the_sdks_raise_what_they_raise(house):
    with house(limit(every="minute", requests=0), free=False) as sampan:
        got = stream(sampan, *ASK["chat"]("auto"))
        assert got.status == 429
        assert 1 <= int(got.headers["retry-after"]) <= 60
        assert "x-should-retry" not in got.headers
        turns = [{"role": "user", "content": "hi"}]
        with (
            openai.OpenAI(base_url=sampan.base_url + "/v1", api_key="x", max_retries=0) as client,
            anthropic.Anthropic(base_url=sampan.base_url, api_key="x", max_retries=0) as claude,
        ):
            with pytest.raises(openai.RateLimitError):
                client.chat.completions.create(model="paid", messages=turns)
            with pytest.raises(anthropic.RateLimitError):
                claude.messages.create(model="paid", max_tokens=9, messages=turns)
        assert sampan.cli("ask", "-m", "paid", "hi", check=False).returncode == 6


def test_many_at_once_never_exceed_it_and_the_counts_are_the_receipts(house):
    with house(limit(requests=12), limit("money", usd=1000.0), free=False) as sampan:
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(lambda number: sampan.chat(f"hi {number}", "paid")[0], range(40)))
        assert (found.count(200), found.count(429)) == (12, 28)
        used = counts(sampan, "money")["used"]
        tokens, dollars, number = spent_by_receipts(sampan)
        assert (used["tokens"], used["requests"], used["usd"]) == (tokens, number, pytest.approx(dollars))
        assert number == 12
        before = sampan.get("/sampan/budgets")
    with house(limit(requests=12), limit("money", usd=1000.0), free=False) as sampan:
        after = sampan.get("/sampan/budgets")
        assert [one["counts"] for one in after["budgets"]] == [one["counts"] for one in before["budgets"]]
        assert sampan.chat("hi", "paid")[0] == 429
    shown = json.loads(sampan.cli("budgets", "--json").stdout)
    assert [one["counts"] for one in shown["budgets"]] == [one["counts"] for one in before["budgets"]]


def test_a_failure_costs_nothing(house):
    with house(limit(requests=1, tokens=5000)) as sampan:
        assert sampan.chat("hi", "broken")[0] == 529
        assert counts(sampan)["left"] == {"requests": 1, "tokens": 5000}
        assert sampan.chat("hi", "paid")[0] == 200
        assert counts(sampan)["left"]["requests"] == 0


def test_what_is_set_aside_is_seen_and_a_kill_takes_it_for_used(house, upstream):
    sampan = house(limit(requests=9))
    with sampan, ThreadPoolExecutor(1) as pool:
        upstream.left.clear()

        def ask():
            try:
                return sampan.chat("hi", "slow")[0]
            except OSError:
                return 0

        running = pool.submit(ask)
        deadline = time.monotonic() + 10
        while counts(sampan)["held"]["requests"] != 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert counts(sampan)["left"]["requests"] == 8
        sampan.stop(signal.SIGKILL)
        running.result(20)
    for _ in range(2):
        with sampan:
            found = counts(sampan)
            assert (found["used"]["requests"], found["held"]["requests"]) == (1, 0)
            assert found["used"]["tokens"] > 0
            assert receipts(sampan)[0]["end"] == "interrupted"
            assert sampan.get("/sampan/receipts/verify")["ok"]


def test_a_reload_raises_a_limit_and_keeps_the_count(house):
    with house(limit(requests=1), free=False) as sampan:
        assert sampan.chat("hi", "paid")[0] == 200
        assert sampan.chat("hi", "paid")[0] == 429
        settings = sampan.home / "sampan.toml"
        settings.write_text(settings.read_text().replace("requests = 1", "requests = 2"))
        sampan.post("/sampan/reload", {})
        assert sampan.chat("hi", "paid")[0] == 200
        assert sampan.chat("hi", "paid")[0] == 429
        settings.write_text(settings.read_text().replace("requests = 2", "usd = nan"))
        assert sampan.post("/sampan/reload", {})[0] == 400
        assert sampan.chat("hi", "paid")[0] == 429


def test_counting_tokens_costs_nothing(house):
    with house(limit(requests=0), free=False) as sampan:
        body = {"model": "paid", "messages": [{"role": "user", "content": "hi"}]}
        assert sampan.post("/v1/messages/count_tokens", body)[0] == 200
