"""What remote providers share, against a door that only remembers."""

import contextlib
import json

import pytest

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.errors import BadRequest, StreamCut, UpstreamDown, UpstreamRefused
from sampan.contract.request import Dialect
from sampan.providers.upstream import Upstream
from tests.providers.rigs import make_cleared, make_model, take


class Response:
    def __init__(self, chunks, status=200, headers=None):
        self._chunks, self.status, self.headers = chunks, status, headers or {}
        self.bytes_in, self.drained = sum(map(len, chunks)), False

    async def chunks(self):
        for chunk in self._chunks:
            yield chunk

    async def read(self, limit=0):
        return b"".join(self._chunks)

    async def drain(self):
        self.drained = True


class Door:
    def __init__(self, *responses):
        self.responses, self.posts = list(responses), []

    @contextlib.asynccontextmanager
    async def post(self, cleared, url, body, headers, *, timeout_s):
        answer = self.responses.pop(0)
        if isinstance(answer, Exception):
            raise answer
        cleared.sent.append(body)
        self.posts.append((url, json.loads(body), headers, timeout_s))
        yield answer


class Provider(Upstream):
    paths = {Dialect.CHAT: "/chat/completions", Dialect.COMPLETIONS: "/completions"}  # noqa: RUF012 - a constant of this test
    common = Dialect.CHAT

    def headers(self, cleared):
        return {"x": "y"}

    def lacks(self, target, error):
        return error.http_status == 404


MODEL = make_model("http://127.0.0.1:1/v1")
HI = {"model": "auto", "messages": [{"role": "user", "content": "hi"}]}
WHOLE = {"object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok"},
         "finish_reason": "length"}], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}  # fmt: skip


def reply(value, status=200, **headers):
    return Response([json.dumps(value).encode()], status, {"content-type": "application/json", **headers})


def chunk(text=None, finish=None, **more):
    return {"choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}], **more}


def stream(*values, end=b"data: [DONE]\n\n"):
    raw = [f"data: {json.dumps(value)}\n\n".encode() for value in values]
    return Response([*raw, end], headers={"content-type": "text/event-stream"})


async def ask(door, body=HI, dialect=Dialect.CHAT, got=None):
    provider = Provider(MODEL, None, door)
    return await take(provider, make_cleared(MODEL, body, dialect), got), provider


async def test_a_whole_reply():
    door = Door(reply(WHOLE, **{"x-request-id": "r1", "set-cookie": "a=b"}))
    (started, frame, end), _ = await ask(door)
    assert started == Started(200, {"x-request-id": "r1"})
    assert frame == Frame(WHOLE)
    assert (end.usage, end.finish) == (Usage(3, 4), "length")
    ((url, sent, headers, timeout_s),) = door.posts
    assert (url, headers, timeout_s) == (MODEL.base_url + "/chat/completions", {"x": "y"}, MODEL.timeout_s)
    assert sent == HI | {"model": "gpt-x"}


async def test_our_own_members_stay_here():
    door = Door(reply(WHOLE))
    await ask(door, HI | {"sampan": {"a": 1}, "sampan_unmask": [], "new_field": 1})
    assert set(door.posts[0][1]) == {"model", "messages", "new_field"}


async def test_a_stream():
    response = stream(chunk("a"), chunk("b", usage=None), chunk(finish="stop"))
    events, _ = await ask(Door(response), HI | {"stream": True})
    texts = [event.data["choices"][0]["delta"].get("content") for event in events if isinstance(event, Frame)]
    assert texts == ["a", "b", None]
    assert isinstance(events[-1], End)
    assert response.drained


async def test_counts_that_nobody_asked_for_are_kept_for_the_receipt_only():
    count = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}
    made = (chunk("a", usage=None), chunk(finish="stop"), count)
    events, _ = await ask(Door(stream(*made)), HI | {"stream": True})
    assert all("usage" not in event.data for event in events if isinstance(event, Frame))
    assert events[-1].usage == Usage(3, 4)
    wanted = HI | {"stream": True, "stream_options": {"include_usage": True}}
    events, _ = await ask(Door(stream(*made)), wanted)
    assert events[-2] == Frame(count)


async def test_a_stream_that_ends_in_the_middle_was_cut():
    got = []
    with pytest.raises(StreamCut) as caught:
        await ask(Door(stream(chunk("a"), end=b"")), HI | {"stream": True}, got=got)
    assert not caught.value.retryable
    assert not any(isinstance(event, End) for event in got)
    with pytest.raises(StreamCut) as caught:
        await ask(Door(stream(end=b"")), HI | {"stream": True})
    assert caught.value.retryable


async def test_an_error_inside_a_stream():
    error = {"error": {"type": "overloaded_error", "message": "busy"}}
    with pytest.raises(UpstreamDown, match="in the middle"):
        await ask(Door(stream(chunk("a"), error)), HI | {"stream": True})


async def test_frames_that_came_in_one_piece_say_so():
    raw = b"".join(
        f"data: {json.dumps(value)}\n\n".encode() for value in (chunk("a"), chunk("b"), chunk(finish="stop"))
    )
    count = b'data: {"choices": [], "usage": {"prompt_tokens": 3}}\n\n'
    events, _ = await ask(Door(Response([raw + count, b"data: [DONE]\n\n"])), HI | {"stream": True})
    assert [event.more for event in events if isinstance(event, Frame)] == [True, True, False]
    got = []
    with pytest.raises(UpstreamDown):
        await ask(Door(Response([raw + b"data: what\n\n"])), HI | {"stream": True}, got=got)
    assert [event.more for event in got if isinstance(event, Frame)] == [True, True, False]


async def test_an_error_that_comes_with_200():
    with pytest.raises(UpstreamRefused) as caught:
        await ask(Door(reply({"error": {"type": "invalid_request_error", "message": "no"}})))
    assert caught.value.http_status == 400


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b"1"])
async def test_what_is_no_object_is_no_answer(raw):
    with pytest.raises(UpstreamDown, match="not a JSON object"):
        await ask(Door(Response([raw])))


async def test_a_stream_was_asked_for():
    with pytest.raises(UpstreamDown, match="does not stream"):
        await ask(Door(reply(WHOLE)), HI | {"stream": True})


async def test_what_cannot_be_written_is_not_sent():
    door = Door()
    with pytest.raises(BadRequest, match="cannot be written"):
        await ask(door, HI | {"seed": 1 << 80})
    assert door.posts == []


PROMPT = {"model": "auto", "prompt": "hi"}


async def test_an_endpoint_that_lacks_a_path_is_asked_in_the_common_dialect_from_then_on():
    door = Door(reply({"error": {"message": "no such path"}}, 404), reply(WHOLE), reply(WHOLE))
    provider = Provider(MODEL, None, door)
    for _ in range(2):
        events = await take(provider, make_cleared(MODEL, PROMPT, Dialect.COMPLETIONS))
        assert events[1].data["object"] == "text_completion"
    assert [url.rpartition("/v1")[2] for url, *_ in door.posts] == [
        "/completions",
        "/chat/completions",
        "/chat/completions",
    ]


async def test_the_common_dialect_is_not_tried_twice():
    door = Door(reply({"error": {"message": "no such model"}}, 404))
    with pytest.raises(UpstreamRefused):
        await ask(door)
    assert len(door.posts) == 1


async def test_health_is_that_of_the_last_connection():
    door = Door(UpstreamDown("no connection"), reply({}, 429), reply(WHOLE))
    provider = Provider(MODEL, None, door)
    assert await provider.health() == "ready"
    for wanted, state in ((UpstreamDown, "down: no connection"), (UpstreamRefused, "ready")):
        with pytest.raises(wanted):
            await take(provider, make_cleared(MODEL, HI))
        assert await provider.health() == state
    await take(provider, make_cleared(MODEL, HI))
    await provider.aclose()
    assert await provider.health() == "down: closed"
