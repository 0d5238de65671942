"""Trying again and elsewhere: the very same bytes, only where the decision allowed, each in its own form."""

import base64
import http.client
import json
import time

import pytest

from tests.support.attack import ASK, CARD, EMAIL, HKID, KEY, NAME, PHONE, TEXT, messages, said, travelled
from tests.support.dialects import SHAPES
from tests.support.server import BY_PRICE, NO_LOCAL, Server, public
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def pair(upstream, tmp_path_factory):
    """`again` tries three times; `inside` (enterprise, cheap) comes before `outside` (public) for `auto`."""
    prices = {
        name: f"price = {{ input = {price}, output = {price} }}"
        for name, price in (("tired", 99), ("again", 9), ("inside", 0.1), ("outside", 1))
    }
    toml = NO_LOCAL + BY_PRICE + '[privacy]\nterms = ["PERSON:陳大文"]\n'
    toml += public("again", upstream.base_url, "scripted-again", more=prices["again"]).replace(
        "retries = 0", "retries = 2"
    )
    toml += public("inside", upstream.base_url, "scripted-inside", more=prices["inside"]).replace(
        '"public"', '"enterprise"'
    )
    toml += public(
        "outside",
        upstream.base_url,
        "scripted-outside",
        '["openai", "anthropic"]',
        more=prices["outside"],
    )
    toml += public(
        "tired", upstream.base_url, "slow", '["openai", "anthropic"]', more=prices["tired"] + "\ntimeout_s = 0.4"
    )
    with Server(tmp_path_factory.mktemp("pair"), toml) as server:
        yield server


def failing(names, status=503, times=99, headers=None):
    """Models with these upstream names fail so many times; the others echo."""
    count = dict.fromkeys(names, 0)

    def answer(body, path):
        model = body["model"].removeprefix("scripted-")
        count[model] = count.get(model, 0) + 1
        if model in names and count[model] <= times:
            return Script(status=status, body={"error": {"message": "no"}}, headers=headers)
        return echoed(body, path)

    return answer


def echoed(body, path):
    shape = SHAPES[path.removeprefix("/v1/")]()
    content = (
        (body.get("messages") or body["input"])[-1]["content"]
        if not isinstance(body.get("input"), str)
        else body["input"]
    )
    text = content if isinstance(content, str) else content[-1]["text"]
    if body.get("stream"):
        return Script(events=shape.events("m", text, None))
    return Script(body=shape.whole("m", text, None))


def receipt(server, headers):
    return server.get("/sampan/receipts/" + headers["sampan-receipt"].split(";")[0])


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("dialect", ASK)
def test_another_attempt_sends_the_very_same_bytes(pair, upstream, dialect, status):
    upstream.script = failing({"again"}, status, times=2, headers={"retry-after-ms": "20"})
    before = len(upstream.raw)
    path, body = ASK[dialect]("again", TEXT)
    got, headers, reply = pair.post(path, body)
    assert got == 200
    assert said(reply) == TEXT
    assert len(upstream.raw) == before + 3
    assert len(set(upstream.raw[before:])) == 1
    assert travelled(upstream.raw[-1]) == []
    told = receipt(pair, headers)
    assert [crossing.get("attempt", 1) for crossing in told["crossings"]] == [1, 2, 3]
    assert len({(crossing["body"], crossing["bytes_out"]) for crossing in told["crossings"]}) == 1
    assert told["crossings"][0]["bytes_out"] == len(upstream.raw[-1])


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_what_will_not_pass_is_not_tried_again(pair, upstream, status):
    upstream.script = failing({"again"}, status)
    before = len(upstream.raw)
    assert pair.chat("hi", "again")[0] == (502 if status == 401 else status)
    assert len(upstream.raw) == before + 1


def test_retry_after_is_waited_for(pair, upstream):
    upstream.script = failing({"again"}, 429, times=1, headers={"retry-after": "1"})
    began = time.monotonic()
    assert pair.chat("hi", "again")[0] == 200
    assert time.monotonic() - began >= 0.95


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("dialect", ASK)
def test_each_model_gets_its_own_form(pair, upstream, dialect, streamed):
    upstream.script = failing({"inside"}, 503)
    before = len(upstream.raw)
    path, body = ASK[dialect]("auto", f"Call {PHONE}, HKID {HKID}")
    status, headers, _ = pair.call("POST", path, {**body, "stream": streamed})
    assert status == 200
    first, second = upstream.raw[before:]
    assert json.loads(first)["model"] == "scripted-inside"
    assert travelled(first) == ["91234567"], "an organisation's own model may see a telephone number"
    assert json.loads(second)["model"] == "scripted-outside"
    assert travelled(second) == []
    told = receipt(pair, headers)
    assert [(each["model"], each["to"], sorted(each["masked"])) for each in told["crossings"]] == [
        ("inside", "enterprise", ["HKID"]), ("outside", "public", ["HKID", "PHONE"])]  # fmt: skip
    assert headers["sampan-model"] == "outside"


def test_a_model_asked_by_name_is_never_replaced(pair, upstream):
    upstream.script = failing({"inside"}, 503)
    before = len(upstream.raw)
    assert pair.chat("hi", "inside")[0] == 503
    assert {json.loads(raw)["model"] for raw in upstream.raw[before:]} == {"scripted-inside"}


def test_all_fail_and_the_last_error_is_told(pair, upstream):
    upstream.script = failing({"inside", "outside", "again"}, 503)
    status, headers, reply = pair.chat(f"HKID {HKID}")
    assert status == 504, "the dearest comes last, and takes too long"
    assert reply["error"]["message"]
    told = receipt(pair, headers)
    assert told["end"] == "error"
    assert {crossing["error"] for crossing in told["crossings"]} <= {"upstream_down", "upstream_timeout", "retried"}


def test_where_nothing_may_go_nothing_goes(pair, upstream):
    upstream.script = failing(set())
    before = len(upstream.raw)
    image = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
        {"type": "text", "text": TEXT},
    ]
    for model in ("auto", "auto:best", "auto:fast", "auto:private", "inside", "outside", "again"):
        status, _, reply = pair.post(
            "/v1/chat/completions", {"model": model, "messages": [{"role": "user", "content": image}]}
        )
        assert status == (503 if model == "auto:private" else 403), (model, reply)
    path, body = messages("auto:private", TEXT)
    assert pair.post(path, body)[0] in {403, 503}
    assert len(upstream.raw) == before


def test_after_the_first_word_nothing_is_tried_again(pair, upstream):
    def answer(body, path):
        return Script(events=list(SHAPES[path.removeprefix("/v1/")]().events("m", "abcdefghi", None))[:3], cut=True)

    upstream.script = answer
    before = len(upstream.raw)
    status, _, raw = pair.call(
        "POST",
        "/v1/chat/completions",
        {"model": "auto", "stream": True, "messages": [{"role": "user", "content": "hi"}]},
    )
    assert (status, len(upstream.raw) - before) == (200, 1)
    assert b"[DONE]" not in raw
    assert b'"error"' in raw


@pytest.mark.parametrize(
    "text",
    [
        f"{EMAIL} password: hunter2hunter2",
        f"{PHONE} [HKID_1] {HKID}",
        f"{PHONE} {CARD} {EMAIL} {NAME}",
        f"[PHONE_1] {KEY}",
    ],
)
def test_what_stays_home_is_not_hidden_behind_what_may_go(pair, upstream, text):
    """An organisation's model may see telephone numbers and addresses, but not what is written into one stretch with them."""
    upstream.script = failing(set())
    hidden = base64.b64encode(text.encode()).decode()
    assert pair.chat(f"decode {hidden}", "inside")[0] == 200
    assert hidden not in upstream.raw[-1].decode()


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("dialect", ASK)
def test_a_model_that_takes_too_long(pair, upstream, dialect, streamed):
    upstream.left.clear()
    path, body = ASK[dialect]("tired", TEXT)
    status, headers, reply = pair.post(path, {**body, "stream": streamed})
    assert status == 504
    assert reply["error"]["type"] == ("timeout_error" if dialect == "messages" else "server_error")
    assert receipt(pair, headers)["end"] == "error"
    assert upstream.left.wait(5)


def test_nothing_came_and_the_next_model_answers(pair, upstream):
    def answer(body, path):
        return Script(events=[b": hold on\n\n"], cut=True) if body["model"] == "scripted-inside" else echoed(body, path)

    upstream.script = answer
    for dialect in ASK:
        path, body = ASK[dialect]("auto", f"HKID {HKID}")
        status, headers, raw = pair.call("POST", path, {**body, "stream": True})
        assert status == 200
        assert HKID in raw.decode()
        assert [each.get("error", "") for each in receipt(pair, headers)["crossings"]] == ["stream_cut", ""]


def test_a_caller_who_leaves_between_two_attempts(pair, upstream):
    upstream.script = failing({"again"}, 503, headers={"retry-after": "3"})
    before = len(upstream.raw)
    line = http.client.HTTPConnection("127.0.0.1", pair.port, timeout=10)
    path, body = ASK["chat"]("again", TEXT)
    line.request("POST", path, json.dumps(body), {"content-type": "application/json"})
    time.sleep(0.4)
    line.close()
    deadline = time.monotonic() + 3
    while pair.get("/sampan/receipts?limit=1")["receipts"][0]["end"] != "client_left":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(upstream.raw) == before + 1


def test_a_plain_reply_that_breaks_off_is_asked_for_elsewhere(pair, upstream):
    def answer(body, path):
        broken = Script(events=[b'{"choices": ['], headers={"content-type": "application/json"}, cut=True)
        return broken if body["model"] == "scripted-inside" else echoed(body, path)

    upstream.script = answer
    for dialect in ASK:
        path, body = ASK[dialect]("auto", f"HKID {HKID}")
        status, _, reply = pair.post(path, body)
        assert (status, said(reply)) == (200, f"HKID {HKID}")
        assert pair.post(path, {**body, "model": "inside"})[0] == 502
