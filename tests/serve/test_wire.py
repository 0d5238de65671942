"""Bodies in."""

import gzip

import pytest

from sampan.contract.errors import BadRequest, TooLarge
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
    with pytest.raises(TooLarge):
        await read_body(receive_of(bomb), {"content-encoding": "gzip"}, 1_000_000)


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"nonsense", "gzip"), (gzip.compress(b"abc" * 50)[:-9], "gzip"), (b"x", "br")]
)
async def test_broken_or_unknown_encodings(body, encoding):
    with pytest.raises(BadRequest):
        await read_body(receive_of(body), {"content-encoding": encoding}, 1000)


async def test_a_caller_who_hangs_up():
    with pytest.raises(ClientLeft):
        await read_body(receive_of(), {}, 10)
