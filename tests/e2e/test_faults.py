"""Providers that fail and clients that leave: never a success that is none, never a provider left working."""

import json
import socket
import threading
import time

import anthropic
import openai
import pytest

from tests.support.asking import stream
from tests.support.attack import ASK, HKID, PHONE, TEXT, travelled
from tests.support.dialects import SHAPES, sse
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e

SAID = "甲乙丙 [HKID_1] 丁戊己庚辛"

MODELS = {"chat": ["", "claude-"], "messages": ["", "claude-"], "responses": ["", "claude-"]}
WAYS = [(dialect, prefix) for dialect in ASK for prefix in ("", "claude-", "both-")]


def last_receipts(sampan, model):
    return sampan.get(f"/sampan/receipts?limit=3&model={model}")["receipts"]


def leave(sampan, path, body, *, after_bytes):
    """Ask, read a little (or wait a little), hang up."""
    line = socket.create_connection(("127.0.0.1", sampan.port), timeout=10)
    raw = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{sampan.port}\r\ncontent-type: application/json\r\ncontent-length: {len(raw)}\r\n\r\n"
    line.sendall(head.encode() + raw)
    if after_bytes:
        got = b""
        while b"data:" not in got:
            got += line.recv(4096)
    else:
        time.sleep(0.4)
    line.close()


def ends_as(sampan, model, end):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = last_receipts(sampan, model)
        if found and found[0]["end"] == end:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(last_receipts(sampan, model)[:1])


@pytest.mark.parametrize(("behaviour", "streams"), [("endless", True), ("slow", True), ("slow", False)])
@pytest.mark.parametrize(("dialect", "prefix"), WAYS)
def test_a_client_that_leaves_stops_the_provider(sampan, upstream, dialect, prefix, behaviour, streams):
    upstream.left.clear()
    model = prefix + behaviour
    path, body = ASK[dialect](model, TEXT)
    leave(sampan, path, {**body, "stream": streams}, after_bytes=behaviour == "endless")
    assert upstream.left.wait(5)
    receipt = ends_as(sampan, model, "client_left")
    assert receipt["crossings"][0]["model"] == model
    assert receipt["found"]["HKID"] == 1
    assert sampan.get("/healthz")["status"] == "ok"


def test_a_client_that_leaves_half_a_request(sampan, sent):
    line = socket.create_connection(("127.0.0.1", sampan.port), timeout=10)
    line.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"
    )
    line.close()
    time.sleep(0.2)
    assert sent() == []
    assert sampan.get("/healthz")["status"] == "ok"


def cut_after(number):
    """A stream that breaks after so many events."""

    def answer(body, path):
        shape = SHAPES[path.removeprefix("/v1/")]()
        events = list(shape.events(body["model"], SAID, None))
        return Script(events=events[:number], cut=True)

    return answer


@pytest.mark.parametrize(("dialect", "prefix"), WAYS)
def test_a_stream_cut_anywhere_is_no_success(sampan, upstream, dialect, prefix):
    model = f"{prefix}scripted"
    path, body = ASK[dialect](model, f"HKID {HKID}")
    spoken = "messages" if prefix == "claude-" else path.removeprefix("/v1/")
    count = len(list(SHAPES[spoken]().events("m", SAID, None)))
    for number in range(1, count - 3):
        upstream.script = cut_after(number)
        got = stream(sampan, path, body)
        assert not got.done, (number, got.raw)
        if got.status == 200:
            assert got.errors, (number, got.raw)
            name = got.headers["sampan-receipt"].split(";")[0]
            assert sampan.get(f"/sampan/receipts/{name}")["end"] == "error"
        else:
            assert got.status == 502
        assert "HKID_1]" not in got.text
    if dialect == "messages":
        assert got.raw.rstrip().split(b"\n\n")[-1].startswith(b"event: error\n")


@pytest.mark.parametrize(("dialect", "prefix"), WAYS)
def test_the_sdk_raises_when_a_stream_is_cut(sampan, upstream, dialect, prefix):
    upstream.script = cut_after(6)
    model = f"{prefix}scripted"
    url, turns = sampan.base_url, [{"role": "user", "content": "hi"}]
    with (
        openai.OpenAI(base_url=url + "/v1", api_key="x") as client,
        anthropic.Anthropic(base_url=url, api_key="x") as claude,
    ):
        start = {
            "chat": lambda: client.chat.completions.create(model=model, messages=turns, stream=True),
            "responses": lambda: client.responses.create(model=model, input="hi", stream=True),
            "messages": lambda: claude.messages.create(model=model, max_tokens=9, messages=turns, stream=True),
        }[dialect]
        running = start()
        with pytest.raises((openai.APIError, anthropic.APIError)):
            list(running)


ERROR_EVENTS = {
    "": sse({"error": {"message": "echo [HKID_1]", "type": "server_error", "code": "boom"}}),
    "claude-": sse({"type": "error", "error": {"type": "overloaded_error", "message": "echo [HKID_1]"}}, "error"),
}


@pytest.mark.parametrize("prefix", ["", "claude-"])
@pytest.mark.parametrize("dialect", ASK)
def test_an_error_inside_a_stream_is_told(sampan, upstream, dialect, prefix):
    def answer(body, path):
        events = list(SHAPES[path.removeprefix("/v1/")]().events(body["model"], "abcdefghijkl", None))[:4]
        event = ERROR_EVENTS[prefix]
        if path.endswith("/responses"):
            event = sse(
                {"type": "error", "code": "boom", "message": "echo [HKID_1]", "param": None, "sequence_number": 4},
                "error",
            )
        return Script(events=[*events, event])

    upstream.script = answer
    path, body = ASK[dialect](f"{prefix}scripted", f"HKID {HKID}")
    got = stream(sampan, path, body)
    assert not got.done
    assert f"echo {HKID}" in got.raw.decode(), got.raw
    assert got.errors


def test_an_error_at_once_in_a_stream_has_its_status(sampan, upstream):
    upstream.script = Script(events=[ERROR_EVENTS["claude-"]])
    path, body = ASK["messages"]("claude-scripted", f"HKID {HKID}")
    got = stream(sampan, path, body)
    assert got.status == 529
    assert json.loads(got.raw)["error"]["type"] == "overloaded_error"
    assert json.loads(got.raw)["error"]["message"] == f"echo {HKID}"


@pytest.mark.parametrize("dialect", ASK)
def test_an_error_with_status_200_is_an_error(sampan, upstream, dialect):
    upstream.script = Script(body={"error": {"message": "no [HKID_1]", "type": "invalid_request_error", "code": "x"}})
    for streamed in (False, True):
        path, body = ASK[dialect]("scripted", f"HKID {HKID}")
        status, _, reply = sampan.post(path, {**body, "stream": streamed})
        assert status == 400
        assert reply["error"]["message"] == f"no {HKID}"


BODIES = {
    "json": json.dumps({"error": {"message": "bad: [HKID_1]", "type": "some_error", "code": "some_code", "param": "p"}}).encode(),
    "html": b"<html>no</html>", "empty": b"", "list": b"[1]", "null": b"null", "text": b'{"error": "plain [HKID_1]"}',
    "detail": b'{"detail": "plain [HKID_1]"}', "binary": b"\xff\xfe\x00",
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", [400, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529])
def test_a_status_is_kept_whatever_the_body(sampan, upstream, status, body):
    upstream.script = Script(
        status=status, raw=BODIES[body], headers={"retry-after": "7", "x-ratelimit-remaining": "0", "server": "s"}
    )
    for dialect, prefix in WAYS:
        path, asked = ASK[dialect](f"{prefix}scripted", f"HKID {HKID}")
        got, headers, reply = sampan.post(path, {**asked, "stream": status % 2 == 1})
        assert got == status
        assert headers["retry-after"] == "7"
        assert isinstance(reply["error"]["message"], str)
        assert reply["error"]["message"]
        assert isinstance(reply["error"]["type"], str)
        assert (reply.get("type") == "error") == (dialect == "messages")
        if body == "json":
            assert reply["error"]["message"] == f"bad: {HKID}"
            assert dialect == "messages" or (reply["error"]["code"], reply["error"]["param"]) == ("some_code", "p")
        assert "[HKID_1]" not in str(reply)


def test_retry_after_as_a_date_is_kept(sampan, upstream):
    when = "Wed, 21 Oct 2037 07:28:00 GMT"
    upstream.script = Script(status=429, body={"error": {"message": "later"}}, headers={"retry-after": when})
    _, headers, _ = sampan.chat("hi", "scripted")
    assert headers["retry-after"] == when


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(("dialect", "prefix"), WAYS)
def test_a_refused_key_is_ours_and_harms_nobody_else(sampan, upstream, dialect, prefix, status):
    path, body = ASK[dialect](f"{prefix}scripted", "hi")
    upstream.script = Script(status=status, body={"error": {"message": "Incorrect API key sk-upstream-secret"}})
    got, _, reply = sampan.post(path, body)
    assert got == 502
    assert "sk-upstream" not in str(reply)
    upstream.says("fine")
    assert sampan.post(path, body)[0] == 200


def test_fifty_refusals_do_not_stop_the_next_caller(sampan, upstream):
    upstream.script = lambda body, path: Script(
        status=401 if "bad" in str(body) else 200, body=SHAPES["chat/completions"]().whole("m", "ok", None)
    )
    results = []

    def one(number):
        results.append((number % 2, sampan.chat("bad" if number % 2 else "good", "scripted")[0]))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert set(results) == {(0, 200), (1, 502)}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_redirect_is_not_followed(sampan, upstream, status, streamed):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        there = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/v1/chat/completions"
        upstream.script = Script(status=status, body={}, headers={"location": there})
        for dialect in ("chat", "messages"):
            path, body = ASK[dialect]("scripted", TEXT)
            assert sampan.post(path, {**body, "stream": streamed})[0] == 502
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_replies_that_are_none(sampan, upstream):
    for raw in (
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"<html>",
        b"\xff",
        b"{}",
        b'{"choices": []}',
        b'{"choices": "x"}',
        b'{"content": 5}',
    ):
        for dialect, prefix in WAYS:
            upstream.script = Script(raw=raw)
            path, body = ASK[dialect](f"{prefix}scripted", f"HKID {HKID}")
            status, _, reply = sampan.post(path, body)
            assert status in {200, 502}, (raw, dialect, prefix, reply)
            assert status == 502 or raw[:1] == b"{"
            assert "Traceback" not in str(reply)
            got = stream(sampan, path, body)
            assert got.status == 502 or (got.errors and not got.done), (raw, got.raw)


def test_streams_that_are_none(sampan, upstream):
    for event in (
        b"data: {\n\n",
        b"data: []\n\n",
        b"data: 5\n\n",
        b": ping\n\n",
        b"\n\n",
        b"event: x\n\n",
        b"data: \xff\n\n",
        b"nonsense\n\n",
    ):
        for dialect, prefix in WAYS:
            upstream.script = Script(events=[event])
            path, body = ASK[dialect](f"{prefix}scripted", "hi")
            got = stream(sampan, path, body)
            assert got.status == 502 or (got.errors and not got.done), (event, dialect, got.status, got.raw)


def test_an_error_that_echoes_is_restored_for_its_caller(sampan, upstream):
    def echo(body, path):
        return Script(
            status=400,
            body={
                "type": "error",
                "error": {"type": "invalid_request_error", "message": json.dumps(body, ensure_ascii=False)},
            },
        )

    upstream.script = echo
    for dialect, prefix in WAYS:
        path, body = ASK[dialect](f"{prefix}scripted", TEXT)
        status, _, reply = sampan.post(path, body)
        assert status == 400
        assert HKID in reply["error"]["message"]
        assert PHONE in reply["error"]["message"]
        assert travelled(upstream.raw[-1]) == []
