"""HTTP/1.1 as a client: every way an answer can come, and what a connection is good for afterwards."""

import asyncio
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.providers import http1
from sampan.providers.http1 import Pool, head_of

START = b"POST /v1 HTTP/1.1\r\nhost: x\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Id: 1\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Late: 1\r\nContent-Encoding: br\r\n\r\n"
PASSING = b"HTTP/1.1 100 Continue\r\nX-Id: 9\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"


class Wire:
    """What a connection writes to."""

    def __init__(self):
        self.sent, self.closed, self.paused = b"", False, False

    def writelines(self, parts):
        self.sent += b"".join(parts)

    def is_closing(self):
        return self.closed

    def abort(self):
        self.closed = True

    def pause_reading(self):
        assert not self.paused
        self.paused = True

    def resume_reading(self):
        assert self.paused
        self.paused = False


class Rig:
    """One connection, and what the other side says on it."""

    def __init__(self):
        self.pool, self.wire = Pool(15.0), Wire()
        self.connection = self.pool.made()
        self.connection.connection_made(self.wire)

    async def ask(self, *parts, closes=False, timeout_s=1.0):
        """Say the parts in turn; gives the whole body."""
        asked = asyncio.create_task(self.connection.ask(b"HEAD", b"BODY", timeout_s))
        await asyncio.sleep(0)
        for part in parts:
            self.connection.data_received(part)
            await asyncio.sleep(0)
        if closes:
            self.wire.closed = True
            self.connection.connection_lost(None)
        await asked
        whole = b""
        while piece := await self.connection.readany():
            whole += piece
        return whole


def test_a_head_is_written_as_it_is():
    head = head_of(START, [("authorization", "Bearer é"), ("accept", "*/*")], 12)
    assert head == START + "authorization: Bearer é\r\naccept: */*\r\ncontent-length: 12\r\n\r\n".encode()


@pytest.mark.parametrize("bad", ["a\r\nx-evil: 1", "a\nb", "a\rb", "a\0b"])
def test_no_header_becomes_two(bad):
    for pair in (("x", bad), (bad, "x")):
        with pytest.raises(ValueError, match="line break"):
            head_of(START, [pair], 1)


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, PASSING + PLAIN, PASSING + CHUNKED])
def test_an_answer_may_be_cut_anywhere(answer):
    async def every():
        rig = Rig()
        for at in range(1, len(answer)):
            assert await rig.ask(answer[:at], answer[at:]) == b"hello"
            assert rig.connection.status == 200 and rig.connection.at_eof()
            assert rig.connection.headers.get("x-id") == ("1" if answer.endswith(PLAIN) else None)
            assert not {"x-late", "link", "content-encoding"} & set(rig.connection.headers)
            assert rig.connection.finish() and not rig.wire.closed
        assert rig.wire.sent == b"HEADBODY" * (len(answer) - 1)

    asyncio.run(every())


@given(st.lists(st.binary(max_size=300), max_size=6), st.lists(st.integers(1, 40), max_size=60), st.booleans())
def test_any_body_in_any_pieces(chunks, cuts, packed):
    body = b"".join(chunks)
    said = gzip.compress(body) if packed else body
    head = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
        + (b"Content-Encoding: gzip\r\n" if packed else b"")
        + b"\r\n"
    )
    half = len(said) // 2
    coded = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (said[:half], said[half:]) if part)
    answer = head + coded + b"0\r\n\r\n"
    parts, at = [], 0
    for cut in cuts:
        parts.append(answer[at : at + cut])
        at += cut
    parts = [part for part in [*parts, answer[at:]] if part]

    async def once():
        rig = Rig()
        assert await rig.ask(*parts) == body
        assert rig.connection.finish()

    asyncio.run(once())


@pytest.mark.parametrize(("head", "body"), [
    (b"HTTP/1.1 200 OK\r\n\r\n", b"hello"), (b"HTTP/1.0 200 OK\r\n\r\n", b""), (b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n", b"x"),
])  # fmt: skip
async def test_an_answer_without_a_length_ends_with_its_connection(head, body):
    rig = Rig()
    assert await rig.ask(head + body, closes=True) == body
    assert not rig.connection.finish()


@pytest.mark.parametrize("answer", [PLAIN[:-1], CHUNKED[:-10], PLAIN[:20], b""])
async def test_one_that_is_cut_is_broken(answer):
    with pytest.raises(OSError, match="before the end"):
        await Rig().ask(*([answer] if answer else []), closes=True)


@pytest.mark.parametrize("answer", [
    b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000 + b"\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\n\r\n",
])  # fmt: skip
async def test_what_is_not_understood_is_broken(answer):
    rig = Rig()
    with pytest.raises(OSError):
        await rig.ask(answer)
    assert not rig.connection.finish() and rig.wire.closed


@pytest.mark.parametrize("status", [204, 304])
async def test_some_answers_have_no_body(status):
    rig = Rig()
    assert await rig.ask(b"HTTP/1.1 %d No\r\n\r\n" % status) == b""
    assert rig.connection.finish()


@pytest.mark.parametrize(
    ("said", "encoding"),
    [(zlib.compress(b"hello"), b"deflate"), (gzip.compress(b"hello"), b"x-gzip"), (b"hello", b"identity")],
)
async def test_encodings(said, encoding):
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: %b\r\ncontent-length: %d\r\n\r\n" % (encoding, len(said))
    assert await Rig().ask(head + said) == b"hello"


@pytest.mark.parametrize("said", [b"no gzip", gzip.compress(b"hello" * 9)[:-9], b""])
async def test_a_packed_body_that_is_none_or_is_cut(said):
    with pytest.raises(OSError):
        await Rig().ask(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(said) + said)


async def test_a_bomb_comes_in_pieces():
    bomb = gzip.compress(b" " * (8 << 20), 9)
    rig = Rig()
    asked = asyncio.create_task(rig.connection.ask(b"", b"", 1.0))
    await asyncio.sleep(0)
    rig.connection.data_received(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(bomb) + bomb
    )
    await asked
    sizes = []
    while piece := await rig.connection.readany():
        sizes.append(len(piece))
    assert sum(sizes) == 8 << 20 and max(sizes) <= 1 << 20


async def test_the_other_side_waits_while_nobody_reads():
    rig = Rig()
    asked = asyncio.create_task(rig.connection.ask(b"", b"", 1.0))
    await asyncio.sleep(0)
    rig.connection.data_received(b"HTTP/1.1 200 OK\r\ncontent-length: 600000\r\n\r\n" + b"x" * 300_000)
    await asked
    assert rig.wire.paused
    assert len(await rig.connection.readany()) == 300_000 and not rig.wire.paused
    rig.connection.data_received(b"x" * 300_000)
    assert rig.wire.paused
    assert not rig.connection.finish()  # what was not read would be the next one's


@pytest.mark.parametrize("extra", [b"x", PLAIN])
async def test_more_than_was_asked_for_ends_the_connection(extra):
    rig = Rig()
    assert await rig.ask(PLAIN + extra) == b"hello"
    assert not rig.connection.finish() and rig.wire.closed


async def test_what_nobody_asked_for_ends_the_connection():
    rig = Rig()
    rig.connection.data_received(PLAIN)
    assert rig.wire.closed and not rig.connection.usable(15)


async def test_one_that_the_server_closes_is_not_used_again():
    rig = Rig()
    await rig.ask(PLAIN.replace(b"X-Id: 1", b"Connection: close"))
    assert not rig.connection.finish()


async def test_nothing_for_too_long():
    rig = Rig()
    with pytest.raises(TimeoutError):
        await rig.ask(PLAIN[:-1], timeout_s=0.05)
    with pytest.raises(TimeoutError):
        await Rig().ask(timeout_s=0.05)


async def test_a_slow_reader_is_no_slow_model():
    rig = Rig()
    asked = asyncio.create_task(rig.connection.ask(b"", b"", 0.1))
    await asyncio.sleep(0)
    rig.connection.data_received(PLAIN[:-1])
    await asked
    await asyncio.sleep(0.25)
    assert await rig.connection.readany() == b"hell"
    asyncio.get_running_loop().call_later(0.05, rig.connection.data_received, b"o")
    assert await rig.connection.readany() == b"o"


async def test_leaving_in_the_middle_closes():
    rig = Rig()
    asked = asyncio.create_task(rig.connection.ask(b"", b"", 1.0))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    rig.pool.give_back("a", rig.connection)
    assert rig.wire.closed and rig.pool.take("a") is None


async def test_the_pool_gives_the_last_one_that_came_back_and_to_nobody_else():
    pool, made = Pool(15.0), []
    for _ in range(2):
        rig = Rig.__new__(Rig)
        rig.pool, rig.wire, rig.connection = pool, Wire(), pool.made()
        rig.connection.connection_made(rig.wire)
        await rig.ask(PLAIN)
        pool.give_back("a", rig.connection)
        made.append(rig)
    assert pool.take("b") is None
    assert pool.take("a") is made[1].connection
    made[0].wire.closed = True
    assert pool.take("a") is None
    pool.close()


async def test_what_waits_too_long_is_closed():
    rig = Rig()
    rig.pool._keep_s = 0.02
    await rig.ask(PLAIN)
    rig.pool.give_back("a", rig.connection)
    await asyncio.sleep(0.1)
    assert rig.wire.closed and rig.pool._idle == {} and rig.pool._sweeper is None


async def test_a_closed_pool_closes_what_is_there_and_what_still_comes():
    rig = Rig()
    rig.pool.close()
    assert rig.wire.closed
    late, wire = rig.pool.made(), Wire()
    late.connection_made(wire)
    assert wire.closed and not late.usable(15)
    late.connection_lost(None)
    rig.connection.connection_lost(None)
    assert rig.pool._all == set()


def test_the_parser_is_the_one_that_the_server_uses():
    assert http1.httptools.HttpResponseParser
