"""Bodies in."""

import asyncio
import gzip
import json
import tracemalloc
import zlib

import pytest

from sampan.contract.errors import BadRequest, TooLarge, TooSlow
from sampan.serve import wire
from sampan.serve.wire import ClientLeft, read_body


def receive_of(*parts):
    messages = [{"type": "http.request", "body": p, "more_body": i < len(parts) - 1} for i, p in enumerate(parts)]

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive


async def test_parts_are_joined():
    assert await read_body(receive_of(b"ab", b"cd"), {}, 10) == b"abcd"


async def test_gzip():
    assert await read_body(receive_of(gzip.compress(b"{}")), {"content-encoding": "gzip"}, 100) == b"{}"


@pytest.mark.parametrize("headers", [{"content-length": "11"}, {}])
async def test_too_large(headers):
    with pytest.raises(TooLarge):
        await read_body(receive_of(b"x" * 11), headers, 10)


async def test_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(b"0" * 50_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            await read_body(receive_of(bomb), {"content-encoding": "gzip"}, 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"nonsense", "gzip"), (gzip.compress(b"abc" * 50)[:-9], "gzip"), (b"x", "br")]
)
async def test_broken_or_unknown_encodings(body, encoding):
    with pytest.raises(BadRequest):
        await read_body(receive_of(body), {"content-encoding": encoding}, 1000)


async def test_a_caller_who_hangs_up():
    with pytest.raises(ClientLeft):
        await read_body(receive_of(), {}, 10)


@pytest.mark.parametrize("body", [gzip.compress(b"a") + gzip.compress(b"b"), gzip.compress(b"a") + b"\0", b""])
async def test_one_whole_gzip_member_and_nothing_after(body):
    with pytest.raises(BadRequest):
        await read_body(receive_of(body), {"content-encoding": "gzip"}, 1000)


async def test_deflate_and_spelling():
    assert await read_body(receive_of(zlib.compress(b"{}")), {"content-encoding": " Deflate"}, 100) == b"{}"


async def test_the_limit_is_what_may_be_reached():
    assert await read_body(receive_of(b"x" * 10), {"content-length": "10"}, 10) == b"x" * 10
    body = gzip.compress(b"x" * 100)
    assert await read_body(receive_of(body), {"content-encoding": "gzip"}, 100) == b"x" * 100


@pytest.mark.parametrize("declared", ["", "-1", "1e9", "\u00b2", "0x10"])
async def test_a_declared_length_that_is_no_number_is_not_believed(declared):
    assert await read_body(receive_of(b"ab"), {"content-length": declared}, 10) == b"ab"


def test_repeated_headers_are_joined():
    scope = {"headers": [(b"host", b"a"), (b"x", b"1"), (b"host", b"b"), (b"y", b"\xff")]}
    assert wire.headers_of(scope) == {"host": "a, b", "x": "1", "y": "\u00ff"}


@pytest.mark.parametrize("value", [{"a": 1 << 80}, {"a": "\ud83d"}, {"a": {1: 2}}])
def test_what_orjson_cannot_write(value):
    assert json.loads(wire.encoded(value)) == json.loads(json.dumps(value))


async def test_added_headers_do_not_replace():
    sent = []

    async def send(message):
        sent.append(message)

    adding = wire.adding(send, [(b"a", b"1"), (b"b", b"2")])
    await adding({"type": "http.response.start", "status": 200, "headers": [(b"a", b"0")]})
    await adding({"type": "http.response.body", "body": b""})
    assert sent[0]["headers"] == [(b"a", b"0"), (b"b", b"2")]


async def test_a_line_that_breaks_is_a_caller_who_left():
    async def send(message):
        raise BrokenPipeError

    for sending in (
        wire.send_json(send, 200, {}),
        wire.start_stream(send),
        wire.send_part(send, b""),
        wire.end_stream(send),
    ):
        with pytest.raises(ClientLeft):
            await sending


async def test_a_caller_who_stops_in_the_middle_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE_S", 0.01)
    first = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive():
        return first.pop() if first else await asyncio.Event().wait()

    with pytest.raises(TooSlow) as slow:
        await read_body(receive, {}, 10)
    assert slow.value.http_status == 408
    assert slow.value.headers == {"connection": "close"}
