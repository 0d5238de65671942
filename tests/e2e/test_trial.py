"""Answers on trial and hedges in a running Sampan: who is asked, what the caller hears, what the receipt says."""

import json

import pytest

from tests.support.dialects import SHAPES
from tests.support.server import NO_LOCAL, Server, public
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e
FREE, PAID = "price = { input = 0.0, output = 0.0 }", "price = { input = 2.5, output = 10.0 }"
ASKED = "What is the capital of France?"
RIGHT, BETTER = "The capital of France is Paris.", "Paris, on the Seine."


@pytest.fixture
def house(tmp_path, upstream):
    own = public("own", upstream.base_url, "scripted-own", more=FREE).replace('realm = "public"', 'realm = "personal"')
    strong = public("strong", upstream.base_url, "scripted-strong", more=PAID)

    def build(settings=""):
        return Server(tmp_path / "home", NO_LOCAL + own + strong + settings)

    yield build
    upstream.script = None


def says(upstream, late="", **answers):
    """Each model says its text; `late` sends nothing for a while before it does."""

    def script(body, path):
        shape, model = SHAPES[path.removeprefix("/v1/")](), body["model"].removeprefix("scripted-")
        if not body.get("stream"):
            return Script(body=shape.whole(body["model"], answers[model], None))
        events = list(shape.events(body["model"], answers[model], None))
        return Script(events=[b": not yet\n\n", *events], pause=1.0) if model == late else Script(events=events)

    upstream.script = script


def asked(server, model="auto", stream=False):
    status, headers, told = server.chat(ASKED, model, stream=stream) if not stream else streamed(server, model)
    assert status == 200
    receipt = server.get(f"/sampan/receipts/{headers['sampan-receipt'].split(';')[0]}")
    return (told["choices"][0]["message"]["content"] if not stream else told), receipt


def streamed(server, model):
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": ASKED}]}
    status, headers, raw = server.call("POST", "/v1/chat/completions", body)
    raw = raw.decode() if isinstance(raw, bytes) else raw
    events = [json.loads(line[6:]) for line in raw.splitlines() if line.startswith("data: {")]
    text = "".join(each["delta"].get("content") or "" for event in events for each in event.get("choices", []))
    return status, headers, text


def models(sent):
    return [body["model"].removeprefix("scripted-") for body in sent()]


def test_an_easy_question_stays_on_the_own_device(house, upstream, sent):
    says(upstream, own=RIGHT, strong=BETTER)
    with house() as server:
        text, receipt = asked(server)
    assert text == RIGHT
    assert models(sent) == ["own", "own"], "a second answer made it sure"
    tried = receipt["route"]["trial"]
    assert (tried["model"], tried["verdict"], receipt["crossings"]) == ("own", "accepted", [])
    assert tried["checks"]["agreement"] > 0
    assert receipt["policy"]["why"].startswith("own answers on trial: quality .")
    assert receipt["cost_usd"] == 0


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_does_not_hold_is_never_heard(house, upstream, sent, stream):
    says(upstream, own="I'm sorry, I cannot help with that.", strong=BETTER)
    with house() as server:
        text, receipt = asked(server, stream=stream)
    assert text.strip() == BETTER
    assert models(sent) == ["own", "strong"]
    tried = receipt["route"]["trial"]
    assert (tried["verdict"], [each["model"] for each in receipt["crossings"]]) == ("escalated", ["strong"])
    assert tried["checks"]["refusal"] < 0
    assert tried["score"] < tried["accept_at"]


def test_two_answers_that_differ_are_no_answer(house, upstream, sent):
    said = iter(["The capital of France is Lyon.", "It is Marseille."])

    def script(body, path):
        text = next(said) if body["model"] == "scripted-own" else BETTER
        return Script(body=SHAPES[path.removeprefix("/v1/")]().whole(body["model"], text, None))

    upstream.script = script
    with house("[route]\nepsilon = 0.2\n") as server:
        text, receipt = asked(server)
    assert (text, models(sent)) == (BETTER, ["own", "own", "strong"])
    assert receipt["route"]["trial"]["checks"]["agreement"] < 0


def test_settings_turn_it_off(house, upstream, sent):
    says(upstream, own=RIGHT, strong=BETTER)
    with house("[route]\ntrial = false\n") as server:
        text, receipt = asked(server)
    assert (text, models(sent)) == (BETTER, ["strong"])
    assert "trial" not in receipt["route"]


def test_one_who_is_late_is_overtaken(tmp_path, upstream, sent):
    toml = NO_LOCAL + "".join(
        public(name, upstream.base_url, f"scripted-{name}", more=PAID) for name in ("first", "second")
    )
    says(upstream, first=RIGHT, second=BETTER)
    with Server(tmp_path / "home", toml) as server:
        for _ in range(22):
            asked(server, "first", stream=True)
        assert models(sent).count("second") == 0
        says(upstream, late="first", first=RIGHT, second=BETTER)
        text, receipt = asked(server, "auto:fast", stream=True)
    assert text.strip() == BETTER
    assert models(sent)[-2:] == ["first", "second"]
    assert {each["model"]: each.get("error", "") for each in receipt["crossings"]} == {
        "first": "overtaken",
        "second": "",
    }
    upstream.script = None
