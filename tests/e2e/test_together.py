"""Many callers at once, with keys and without, over connections as clients really make them."""

import gzip
import http.client
import itertools
import json
import threading

import anthropic
import openai
import pytest

from tests.support.asking import answer
from tests.support.attack import ASK, HKID, chat, messages, responses, said
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e


def test_streams_at_once_keep_their_own(sampan, upstream):
    numbers = [f"9{n:03d} {(n * 7919) % 10000:04d}" for n in range(90)]
    wrong = []
    models = ["echo", "claude-echo", "both-echo"]

    def one(number):
        dialect, model = list(ASK)[number % 3], models[number // 3 % 3]
        text = f"電話 {numbers[number]} 同 [PHONE_1] 完"
        got = answer(sampan, dialect, model, text, streamed=number % 2 == 0)
        if got != text:
            wrong.append((number, got))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(numbers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_an_unchanged_history_leaves_as_the_same_bytes(sampan, upstream):
    """Prompt caches of providers stay valid: a later turn begins with exactly what the earlier one was."""
    turns = [{"role": "user", "content": f"HKID {HKID}, 電話 9123 4567"}]
    for number in range(4):
        for path, body in (chat("echo", messages=turns), messages("claude-echo", messages=turns)):
            assert sampan.post(path, body)[0] == 200
        turns = [
            *turns,
            {"role": "assistant", "content": f"noted 9123 {number}567"},
            {"role": "user", "content": f"next: 6123 456{number}"},
        ]
    for path in ("/v1/chat/completions", "/v1/messages"):
        sent = [body["messages"] for body, where in zip(upstream.bodies, upstream.paths, strict=True) if where == path][
            -4:
        ]
        for earlier, later in itertools.pairwise(sent):
            assert later[: len(earlier)] == earlier


@pytest.fixture(scope="module")
def keyed(upstream, tmp_path_factory):
    toml = NO_LOCAL + public("echo", upstream.base_url, "echo", '["openai", "anthropic"]')
    with Server(tmp_path_factory.mktemp("keyed"), toml) as server:
        made = json.loads(server.cli("keys", "add", "laptop", "--application", "notes", "--json").stdout)
        server.key = made.get("key") or made.get("secret") or made["value"]
        yield server


def test_a_named_key_in_either_header(keyed, upstream):
    with openai.OpenAI(base_url=keyed.base_url + "/v1", api_key=keyed.key) as client:
        assert client.chat.completions.create(model="echo", messages=[{"role": "user", "content": "hi"}]).choices
    for how in ({"api_key": keyed.key}, {"auth_token": keyed.key}):
        with anthropic.Anthropic(base_url=keyed.base_url, **how) as claude:
            assert claude.messages.create(
                model="echo", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            ).content
    for headers in ({"authorization": f"Bearer {keyed.key}"}, {"x-api-key": keyed.key}):
        _, head, _ = keyed.post(*chat("echo"), headers)
        receipt = keyed.get("/sampan/receipts/" + head["sampan-receipt"].split(";")[0])
        assert receipt["who"]["app"] == "notes"
    assert keyed.key not in str(upstream.headers)


def test_a_conversation_is_its_owner_s(keyed):
    other = json.loads(keyed.cli("keys", "add", "other", "--json").stdout)
    other = other.get("key") or other.get("secret") or other["value"]
    _, _, reply = keyed.post(*responses("echo", f"HKID {HKID}"), {"x-api-key": keyed.key})
    theirs = {"x-api-key": other}
    path, body = responses("echo", "what did I say?", previous_response_id=reply["id"])
    for status, _, got in (keyed.post(path, body, theirs), keyed.post(path, body)):
        assert status == 404
        assert HKID not in str(got)
    assert keyed.call("GET", f"/v1/responses/{reply['id']}", headers=theirs)[0] == 404
    assert keyed.call("DELETE", f"/v1/responses/{reply['id']}", headers=theirs)[0] == 404
    assert keyed.post(path, body, {"x-api-key": keyed.key})[0] == 200


@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
def test_a_wrong_key_is_told_in_the_dialect(keyed, header):
    value = "sk-sampan-wrong" if header == "x-api-key" else "Bearer sk-sampan-wrong"
    status, _, reply = keyed.post(*chat("echo"), {header: value})
    assert (status, reply["error"]["type"], reply["error"]["code"]) == (401, "authentication_error", "invalid_api_key")
    status, _, reply = keyed.post(*messages("echo"), {header: value})
    assert (status, reply["type"], reply["error"]["type"]) == (401, "error", "authentication_error")


def test_bodies_in_chunks_compressed_and_announced(sampan):
    path, body = chat("echo", f"HKID {HKID}")
    raw = json.dumps(body).encode()
    kind = {"content-type": "application/json"}
    for send in ({"body": iter([raw[:9], raw[9:]]), "headers": kind, "encode_chunked": True},
                 {"body": gzip.compress(raw), "headers": {**kind, "content-encoding": "gzip"}},
                 {"body": raw, "headers": {**kind, "expect": "100-continue"}},
                 {"body": raw, "headers": {"content-type": "application/json; charset=utf-8"}}):  # fmt: skip
        line = http.client.HTTPConnection("127.0.0.1", sampan.port, timeout=10)
        if send.pop("encode_chunked", False):
            send["headers"] = {**kind, "transfer-encoding": "chunked"}
            line.request("POST", path, encode_chunked=True, **send)
        else:
            line.request("POST", path, **send)
        reply = line.getresponse()
        assert reply.status == 200
        assert said(json.loads(reply.read())) == f"HKID {HKID}"
        line.close()


def test_one_connection_serves_many_requests(sampan):
    line = http.client.HTTPConnection("127.0.0.1", sampan.port, timeout=10)
    for number in range(20):
        path, body = ASK[list(ASK)[number % 3]]("both-echo", f"HKID {HKID} {number}")
        line.request(
            "POST", path, json.dumps({**body, "stream": number % 2 == 0}), {"content-type": "application/json"}
        )
        reply = line.getresponse()
        assert reply.status == 200
        reply.read()
    line.close()
