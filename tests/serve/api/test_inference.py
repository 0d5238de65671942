"""The vendor endpoints over in-memory stages: bodies, replies, streams, hang-ups."""

import asyncio
import gzip
import json

import pytest

from sampan.contract.answer import Frame, Started
from sampan.contract.errors import EngineUnavailable, PolicyRefused, StreamCut, UpstreamDown, UpstreamRefused
from sampan.contract.request import Refused
from sampan.serve.api.metrics import REQUESTS
from sampan.settings import Server
from tests.flow import stages as s
from tests.serve import rig

OPENAI, ANTHROPIC = "/v1/chat/completions", "/v1/messages"
BOTH = pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])
STREAM = rig.CHAT | {"stream": True}


def spied(*script, **more):
    """An application with one scripted model, that model, and its record."""
    records, provider = s.Records(), s.Scripted(s.model("cloud"), *script)
    return rig.app(stages=s.stages(provider, records=records, **more)), provider, records


def ends(records):
    return [(facts["end"], facts["error"]) for _, facts in records.closed]


def is_vendor_error(reply, path, status, code):
    value = reply.json
    assert reply.status == status
    assert value["sampan"]["code"] == code
    assert value["error"]["message"]
    assert value["error"]["type"]
    assert (value.get("type") == "error") == (path == ANTHROPIC)
    return value


async def test_a_whole_reply():
    app, provider, records = spied(Started(headers={"x-request-id": "req_up", "x-ratelimit-limit-requests": "5"}),
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
    assert (ends(records), provider.closed) == ([("complete", "")], 1)


async def test_without_an_upstream_s_request_id_it_is_the_receipt():
    app, _, records = spied(*s.good("a"))
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
    app, _, records = spied(*s.good("a", "b"))
    reply = await rig.ask(app, "POST", OPENAI, STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert [data for _, data in reply.events] == [s.text("a").data, s.text("b").data, "[DONE]"]
    assert reply.ended
    assert ends(records) == [("complete", "")]


async def test_anthropic_and_responses_streams_name_their_events():
    for path, body in ((ANTHROPIC, STREAM), ("/v1/responses", {"model": "auto", "input": "hi", "stream": True})):
        app, _, _ = spied(Started(), Frame({"type": "one"}), Frame({"type": "two"}, "named"), *s.good()[1:])
        reply = await rig.ask(app, "POST", path, body)
        assert [name for name, _ in reply.events] == ["one", "named"]


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/messages/count_tokens"])
async def test_where_nothing_streams_stream_means_nothing(path):
    body = STREAM | {"input": "hi"}
    reply = await rig.ask(rig.app(), "POST", path, body)
    assert reply.headers["content-type"] == "application/json"


async def test_count_tokens_of_a_model_that_cannot_count_is_estimated_here():
    app, provider, _ = spied(*s.good("a"))
    reply = await rig.ask(app, "POST", "/v1/messages/count_tokens", rig.CHAT)
    assert reply.json["input_tokens"] > 0
    assert provider.calls == 0


CASES = [
    (b"", "empty"), (b"{", "not valid JSON"), (b"[]", "object"), (b'"x"', "object"), (b"null", "object"),
    (b"\xff\xfe", "UTF-8"), (b'{"model": "a", "model": "a", "messages": []}', "twice"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, ""), (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", ""),
    (b'{"model": "m", "messages": [{"role":"user","content":"\\ud800"}]}', "not valid JSON"),
    (b'{"model": "m", "messages": [{"role":"user","content":"\xff"}]}', "UTF-8"),
    (b'{"model": "m", "n": 1e999, "messages": []}', "not valid JSON"), (b'{"model": "m", "n": NaN}', "not valid JSON"),
    ({"messages": [{"role": "user", "content": "x"}]}, "`model`"), ({"model": 5, "messages": []}, "`model`"),
    ({"model": "", "messages": []}, "`model`"), ({"model": None, "messages": []}, "`model`"),
    ({"model": "m"}, "`messages` is missing"), ({"model": "m", "messages": "hi"}, "must be an array"),
    ({"model": "m", "messages": []}, "must not be empty"), ({"model": "m", "messages": [5]}, "messages[0]"),
    ({"model": "m", "messages": [{"role": 1, "content": "x"}]}, "messages[0]"),
    ({"model": "m", "messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
    (rig.CHAT | {"stream": "yes"}, "`stream`"), (rig.CHAT | {"stream": 1}, "`stream`"),
    (rig.CHAT | {"sampan_unmask": "all"}, "unmask"), (rig.CHAT | {"sampan_unmask": [{"text": "x"}]}, "unmask"),
    (rig.CHAT | {"sampan_unmask": [{"text": "x", "reason": " "}]}, "reason"), (rig.CHAT | {"sampan": "x"}, "`sampan`"),
    (rig.CHAT | {"sampan": {"unmask": [{"text": 1, "reason": "x"}]}}, "unmask"),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("body", "said"), CASES)
async def test_bad_bodies(path, body, said):
    app, provider, records = spied(*s.good("a"))
    value = is_vendor_error(await rig.ask(app, "POST", path, body), path, 400, "bad_request")
    assert said in value["error"]["message"]
    assert (provider.calls, records.opened) == (0, [])


async def test_the_wrong_member_is_named():
    reply = await rig.ask(rig.app(), "POST", OPENAI, {"model": "m", "messages": [{"role": "user", "content": 7}]})
    assert reply.json["error"]["param"] == "messages[0].content"


@BOTH
@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                                  ["text/plain", "application/json"], "application/json-seq"])  # fmt: skip
async def test_only_json_is_read(path, kind):
    reply = await rig.ask(rig.app(), "POST", path, rig.CHAT, {"content-type": kind})
    is_vendor_error(reply, path, 400, "bad_request")


async def test_json_with_a_charset_is_read():
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert (await rig.ask(rig.app(), "POST", OPENAI, rig.CHAT, headers)).status == 200


@BOTH
async def test_bodies_over_the_limit(path):
    app = rig.app(server=Server(max_body_mb=1))
    over = json.dumps(rig.CHAT | {"pad": "x" * (1 << 20)}).encode()
    for body, headers in ((over, {}), (over, {"content-length": str(len(over))}),
                          (gzip.compress(over), {"content-encoding": "gzip"})):  # fmt: skip
        value = is_vendor_error(await rig.ask(app, "POST", path, body, headers), path, 413, "request_too_large")
        assert path == OPENAI or value["error"]["type"] == "request_too_large"


async def test_a_declared_giant_is_refused_before_it_is_read():
    caller = rig.Caller(rig.app())
    reply = await caller.ask("POST", OPENAI, headers={"content-length": "99999999999"}, parts=[])
    assert reply.status == 413


@BOTH
@pytest.mark.parametrize(("body", "encoding"), [
    (gzip.compress(b" " * 60_000_000), "gzip"), (b"nonsense", "gzip"), (gzip.compress(json.dumps(rig.CHAT).encode())[:-4], "gzip"),
    (gzip.compress(json.dumps(rig.CHAT).encode()) + b"more", "gzip"), (b"x", "br"), (json.dumps(rig.CHAT).encode(), "gzip, gzip"),
])  # fmt: skip
async def test_bombs_and_broken_encodings(path, body, encoding):
    reply = await rig.ask(rig.app(), "POST", path, body, {"content-encoding": encoding})
    assert reply.status == (413 if len(body) > 10_000 else 400)
    assert (reply.json.get("type") == "error") == (path == ANTHROPIC)


async def test_gzip_is_read():
    body = gzip.compress(json.dumps(rig.CHAT).encode())
    assert (await rig.ask(rig.app(), "POST", OPENAI, body, {"content-encoding": "GZip"})).status == 200


async def test_a_body_in_many_parts():
    raw = json.dumps(rig.CHAT).encode()
    reply = await rig.Caller(rig.app()).ask("POST", OPENAI, parts=[raw[i : i + 1] for i in range(len(raw))])
    assert reply.status == 200


@BOTH
async def test_refused_by_policy(path):
    def refused(labelled):
        return Refused(labelled, ("hk-id-stays-home",), "It carries a HKID.", ("Ask a model on this device",))

    records = s.Records()
    stages = s.stages(s.Scripted(s.model("cloud")), records=records, decider=s.Decider(refusal=refused))
    reply = await rig.ask(rig.app(stages=stages), "POST", path, rig.CHAT)
    value = is_vendor_error(reply, path, 403, "refused_by_policy")
    assert value["error"]["message"] == "It carries a HKID. Ask a model on this device."
    assert value["sampan"]["rules"] == ["hk-id-stays-home"]
    assert value["sampan"]["ways_on"] == ["Ask a model on this device"]
    assert value["sampan"]["receipt"] == records.opened[0]
    assert reply.headers["sampan-receipt"].startswith(records.opened[0])
    assert reply.headers["x-request-id"] == records.opened[0]
    assert ends(records) == [("refused", PolicyRefused.code)]


@BOTH
async def test_no_room_for_a_record_is_507_and_nothing_runs(path):
    provider = s.Scripted(s.model("cloud"), *s.good("a"))
    reply = await rig.ask(rig.app(stages=s.stages(provider, records=s.Records(full=True))), "POST", path, rig.CHAT)
    is_vendor_error(reply, path, 507, "storage_full")
    assert provider.calls == 0


@BOTH
@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
async def test_an_upstream_s_error_keeps_status_body_and_retry_after(path, body):
    upstream = {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down", "code": "some_code"}}
    error = UpstreamRefused("cloud answered 429.", status=429, upstream=upstream, headers={"retry-after": "7"})
    app, _, records = spied(Started(), error)
    reply = await rig.ask(app, "POST", path, body)
    value = is_vendor_error(reply, path, 429, "upstream_refused")
    assert value["error"]["message"] == "slow down"
    assert (value["error"]["type"], value["error"]["code"]) == ("rate_limit_error", "some_code")
    assert reply.headers["retry-after"] == "7"
    assert ends(records) == [("error", "upstream_refused")]


async def test_when_to_come_back_is_said_in_whole_seconds():
    app, _, _ = spied(EngineUnavailable("It loads.", retry_after=0.2))
    reply = await rig.ask(app, "POST", OPENAI, rig.CHAT)
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")


@BOTH
@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
async def test_a_failure_nobody_expected(path, body, caplog):
    app, provider, records = spied(Started(), ValueError("A123456(3)"))
    reply = await rig.ask(app, "POST", path, body)
    value = is_vendor_error(reply, path, 500, "internal_error")
    assert value["sampan"]["receipt"] == records.opened[0]
    assert b"A123456" not in reply.raw
    assert "ValueError" in caplog.text
    assert "A123456" not in caplog.text
    assert (ends(records), provider.closed) == ([("error", "internal_error")], 1)


@pytest.mark.parametrize(("error", "code"), [(StreamCut("It ended in the middle."), "stream_cut"),
                                             (UpstreamDown("Gone.", status=529), "upstream_down"),
                                             (ValueError("A123456(3)"), "internal_error")])  # fmt: skip
@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC, "/v1/responses", "/v1/completions"])
async def test_an_error_in_the_middle_of_a_stream_is_its_last_event(path, error, code):
    app, provider, records = spied(Started(), s.text("a"), error)
    reply = await rig.ask(app, "POST", path, STREAM | {"input": "hi", "prompt": "hi"})
    (_, first), (name, last) = reply.events
    assert (reply.status, reply.ended, first) == (200, True, s.text("a").data)
    assert last["sampan"]["code"] == code
    assert name == ("error" if path in {ANTHROPIC, "/v1/responses"} else "")
    assert (last if path == "/v1/responses" else last["error"])["message"]
    assert path != "/v1/responses" or (last["type"], last["sequence_number"]) == ("error", 1)
    assert b"[DONE]" not in reply.raw
    assert b"A123456" not in reply.raw
    assert (ends(records), provider.closed) == ([("error", code)], 1)


def counted(end):
    return sum(sample.value for metric in REQUESTS.collect() for sample in metric.samples
               if sample.name.endswith("_total") and sample.labels["end"] == end)  # fmt: skip


async def test_a_stream_that_failed_is_not_counted_as_answered():
    before = counted("answered"), counted("stream_cut")
    app, _, _ = spied(Started(), s.text("a"), StreamCut("cut"))
    await rig.ask(app, "POST", OPENAI, STREAM)
    assert (counted("answered"), counted("stream_cut")) == (before[0], before[1] + 1)


@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
async def test_a_caller_who_leaves_while_waiting_stops_the_model(body):
    started = asyncio.Event()

    async def wait():
        started.set()
        await asyncio.sleep(60)

    app, provider, records = spied(wait)
    before = counted("client_left")
    caller = rig.Caller(app)
    asking = asyncio.create_task(caller.ask("POST", OPENAI, body))
    await started.wait()
    caller.leave()
    reply = await asking
    assert reply.status is None
    assert (ends(records), provider.closed) == ([("client_left", "")], 1)
    assert counted("client_left") == before + 1


async def test_a_caller_who_leaves_in_the_middle_of_a_stream_stops_the_model():
    started = asyncio.Event()

    async def wait():
        started.set()
        await asyncio.sleep(60)

    app, provider, records = spied(Started(), s.text("a"), wait)
    caller = rig.Caller(app)
    asking = asyncio.create_task(caller.ask("POST", ANTHROPIC, STREAM))
    await started.wait()
    caller.leave()
    reply = await asking
    assert reply.status == 200
    assert reply.messages[-1].get("more_body") is not False
    assert (ends(records), provider.closed) == ([("client_left", "")], 1)
    assert [c.error for c in records.closed[0][1]["crossings"]] == ["client_left"]


@pytest.mark.parametrize("body", [rig.CHAT, STREAM])
@pytest.mark.parametrize("after", [0, 1])
async def test_a_line_that_breaks_while_sending(body, after, caplog):
    """Some servers raise when the caller is gone."""
    app, provider, records = spied(*s.good("a", "b"))
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
    assert [end for end, _ in ends(records)] == ["client_left" if body is STREAM else "complete"]
    assert provider.closed == 1
    assert "unexpected" not in caplog.text


async def test_a_caller_who_leaves_while_sending_the_body_leaves_no_record():
    app, provider, records = spied(*s.good("a"))
    caller = rig.Caller(app)
    caller.leave()
    reply = await caller.ask("POST", OPENAI, parts=[])
    assert (reply.status, records.opened, provider.calls) == (None, [], 0)


async def test_what_orjson_cannot_write_is_answered_all_the_same():
    frame = Frame({"choices": [{"index": 0, "delta": {"content": "\ud83d", "n": 1 << 70}}]})
    for body in (rig.CHAT, STREAM):
        app, _, _ = spied(Started(), frame, *s.good()[1:])
        reply = await rig.ask(app, "POST", OPENAI, body)
        assert reply.status == 200
        assert (reply.json if body is rig.CHAT else reply.events[0][1]) == frame.data


async def test_own_members_do_not_travel_and_unmask_is_read():
    seen = []

    class Spy(s.Labeller):
        def label(self, request):
            seen.append(request)
            return super().label(request)

    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("a")))._replace(labeller=Spy())
    unmask = [{"text": "9123 4567", "reason": "an order number"}]
    for own in ({"sampan_unmask": unmask}, {"sampan": {"unmask": unmask}}):
        await rig.ask(rig.app(stages=stages), "POST", OPENAI, rig.CHAT | own)
        assert seen[-1].body == rig.CHAT
        assert [(u.text, u.reason) for u in seen[-1].unmask] == [("9123 4567", "an order number")]


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
    app, provider, _ = spied(*s.good("a"))
    reply = await rig.ask(app, "POST", path, rig.CHAT, client=client)
    value = is_vendor_error(reply, path, 401, "invalid_api_key")
    assert value["error"]["type"] == "authentication_error"
    assert provider.calls == 0


@BOTH
async def test_a_wrong_key_is_refused_before_the_body_is_read(path):
    caller = rig.Caller(rig.app())
    reply = await caller.ask("POST", path, headers={"x-api-key": "sk-sampan-bad"}, parts=[])
    is_vendor_error(reply, path, 401, "invalid_api_key")
