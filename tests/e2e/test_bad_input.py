"""Bad input: a vendor-shaped error with a way on; nothing forwarded, no traceback, still alive."""

import gzip
import json

import pytest

from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
GOOD = {"model": "echo", "messages": [{"role": "user", "content": "hi"}]}

CASES = [
    (b"", 400), (b"{", 400), (b"[]", 400), (b'"x"', 400), (b"\xff\xfe", 400),
    (b'{"model": "echo"}', 400), (b'{"messages": [{"role":"user","content":"x"}]}', 400),
    (b'{"model": 5, "messages": []}', 400), (b'{"model": "echo", "messages": []}', 400),
    (b'{"model": "echo", "messages": "hi"}', 400), (b'{"model": "echo", "messages": [5]}', 400),
    (b'{"model": "echo", "messages": [{"role":"user","content":7}]}', 400),
    (b'{"model": "echo", "model": "echo", "messages": [{"role":"user","content":"x"}]}', 400),
    (b'{"model": "echo", "messages": [{"role":"user","content":"x"}], "stream": "yes"}', 400),
    (b'{"model": "echo", "messages": [{"role":"user","content":"\xff"}]}', 400),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
    (b'{"model": "echo", "messages": [{"role":"user","content":"\\ud800"}]}', 400),
    (json.dumps({**GOOD, "model": "ecko"}).encode(), 404),
    (json.dumps({**GOOD, "sampan_unmask": "all"}).encode(), 400),
]  # fmt: skip


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
@pytest.mark.parametrize(("body", "status"), CASES)
def test_malformed(sampan, sent, path, body, status):
    got, _, reply = sampan.call("POST", path, body)
    value = json.loads(reply)
    assert got == status
    assert value["error"]["message"]
    assert "Traceback" not in str(value)
    assert (value.get("type") == "error") == (path == MESSAGES)
    assert sent() == []


def test_an_unknown_model_is_told_with_a_suggestion(sampan):
    _, _, reply = sampan.chat("hi", "ecko")
    assert "echo" in reply["error"]["message"]
    assert reply["error"]["code"] == "model_not_found"


def test_fifty_megabytes(sampan, sent):
    body = json.dumps({**GOOD, "pad": "x" * 50_000_000}).encode()
    try:
        status, _, _ = sampan.call("POST", CHAT, body)
        assert status == 413
    except OSError:
        pass  # the connection may be closed while the client is still sending
    assert sent() == []
    assert sampan.get("/healthz")["status"] == "ok"


def test_five_megabytes_in_one_line(upstream, sent, tmp_path):
    """Without names, which take half a minute for as much."""
    text = "0 " * 1_000_000 + "x" * 2_900_000 + " HKID A123456(3) " + "字" * 50_000
    toml = NO_LOCAL + "[privacy]\nnames = false\n" + public("echo", upstream.base_url, "echo")
    with Server(tmp_path, toml) as server:
        status, _, reply = server.chat(text, "echo")
        assert status in {200, 403}, reply
        assert "A123456(3)" not in str(sent())
        assert server.get("/healthz")["status"] == "ok"


def test_gzip_bomb(sampan, sent):
    status, _, _ = sampan.call("POST", CHAT, gzip.compress(b" " * 200_000_000), {"content-encoding": "gzip"})
    assert status == 413
    assert sent() == []


@pytest.mark.parametrize(
    "headers", [{"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}]
)
def test_other_types(sampan, sent, headers):
    status, _, _ = sampan.call("POST", CHAT, json.dumps(GOOD).encode(), headers)
    assert status == 400
    assert sent() == []


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://evil.example"}])
@pytest.mark.parametrize("path", [CHAT, "/sampan/receipts", "/", "/healthz", "/v1/models"])
def test_other_sites(sampan, sent, headers, path):
    method = "POST" if path == CHAT else "GET"
    status, _, _ = sampan.call(method, path, GOOD if method == "POST" else None, headers)
    assert status == 403
    assert sent() == []


def test_own_api_needs_the_token(sampan):
    for path in ("/sampan/receipts", "/sampan/status", "/sampan/keys"):
        status, _, _ = sampan.call("GET", path, headers={"authorization": "Bearer wrong"})
        assert status == 401


def test_unknown_paths_and_methods(sampan):
    assert sampan.call("GET", "/nothing")[0] == 404
    assert sampan.call("GET", CHAT)[0] == 404
    assert sampan.call("POST", "/v1/audio/speech", {})[0] == 501


def test_a_wrong_key_is_401(sampan):
    status, _, raw = sampan.call("POST", CHAT, GOOD, {"authorization": "Bearer sk-sampan-wrong"})
    assert status == 401
    assert json.loads(raw)["error"]["code"] == "invalid_api_key"
