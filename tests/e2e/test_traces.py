"""After everything that can go wrong: no value in the log, the home folder, receipts, metrics or error messages."""

import json
import pathlib
import re
import threading

import pytest

from tests.support.asking import stream
from tests.support.attack import ASK, EMAIL, HKID, KEY, NAME, PHONE, TEXT
from tests.support.dialects import SHAPES, sse
from tests.support.server import NO_LOCAL, Server, public
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e

ALL = f"{TEXT} {KEY}"
SIGNS = [
    HKID,
    "A123456",
    PHONE,
    "91234567",
    EMAIL,
    "mei.chan",
    NAME,
    KEY,
    "4111111111111111",
    "4111 1111",
    "up-secret-7731",
]


def found_in(raw):
    text = raw.decode("utf-8", "replace") + json.dumps(raw.decode("utf-8", "replace"))
    return [sign for sign in SIGNS if sign in text or json.dumps(sign)[1:-1] in text]


def echo_error(status):
    def answer(body, path):
        return Script(
            status=status, body={"error": {"message": json.dumps(body, ensure_ascii=False), "type": "t", "code": HKID}}
        )

    return answer


def stream_error(body, path):
    events = list(SHAPES[path.removeprefix("/v1/")]().events("m", "[HKID_1] and more", None))[:4]
    return Script(events=[*events, sse({"error": {"message": f"oops {HKID} [HKID_1]"}})])


def everything(server, upstream):
    """Requests that end in every way there is."""
    scripts = [echo_error(400), echo_error(401), echo_error(429), echo_error(500), stream_error,
               Script(raw=f"<html>{HKID}</html>".encode()), Script(raw=b'{"x": "' + HKID.encode()),
               Script(events=[f"data: {{{HKID}\n\n".encode()]),
               Script(status=302, body={}, headers={"location": f"http://{HKID}/"})]  # fmt: skip
    for script in scripts:
        for dialect in ASK:
            for prefix in ("", "claude-", "both-"):
                upstream.script = script
                path, body = ASK[dialect](f"{prefix}scripted", ALL)
                server.post(path, body)
                stream(server, path, body)
    for dialect in ASK:
        for model in ("echo", "claude-echo", "both-echo", "tools", HKID, f"auto:{EMAIL}", "auto:private"):
            server.post(*ASK[dialect](model, ALL))
    refused(server)


def refused(server):
    chat = "/v1/chat/completions"
    odd = [{"messages": [{"role": HKID, "content": ALL}]}, {"messages": ALL}, {HKID: ALL}, {"card": 4111111111111111},
           {"messages": [{"role": "user", "content": [{"type": HKID, HKID: ALL}]}]}, {"tools": [{"type": HKID}]},
           {"response_format": {"type": HKID}}, {"sampan_unmask": [{"text": HKID, "reason": EMAIL}]}]  # fmt: skip
    asked = {"messages": [{"role": "user", "content": "x"}]}
    bad = [json.dumps({"model": model, **asked, **each}).encode() for each in odd for model in ("echo", "claude-echo")]
    bad.append(b"{" + ALL.encode())
    for body in bad:
        server.call("POST", chat, body, {"x-note": HKID, "user-agent": EMAIL})
        server.call("POST", "/v1/messages", body, {"anthropic-beta": HKID})
    for path in (f"/v1/models/{EMAIL}", f"/v1/responses/{HKID.replace('(', '%28')}", f"/sampan/receipts/{EMAIL}", f"/{EMAIL}?q={HKID}",
                 f"/sampan/receipts?user={EMAIL}&limit={HKID}"):  # fmt: skip
        server.call("GET", path)
    server.call("POST", chat, {"model": "echo"}, {"authorization": f"Bearer {KEY}"})
    server.call("POST", "/sampan/decide", {"model": "echo", "messages": [{"role": "user", "content": ALL}]})


def test_nothing_is_left_behind(upstream, tmp_path):
    toml = NO_LOCAL + '[privacy]\nterms_file = "words.txt"\n'
    for name in ("echo", "tools", "scripted", "endless"):
        for prefix, wire in (("", '"openai"'), ("claude-", '"anthropic"'), ("both-", '["openai", "anthropic"]')):
            toml += public(prefix + name, upstream.base_url, name, wire, 'api_key = "env:UP_KEY"')
    home = tmp_path / "home"
    home.mkdir()
    (home / "words.txt").write_text(f"PERSON:{NAME}\n")
    server = Server(home, toml, env={"UP_KEY": "up-secret-7731"})
    with server:
        everything(server, upstream)
        paths = (
            "/metrics",
            "/sampan/receipts?limit=1000",
            "/sampan/status",
            "/sampan/models",
            "/sampan/receipts/verify",
            "/",
        )
        pages = [server.call("GET", path)[2] for path in paths]
        leaver = threading.Thread(target=lambda: stream(server, *ASK["chat"]("endless", ALL)), daemon=True)
        leaver.start()
        leaver.join(0.5)
        server.process.kill()
        server.process.wait(10)
    for page in pages:
        assert found_in(page) == [], re.findall(r".{100}mei\.chan.{60}", page.decode())[:3]
    assert b"rcp_" in pages[1]
    files = [path for path in pathlib.Path(home).rglob("*") if path.is_file() and path.name != "words.txt"]
    assert len(files) > 4
    for path in files:
        assert found_in(path.read_bytes()) == [], path
    log = (home / "test.log").read_text()
    assert "Traceback" not in log
    assert "internal_error" not in log


def test_errors_quote_nothing(sampan, sent):
    chat, odd = "/v1/chat/completions", {"role": HKID, "content": "x"}
    cases = [
        (chat, {"model": "echo", "messages": [{"role": "user", "content": [{"type": HKID}]}]}),
        (chat, {"model": "echo", "messages": [{"role": "user", "content": "x"}], "card": 4111111111111111}),
        (
            chat,
            {"model": "claude-echo", "messages": [{"role": "user", "content": "x"}], "tool_choice": HKID, "tools": []},
        ),
        (chat, {"model": "claude-echo", "messages": [odd]}),
        ("/v1/messages", {"model": "echo", "max_tokens": 5, "messages": [odd]}),
        (
            "/v1/messages",
            {
                "model": "echo",
                "max_tokens": 5,
                "tools": [{"type": HKID}],
                "messages": [{"role": "user", "content": "x"}],
            },
        ),
        ("/v1/responses", {"model": "claude-echo", "input": [{"type": HKID}]}),
        ("/v1/responses", {"model": "echo", "input": "x", "previous_response_id": HKID}),
        ("/v1/responses", {"model": "claude-echo", "input": "x", "text": {"format": {"type": HKID}}}),
    ]
    for path, body in cases:
        status, _, raw = sampan.call("POST", path, body)
        assert status in {200, 400, 403, 404}
        assert found_in(raw) == [], (path, body, raw)
