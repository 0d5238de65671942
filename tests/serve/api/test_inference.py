"""The vendor endpoints over in-memory stages: replies, streams, hang-ups."""

import asyncio

import pytest

from sampan.contract.answer import Frame, Started
from sampan.contract.errors import EngineUnavailable, PolicyRefused, StreamCut, UpstreamDown, UpstreamRefused
from sampan.contract.request import Refused
from sampan.serve.api.metrics import REQUESTS
from tests.flow import stages as s
from tests.serve import rig

OPENAI, ANTHROPIC = "/v1/chat/completions", "/v1/messages"
BOTH = pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])
STREAM = rig.CHAT | {"stream": True}


async def test_a_whole_reply():
    app, provider, records = rig.spied(Started(headers={"x-request-id": "req_up", "x-ratelimit-limit-requests": "5"}),
                                   *s.good("a")[1:])  # fmt: skip
    reply = await rig.ask(app, "POST", OPENAI, rig.CHAT)
    assert reply.status == 200
    assert reply.json == s.text("a").data
    assert reply.headers["x-request-id"] == "req_up"
    assert reply.headers["x-ratelimit-limit-requests"] == "5"
    assert reply.headers["sampan-model"] == "cloud"
    assert reply.headers["sampan-place"] == "public/cloud"
    assert reply.headers["sampan-receipt"].startswith(records.opened[0] + "; head=")
    assert reply.headers["content-length"] == str(len(reply.raw))
    assert (rig.ends(records), provider.closed) == ([("complete", "")], 1)


async def test_without_an_upstream_s_request_id_it_is_the_receipt():
    app, _, records = rig.spied(*s.good("a"))
    reply = await rig.ask(app, "POST", ANTHROPIC, rig.CHAT, {"x-request-id": "mine"})
    assert reply.headers["x-request-id"] == reply.headers["request-id"] == records.opened[0]


async def test_the_head_is_the_newest_when_the_reply_begins():
    class Growing(s.Records):
        def head(self):
            return f"{len(self.closed)}:abc"

    for path, body, count in ((OPENAI, rig.CHAT, 1), (OPENAI, STREAM, 0)):
        provider = s.Scripted(s.model("cloud"), *s.good("a"))
        reply = await rig.ask(rig.app(stages=s.stages(provider, records=Growing())), "POST", path, body)
        assert reply.headers["sampan-receipt"].endswith(f"; head={count}:abc")


async def test_a_stream_ends_with_done():
    app, _, records = rig.spied(*s.good("a", "b"))
    reply = await rig.ask(app, "POST", OPENAI, STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert [data for _, data in reply.events] == [s.text("a").data, s.text("b").data, "[DONE]"]
    assert reply.ended
    assert rig.ends(records) == [("complete", "")]


async def test_what_is_at_hand_is_sent_together_and_nothing_waits_for_what_is_not():
    follows = Frame(s.text("a").data, more=True)
    app, _, _ = rig.spied(Started(), follows, follows, s.text("b"), s.text("c"), *s.good()[1:])
    reply = await rig.ask(app, "POST", OPENAI, STREAM)
    assert [part.count(b"data: ") for part in reply.parts] == [3, 1, 1, 0]
    app, _, _ = rig.spied(Started(), follows, follows, StreamCut("cut"))
    reply = await rig.ask(app, "POST", OPENAI, STREAM)
    assert [data for _, data in reply.events][:2] == [s.text("a").data] * 2
    assert reply.events[2][1]["sampan"]["code"] == "stream_cut"


async def test_anthropic_and_responses_streams_name_their_events():
    for path, body in ((ANTHROPIC, STREAM), ("/v1/responses", {"model": "auto", "input": "hi", "stream": True})):
        app, _, _ = rig.spied(Started(), Frame({"type": "one"}), Frame({"type": "two"}, "named"), *s.good()[1:])
        reply = await rig.ask(app, "POST", path, body)
        assert [name for name, _ in reply.events] == ["one", "named"]


async def test_count_tokens_of_a_model_that_cannot_count_is_estimated_here():
    app, provider, _ = rig.spied(*s.good("a"))
    reply = await rig.ask(app, "POST", "/v1/messages/count_tokens", rig.CHAT)
    assert reply.json["input_tokens"] > 0
    assert provider.calls == 0


@BOTH
async def test_refused_by_policy(path):
    def refused(labelled):
        return Refused(labelled, ("hk-id-stays-home",), "It carries a HKID.", ("Ask a model on this device",))

    records = s.Records()
    stages = s.stages(s.Scripted(s.model("cloud")), records=records, decider=s.Decider(refusal=refused))
    reply = await rig.ask(rig.app(stages=stages), "POST", path, rig.CHAT)
    value = rig.is_vendor_error(reply, path, 403, "refused_by_policy")
    assert value["error"]["message"] == "It carries a HKID. Ask a model on this device."
    assert value["sampan"]["rules"] == ["hk-id-stays-home"]
    assert value["sampan"]["ways_on"] == ["Ask a model on this device"]
    assert value["sampan"]["receipt"] == records.opened[0]
    assert reply.headers["sampan-receipt"].startswith(records.opened[0])
    assert reply.headers["x-request-id"] == records.opened[0]
    assert rig.ends(records) == [("refused", PolicyRefused.code)]


@BOTH
async def test_no_room_for_a_record_is_507_and_nothing_runs(path):
    provider = s.Scripted(s.model("cloud"), *s.good("a"))
    reply = await rig.ask(rig.app(stages=s.stages(provider, records=s.Records(full=True))), "POST", path, rig.CHAT)
    rig.is_vendor_error(reply, path, 507, "storage_full")
    assert provider.calls == 0


@BOTH
@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
async def test_an_upstream_s_error_keeps_status_body_and_retry_after(path, body):
    upstream = {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down", "code": "some_code"}}
    error = UpstreamRefused("cloud answered 429.", status=429, upstream=upstream, headers={"retry-after": "7"})
    app, _, records = rig.spied(Started(), error)
    reply = await rig.ask(app, "POST", path, body)
    value = rig.is_vendor_error(reply, path, 429, "upstream_refused")
    assert value["error"]["message"] == "slow down"
    assert (value["error"]["type"], value["error"]["code"]) == ("rate_limit_error", "some_code")
    assert reply.headers["retry-after"] == "7"
    assert rig.ends(records) == [("error", "upstream_refused")]


async def test_when_to_come_back_is_said_in_whole_seconds():
    app, _, _ = rig.spied(EngineUnavailable("It loads.", retry_after=0.2))
    reply = await rig.ask(app, "POST", OPENAI, rig.CHAT)
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")


@BOTH
@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
async def test_a_failure_nobody_expected(path, body, caplog):
    app, provider, records = rig.spied(Started(), ValueError("A123456(3)"))
    reply = await rig.ask(app, "POST", path, body)
    value = rig.is_vendor_error(reply, path, 500, "internal_error")
    assert value["sampan"]["receipt"] == records.opened[0]
    assert b"A123456" not in reply.raw
    assert "ValueError" in caplog.text
    assert "A123456" not in caplog.text
    assert (rig.ends(records), provider.closed) == ([("error", "internal_error")], 1)


@pytest.mark.parametrize(("error", "code"), [(StreamCut("It ended in the middle."), "stream_cut"),
                                             (UpstreamDown("Gone.", status=529), "upstream_down"),
                                             (ValueError("A123456(3)"), "internal_error")])  # fmt: skip
@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC, "/v1/responses", "/v1/completions"])
async def test_an_error_in_the_middle_of_a_stream_is_its_last_event(path, error, code):
    app, provider, records = rig.spied(Started(), s.text("a"), error)
    reply = await rig.ask(app, "POST", path, STREAM | {"input": "hi", "prompt": "hi"})
    (_, first), (name, last) = reply.events
    assert (reply.status, reply.ended, first) == (200, True, s.text("a").data)
    assert last["sampan"]["code"] == code
    assert name == ("error" if path in {ANTHROPIC, "/v1/responses"} else "")
    assert (last if path == "/v1/responses" else last["error"])["message"]
    assert path != "/v1/responses" or (last["type"], last["sequence_number"]) == ("error", 1)
    assert b"[DONE]" not in reply.raw
    assert b"A123456" not in reply.raw
    assert (rig.ends(records), provider.closed) == ([("error", code)], 1)


def counted(end):
    return sum(sample.value for metric in REQUESTS.collect() for sample in metric.samples
               if sample.name.endswith("_total") and sample.labels["end"] == end)  # fmt: skip


async def test_a_stream_that_failed_is_not_counted_as_answered():
    before = counted("answered"), counted("stream_cut")
    app, _, _ = rig.spied(Started(), s.text("a"), StreamCut("cut"))
    await rig.ask(app, "POST", OPENAI, STREAM)
    assert (counted("answered"), counted("stream_cut")) == (before[0], before[1] + 1)


@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
async def test_a_caller_who_leaves_while_waiting_stops_the_model(body):
    started = asyncio.Event()

    async def wait():
        started.set()
        await asyncio.sleep(60)

    app, provider, records = rig.spied(wait)
    before = counted("client_left")
    caller = rig.Caller(app)
    asking = asyncio.create_task(caller.ask("POST", OPENAI, body))
    await started.wait()
    caller.leave()
    reply = await asking
    assert reply.status is None
    assert (rig.ends(records), provider.closed) == ([("client_left", "")], 1)
    assert counted("client_left") == before + 1


async def test_a_caller_who_leaves_in_the_middle_of_a_stream_stops_the_model():
    started = asyncio.Event()

    async def wait():
        started.set()
        await asyncio.sleep(60)

    app, provider, records = rig.spied(Started(), s.text("a"), wait)
    caller = rig.Caller(app)
    asking = asyncio.create_task(caller.ask("POST", ANTHROPIC, STREAM))
    await started.wait()
    caller.leave()
    reply = await asking
    assert reply.status == 200
    assert reply.messages[-1].get("more_body") is not False
    assert (rig.ends(records), provider.closed) == ([("client_left", "")], 1)
    assert [c.error for c in records.closed[0][1].crossings] == ["client_left"]


@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
@pytest.mark.parametrize("after", [0, 1])
async def test_a_line_that_breaks_while_sending(body, after, caplog):
    """Some servers raise when the caller is gone."""
    app, provider, records = rig.spied(*s.good("a", "b"))
    caller = rig.Caller(app)
    record = caller.messages.append

    class Breaking(list):
        def append(self, message):
            if len(self) >= after:
                raise ConnectionResetError
            record(message)
            super().append(message)

    caller.messages = Breaking()
    await caller.ask("POST", OPENAI, body)
    assert [end for end, _ in rig.ends(records)] == ["client_left" if body is STREAM else "complete"]
    assert provider.closed == 1
    assert "unexpected" not in caplog.text


async def test_a_caller_who_leaves_while_sending_the_body_leaves_no_record():
    app, provider, records = rig.spied(*s.good("a"))
    caller = rig.Caller(app)
    caller.leave()
    reply = await caller.ask("POST", OPENAI, parts=[])
    assert (reply.status, records.opened, provider.calls) == (None, [], 0)


async def test_what_orjson_cannot_write_is_answered_all_the_same():
    frame = Frame({"choices": [{"index": 0, "delta": {"content": "\ud83d", "n": 1 << 70}}]})
    for body in (rig.CHAT, STREAM):
        app, _, _ = rig.spied(Started(), frame, *s.good()[1:])
        reply = await rig.ask(app, "POST", OPENAI, body)
        assert reply.status == 200
        assert (reply.json if body is rig.CHAT else reply.events[0][1]) == frame.data


async def test_who_asks_comes_from_the_key():
    seen = []

    class Spy(s.Records):
        def open(self, request):
            seen.append(request.principal)
            return super().open(request)

    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("a")), records=Spy())
    await rig.ask(rig.app(stages=stages), "POST", OPENAI, rig.CHAT, {"x-api-key": rig.KEY})
    await rig.ask(rig.app(stages=stages), "POST", OPENAI, rig.CHAT,
                  {"x-api-key": "unused", "user-agent": "OpenAI/Python 3.57"})  # fmt: skip
    assert [(p.user, p.app, p.key) for p in seen] == [("mei", "app", "key_1"), (seen[1].user, "openai", "")]


@BOTH
@pytest.mark.parametrize("client", [rig.AWAY, ("127.0.0.1", 9)])
async def test_strangers_and_other_users_need_a_key(path, client):
    app, provider, _ = rig.spied(*s.good("a"))
    reply = await rig.ask(app, "POST", path, rig.CHAT, client=client)
    value = rig.is_vendor_error(reply, path, 401, "invalid_api_key")
    assert value["error"]["type"] == "authentication_error"
    assert provider.calls == 0


@BOTH
async def test_a_wrong_key_is_refused_before_the_body_is_read(path):
    caller = rig.Caller(rig.app())
    reply = await caller.ask("POST", path, headers={"x-api-key": "sk-sampan-bad"}, parts=[])
    rig.is_vendor_error(reply, path, 401, "invalid_api_key")
