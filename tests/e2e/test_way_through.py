"""One request followed: what leaves, what comes back, what the receipt says."""

import http.client
import json
import signal
import threading
import time

import pytest

from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e

TEXT = "幫我用英文覆呢個客：(HKID A123456(3)，電話 9123 4567) 想取消6月3號嘅booking。"


def receipt_of(sampan, headers):
    name = headers["sampan-receipt"].split(";")[0]
    return sampan.get(f"/sampan/receipts/{name}")


def test_what_leaves_what_returns_and_the_receipt_agree(sampan, sent):
    status, headers, reply = sampan.chat(TEXT, "echo")
    assert status == 200
    assert reply["choices"][0]["message"]["content"] == TEXT
    assert (
        sent()[-1]["messages"][0]["content"]
        == "幫我用英文覆呢個客：(HKID [HKID_1]，電話 [PHONE_1]) 想取消6月3號嘅booking。"
    )
    receipt = receipt_of(sampan, headers)
    assert receipt["found"] == {"HKID": 1, "PHONE": 1}
    assert receipt["sensitivity"] == "restricted"
    assert receipt["policy"]["chosen"] == ["echo", "masked"]
    assert ["echo", "clear", ["hk-id-stays-home", "contacts-stay-home"]] in [
        [model, form, rules] for model, form, rules, *_ in receipt["policy"]["refused"]
    ] or any("hk-id-stays-home" in refusal[2] for refusal in receipt["policy"]["refused"])
    crossing = receipt["crossings"][0]
    assert crossing["masked"] == {"HKID": 1, "PHONE": 1}
    assert crossing["jurisdiction"] == "US"
    assert crossing["bytes_out"] > 100
    assert receipt["end"] == "complete"
    assert "A123456" not in json.dumps(receipt, ensure_ascii=False)
    assert headers["sampan-masked"] == "HKID=1,PHONE=1"


def test_decide_without_running(sampan, sent):
    status, _, decision = sampan.post(
        "/sampan/decide", {"model": "echo", "messages": [{"role": "user", "content": TEXT}]}
    )
    assert status == 200
    assert decision["chosen"]["masked"] == ["HKID", "PHONE"]
    assert sent() == []


def test_a_look_alike_typed_by_the_user_is_not_restored(sampan, sent):
    text = "I wrote [HKID_1] myself; hers is A123456(3)."
    _, _, reply = sampan.chat(text, "echo")
    assert reply["choices"][0]["message"]["content"] == text
    assert "A123456" not in str(sent())


def test_an_image_is_refused_towards_another_realm(sampan, sent):
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    status, _, reply = sampan.post(
        "/v1/chat/completions", {"model": "echo", "messages": [{"role": "user", "content": [part]}]}
    )
    assert status == 403
    assert reply["error"]["code"] == "refused_by_policy"
    assert reply["sampan"]["ways_on"]
    assert sent() == []


def test_unmask_with_a_reason_is_permitted_and_told(sampan, sent):
    body = {"model": "echo", "messages": [{"role": "user", "content": "call 9123 4567 now"}],
            "sampan_unmask": [{"text": "9123 4567", "reason": "a part number, no phone"}]}  # fmt: skip
    status, headers, _ = sampan.post("/v1/chat/completions", body)
    assert status == 200
    assert "9123 4567" in str(sent()[-1])
    assert "sampan_unmask" not in sent()[-1]
    assert receipt_of(sampan, headers)["unmasked"] == {"PHONE": 1}


def test_a_conversation_keeps_its_numbers_for_its_owner_alone(sampan, sent):
    own = {"conversation": "case-7"}
    sampan.chat("電話 9123 4567", "echo", sampan=own)
    sampan.chat("電話 6123 4567，9123 4567", "echo", sampan=own)
    sampan.chat("電話 6123 4567", "echo")
    texts = [body["messages"][0]["content"] for body in sent()]
    assert texts == ["電話 [PHONE_1]", "電話 [PHONE_2]，[PHONE_1]", "電話 [PHONE_1]"]
    assert "sampan" not in sent()[-1]


def test_a_secret_cannot_be_unmasked(sampan, sent):
    body = {"model": "echo", "messages": [{"role": "user", "content": "key sk-ant-REDACTED"}],
            "sampan_unmask": [{"text": "sk-ant-REDACTED", "reason": "it is fine"}]}  # fmt: skip
    body = json.loads(json.dumps(body).replace("sk-ant-REDACTED", "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"))
    status, _, _ = sampan.post("/v1/chat/completions", body)
    assert status == 403
    assert sent() == []


def test_a_value_split_over_parts_is_masked(sampan, sent):
    parts = [{"type": "text", "text": "HKID A123"}, {"type": "text", "text": "456(3) please"}]
    status, _, _ = sampan.post(
        "/v1/chat/completions", {"model": "echo", "messages": [{"role": "user", "content": parts}]}
    )
    assert status in {200, 403}
    assert "A123" not in str(sent())


@pytest.mark.parametrize("value", ["Ａ１２３４５６（３）", "A1\u200b23456(3)", "A 123456 (3)"])
def test_other_ways_of_writing_are_masked_and_come_back_exactly(sampan, sent, value):
    text = f"身份證 {value} 完"
    _, _, reply = sampan.chat(text, "echo")
    assert reply["choices"][0]["message"]["content"] == text
    assert value not in str(sent())


def test_escaped_tool_arguments_are_read(sampan, sent):
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"id": "\\u0041123456(3)"}'}}
    messages = [{"role": "user", "content": "x"}, {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "c", "content": "done"}]  # fmt: skip
    status, _, _ = sampan.post("/v1/chat/completions", {"model": "echo", "messages": messages})
    assert status == 200
    assert json.loads(sent()[-1]["messages"][1]["tool_calls"][0]["function"]["arguments"]) == {"id": "[HKID_1]"}


def test_a_number_that_cannot_be_masked_is_refused(sampan, sent):
    body = {"model": "echo", "messages": [{"role": "user", "content": "x"}], "metadata": {"card": 4111111111111111}}
    status, _, _ = sampan.post("/v1/chat/completions", body)
    assert status == 403
    assert sent() == []


def test_two_hundred_conversations_at_once_keep_their_own(sampan):
    wrong = []

    def one(number):
        phone = f"9{number:03d} {number * 13 % 10000:04d}"
        _, _, reply = sampan.chat(f"電話 {phone}", "echo")
        if phone not in reply["choices"][0]["message"]["content"]:
            wrong.append(number)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_a_caller_who_hangs_up_stops_the_provider(sampan, upstream):
    upstream.left.clear()
    for model, stream in (("endless", True), ("slow", False)):
        upstream.left.clear()
        line = http.client.HTTPConnection("127.0.0.1", sampan.port, timeout=10)
        body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": "hi"}]})
        line.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        if stream:
            line.getresponse().read(10)
        else:
            time.sleep(0.5)
        line.sock.close() if line.sock else line.close()
        line.close()
        assert upstream.left.wait(5), model


def test_receipts_verify(sampan):
    sampan.chat("hello", "echo")
    time.sleep(0.1)
    verdict = sampan.get("/sampan/receipts/verify")
    assert verdict["ok"], verdict


def test_killed_in_the_middle_every_request_has_a_closed_receipt(upstream, tmp_path):
    server = Server(tmp_path / "home", NO_LOCAL + public("endless", upstream.base_url, "endless"))
    server.start()
    started = []

    def one():
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        body = json.dumps(
            {"model": "endless", "stream": True, "messages": [{"role": "user", "content": "電話 9123 4567"}]}
        )
        line.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        reply = line.getresponse()
        started.append(reply.headers["sampan-receipt"].split(";")[0])
        try:
            while reply.read(100):
                pass
        except (OSError, http.client.HTTPException):
            pass
        finally:
            line.close()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while len(started) < 50 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(started) == 50
    server.stop(signal.SIGKILL)
    for thread in threads:
        thread.join(20)
    server.start()
    try:
        for name in started:
            assert server.get(f"/sampan/receipts/{name}")["end"] == "interrupted"
        assert server.get("/sampan/receipts/verify")["ok"]
    finally:
        server.stop()


def test_without_cloud_nothing_leaves(upstream, tmp_path):
    with Server(tmp_path / "home", NO_LOCAL + public("echo", upstream.base_url, "echo"), "--no-cloud") as server:
        before = len(upstream.bodies)
        status, _, reply = server.chat("hello", "echo")
        assert status == 403, reply
        assert len(upstream.bodies) == before
