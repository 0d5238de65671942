"""What every provider does, and what every remote one does besides.

To prove a new provider: subclass, and give a fixture `rig` (see `rigs.py`).
"""

import asyncio
import contextlib
import gzip
import json

import pytest
from aiohttp import web

from sampan.contract.answer import End, Frame, Started
from sampan.contract.errors import (
    BadRequest,
    StreamCut,
    UpstreamAuth,
    UpstreamDown,
    UpstreamError,
    UpstreamRefused,
    UpstreamTimeout,
)
from sampan.contract.request import Dialect
from tests.providers.rigs import KEY, take

TEXT = "早晨, [PERSON_1]! 你好 🛶 friend"


class Conformance:
    """Any provider."""

    async def test_plain(self, rig):
        rig.plain(TEXT)
        started, frame, end = await take(rig.provider, rig.cleared())
        assert isinstance(started, Started) and isinstance(frame, Frame) and isinstance(end, End)
        assert rig.text_of_whole(frame) == TEXT
        assert end.usage.input and end.usage.output and end.bytes_out and end.bytes_in

    async def test_stream(self, rig):
        rig.stream(TEXT)
        started, *frames, end = await take(rig.provider, rig.cleared(stream=True))
        assert isinstance(started, Started) and isinstance(end, End)
        assert all(isinstance(frame, Frame) for frame in frames) and len(frames) > 3
        assert rig.text_of(frames) == TEXT
        assert end.usage.output and end.bytes_in

    async def test_what_left_is_entered_once(self, rig):
        rig.plain(TEXT)
        cleared = rig.cleared(extra={"b": 1})
        before = json.dumps(cleared.body)
        *_, end = await take(rig.provider, cleared)
        assert [json.loads(body)["extra"] for body in cleared.sent] == [{"b": 1}]
        assert end.bytes_out == len(cleared.sent[0])
        assert json.dumps(cleared.body) == before

    async def test_a_cut_stream_is_no_success(self, rig):
        rig.cut(TEXT, after=4)
        got = []
        with pytest.raises(StreamCut) as caught:
            await take(rig.provider, rig.cleared(stream=True), got)
        assert any(isinstance(event, Frame) for event in got)
        assert not any(isinstance(event, End) for event in got)
        assert not caught.value.retryable

    @pytest.mark.parametrize("stream", [False, True])
    @pytest.mark.parametrize("status", [400, 404, 413, 422, 429, 500, 503, 529])
    async def test_an_error_keeps_what_clients_branch_on(self, rig, status, stream):
        rig.error(status)
        with pytest.raises(UpstreamError) as caught:
            await take(rig.provider, rig.cleared(stream=stream))
        error = caught.value
        assert error.http_status == error.upstream_status == status
        assert error.upstream["error"]["code"] == "some_code"
        assert error.headers == {"retry-after": "7", "x-ratelimit-reset": "2"}
        assert error.retryable is (status in {429, 500, 503, 529})
        assert isinstance(error, UpstreamRefused if status < 500 else UpstreamDown)

    async def test_when_the_caller_leaves_the_model_stops(self, rig):
        rig.endless(TEXT)
        async with contextlib.aclosing(rig.provider.run(rig.cleared(stream=True))) as events:
            async for event in events:
                if isinstance(event, Frame):
                    break
        await rig.stopped()

    @pytest.mark.parametrize("dialect", [Dialect.CHAT, Dialect.MESSAGES, Dialect.RESPONSES])
    async def test_every_chat_dialect_is_answered_in_its_own(self, rig, dialect):
        rig.plain(TEXT)
        _, frame, _ = await take(rig.provider, rig.cleared(dialect))
        member = {Dialect.CHAT: "choices", Dialect.MESSAGES: "content", Dialect.RESPONSES: "output"}[dialect]
        assert TEXT in json.dumps(frame.data[member], ensure_ascii=False)

    async def test_it_is_healthy(self, rig):
        assert await rig.provider.health() == "ready"
        await rig.provider.aclose()


class WireConformance(Conformance):
    """A provider behind HTTP. `rig` is a WireRig."""

    async def test_unknown_fields_pass_our_own_do_not(self, rig):
        rig.plain(TEXT)
        unknown = {"x_new": {"deep": [1, None, "é"]}, "temperature": 0.1}
        await take(rig.provider, rig.cleared(**unknown, sampan={"why": 1}, sampan_unmask=[]))
        body = rig.server.bodies[0]
        assert {name: body[name] for name in unknown} == unknown
        assert body["model"] == "gpt-x"
        assert not {"sampan", "sampan_unmask"} & body.keys()
        assert rig.server.paths == [rig.path]

    async def test_only_listed_headers_go_up(self, rig):
        rig.plain(TEXT)
        theirs = {"authorization": "Bearer caller", "cookie": "a=b", "x-api-key": "caller", "user-agent": "them",
                  "x-forwarded-for": "10.0.0.9", "idempotency-key": "i1", "x-stainless-lang": "python"}  # fmt: skip
        await take(rig.provider, rig.cleared(headers=theirs))
        headers = rig.server.headers[0]
        assert headers.pop(rig.key_header) == rig.key_value
        assert headers.pop("user-agent").startswith("sampan/")
        assert headers.pop("idempotency-key") == "i1"
        headers.pop("anthropic-version", None)
        assert headers.keys() == {"host", "accept", "accept-encoding", "content-type", "content-length"}

    async def test_only_listed_headers_come_back(self, rig):
        shown = {"request-id": "1", "x-request-id": "2", "openai-processing-ms": "3", "retry-after": "4",
                 "anthropic-ratelimit-requests-limit": "5", "x-ratelimit-limit-requests": "6"}  # fmt: skip
        rig.server.says(rig.shape().whole("m", TEXT, None), headers={**shown, "set-cookie": "a=b", "server": "x"})
        started, *_ = await take(rig.provider, rig.cleared())
        assert started.headers == shown

    async def test_no_cookie_is_kept(self, rig):
        rig.server.base_url = rig.server.base_url.replace("127.0.0.1", "localhost")  # jars pass over bare addresses
        rig = type(rig)(rig.server, rig.egress)
        rig.server.says(rig.shape().whole("m", TEXT, None), headers={"set-cookie": "a=b"})
        await take(rig.provider, rig.cleared())
        await take(rig.provider, rig.cleared())
        assert "cookie" not in rig.server.headers[1]

    @pytest.mark.parametrize("stream", [False, True])
    @pytest.mark.parametrize("status", [401, 403])
    async def test_our_key_refused_is_not_the_callers_fault(self, rig, status, stream):
        rig.server.says({"error": {"message": f"Incorrect key {KEY}", "type": "authentication_error"}}, status)
        with pytest.raises(UpstreamAuth) as caught:
            await take(rig.provider, rig.cleared(stream=stream))
        assert (caught.value.http_status, caught.value.code, caught.value.retryable) == (502, "upstream_auth", False)
        assert caught.value.upstream is None and KEY not in str(caught.value)
        assert await rig.provider.health() == "ready"
        rig.plain(TEXT)
        await take(rig.provider, rig.cleared())

    @pytest.mark.parametrize("stream", [False, True])
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    async def test_a_redirect_is_not_followed(self, rig, status, stream):
        async with rig.server.__class__() as elsewhere:
            elsewhere.says({})
            rig.server.says(b"", status, {"location": elsewhere.base_url})
            with pytest.raises(UpstreamDown, match="redirect") as caught:
                await take(rig.provider, rig.cleared(stream=stream))
            assert elsewhere.requests == []
        assert caught.value.http_status == 502 and not caught.value.retryable

    @pytest.mark.parametrize("raw", [b"", b"<html>", b"[1]", b"null", b'{"a":', b"\xff\xfe"])
    async def test_what_is_no_json_object_is_no_answer(self, rig, raw):
        rig.server.says(raw)
        with pytest.raises(UpstreamDown):
            await take(rig.provider, rig.cleared())

    async def test_an_error_with_status_200_is_an_error(self, rig):
        rig.server.says(rig.error_body())
        for stream in (False, True):
            with pytest.raises(UpstreamError) as caught:
                await take(rig.provider, rig.cleared(stream=stream))
            assert caught.value.upstream["error"]["code"] == "some_code"

    async def test_an_error_body_may_be_anything(self, rig):
        for raw in (b"", b"<html>busy", b'"text"', b'{"detail":"why"}', b'{"error":"why"}'):
            rig.server.says(raw, 500)
            with pytest.raises(UpstreamDown) as caught:
                await take(rig.provider, rig.cleared(stream=True))
            assert caught.value.upstream_status == 500
            assert b"why" not in raw or caught.value.upstream["error"]["message"] == "why"

    async def test_an_error_inside_a_stream(self, rig):
        parts = list(rig.shape().events("m", TEXT, None))
        rig.server.streams([*parts[:4], rig.error_event(), *parts[4:]])
        got = []
        with pytest.raises(UpstreamDown) as caught:
            await take(rig.provider, rig.cleared(stream=True), got)
        assert caught.value.upstream["error"]["code"] == "some_code" and not caught.value.retryable
        assert sum(isinstance(event, Frame) for event in got) == 4

    async def test_an_error_as_the_first_event_may_be_retried(self, rig):
        rig.server.streams([rig.error_event()])
        with pytest.raises(UpstreamDown) as caught:
            await take(rig.provider, rig.cleared(stream=True))
        assert caught.value.retryable

    async def test_a_stream_that_ends_politely_in_the_middle_is_cut_too(self, rig):
        parts = list(rig.shape().events("m", TEXT, None))
        for keep in range(1, len(parts) - 3):
            rig.server.streams(parts[:keep])
            with pytest.raises(StreamCut):
                await take(rig.provider, rig.cleared(stream=True))

    async def test_an_empty_stream_is_cut(self, rig):
        rig.server.streams([])
        with pytest.raises(StreamCut) as caught:
            await take(rig.provider, rig.cleared(stream=True))
        assert caught.value.retryable

    async def test_garbage_in_a_stream(self, rig):
        rig.server.streams([b"data: {nonsense\n\n"])
        with pytest.raises(UpstreamDown):
            await take(rig.provider, rig.cleared(stream=True))

    @pytest.mark.parametrize("size", [1, 2, 7, 100])
    async def test_a_stream_split_anywhere(self, rig, size):
        raw = b"".join(rig.shape().events("m", TEXT[:12], None)).replace(b"\n", b"\r\n")
        rig.server.streams([raw[i : i + size] for i in range(0, len(raw), size)])
        _, *frames, _ = await take(rig.provider, rig.cleared(stream=True))
        assert rig.text_of(frames) == TEXT[:12]

    async def test_a_plain_answer_cut_in_the_middle(self, rig):
        async def answer(request):
            response = web.StreamResponse(headers={"content-length": "1000", "content-type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"choices":')
            await asyncio.sleep(0.02)
            request.transport.abort()
            return response

        rig.server.answer = answer
        with pytest.raises(StreamCut):
            await take(rig.provider, rig.cleared())

    @pytest.mark.parametrize("stream", [False, True])
    async def test_an_endpoint_that_hangs(self, rig, stream):
        rig = type(rig)(rig.server, rig.egress, timeout_s=0.1)

        async def answer(request):
            await asyncio.sleep(30)

        rig.server.answer = answer
        with pytest.raises(UpstreamTimeout) as caught:
            await take(rig.provider, rig.cleared(stream=stream))
        assert caught.value.http_status == 504
        await rig.stopped()

    async def test_an_endpoint_that_hangs_in_the_middle(self, rig):
        rig = type(rig)(rig.server, rig.egress, timeout_s=0.1)
        rig.endless(TEXT)
        with pytest.raises(UpstreamTimeout) as caught:
            await take(rig.provider, rig.cleared(stream=True))
        assert not caught.value.retryable

    async def test_nobody_listens(self, rig):
        rig.plain(TEXT)
        await rig.server._runner.cleanup()
        cleared = rig.cleared()
        with pytest.raises(UpstreamDown) as caught:
            await take(rig.provider, cleared)
        assert caught.value.retryable and cleared.sent == []
        assert (await rig.provider.health()).startswith("down: ")

    async def test_a_caller_that_leaves_while_waiting(self, rig):
        arrived = asyncio.Event()

        async def answer(request):
            arrived.set()
            await asyncio.sleep(30)

        rig.server.answer = answer
        task = asyncio.create_task(take(rig.provider, rig.cleared()))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await rig.stopped()

    async def test_a_gzip_bomb_is_dropped(self, rig):
        bomb = gzip.compress(b" " * (80 << 20), 9)
        rig.server.says(bomb, headers={"content-encoding": "gzip"})
        with pytest.raises(UpstreamDown, match="larger than 64 MB"):
            await take(rig.provider, rig.cleared())

    async def test_a_compressed_answer_is_read_a_broken_one_is_not(self, rig):
        raw = gzip.compress(json.dumps(rig.shape().whole("m", TEXT, None)).encode())
        rig.server.says(raw, headers={"content-encoding": "gzip"})
        _, frame, _ = await take(rig.provider, rig.cleared())
        assert rig.text_of_whole(frame) == TEXT
        rig.server.says(b"no gzip at all", headers={"content-encoding": "gzip"})
        with pytest.raises(UpstreamError):
            await take(rig.provider, rig.cleared())

    async def test_an_endpoint_that_does_not_stream(self, rig):
        rig.plain(TEXT)
        with pytest.raises(UpstreamDown, match="does not stream"):
            await take(rig.provider, rig.cleared(stream=True))

    async def test_a_connection_is_used_again(self, rig):
        for _ in range(3):
            rig.plain(TEXT)
            await take(rig.provider, rig.cleared())
            rig.stream(TEXT)
            await take(rig.provider, rig.cleared(stream=True))
        assert len(rig.server.connections) == 1

    async def test_an_end_that_lingers_costs_little(self, rig):
        rig.server.streams(list(rig.shape().events("m", TEXT, None)), then="hang")
        async with asyncio.timeout(1):
            *_, end = await take(rig.provider, rig.cleared(stream=True))
        assert isinstance(end, End)

    async def test_what_no_json_can_hold(self, rig):
        rig.plain(TEXT)
        for value in (2**70, "\ud800"):
            cleared = rig.cleared(extra=value)
            with pytest.raises(BadRequest):
                await take(rig.provider, cleared)
            assert cleared.sent == []
