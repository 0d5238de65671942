"""HTTP/1.1 as a client of models speaks it (RFC 9112), on connections that `egress.py` opens. No I/O of its own.

One request at a time on a connection, nothing besides: a fifth of what a general client costs.
"""

import asyncio
import zlib
from collections.abc import Hashable, Iterable
from typing import Any, cast

import httptools

_HEAD_LIMIT = 64 << 10
"""Bytes of an answer's headers."""
_BUFFER = 256 << 10
"""Bytes of a body that wait to be read, above which the other side has to."""
_PIECE = 1 << 20
"""Bytes that are made of a compressed body at once."""
_NO_BODY = frozenset({204, 304})
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""Encodings that are read although none was asked for, and zlib's name for them."""


class NoConnection(OSError):
    """None could be made: nothing was sent."""


def head_of(start: bytes, headers: Iterable[tuple[str, str]], length: int) -> bytes:
    """The head of a request. start: its first lines, each with its end. length: of the body, in bytes.

    Raises:
        ValueError: a header that the other side would read as several.
    """
    lines = [f"{name}: {value}" for name, value in headers]
    whole = "".join(lines)
    if "\r" in whole or "\n" in whole or "\0" in whole:
        raise ValueError("A header holds a line break.")
    lines.append(f"content-length: {length}\r\n\r\n")
    return start + "\r\n".join(lines).encode("utf-8", "surrogateescape")


class Connection(asyncio.Protocol):
    """One connection: a request out, its answer in, then the next. pool: holds it as long as it is open.

    status, headers: of the answer under way; names in lower case.
    """

    def __init__(self, pool: "Pool") -> None:
        self._pool, self._loop = pool, asyncio.get_running_loop()
        self._transport = cast("asyncio.Transport", None)
        self._parser: Any = httptools.HttpResponseParser(self)
        self._timer: asyncio.TimerHandle | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.idle_since = self._since = self._patience = 0.0
        self._busy, self._done, self._again = False, True, True
        self._begin()

    def _begin(self) -> None:
        self.status, self.headers = 0, dict[str, str]()
        self._pieces: list[bytes] = []
        self._waiting = self._head_size = 0
        self._has_head = self._passing = self._until_closed = False
        self._error: OSError | None = None
        self._packed: Any = None
        self._paused = False

    # what the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast("asyncio.Transport", transport)
        self._again, self.idle_since = True, self._loop.time()
        self._pool.enter(self)

    def data_received(self, data: bytes) -> None:
        """More of an answer, or something that nobody asked for: then the connection is of no use."""
        if not self._busy or self._done:
            self._again = False
            self._transport.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._again = False
            if not self._done:
                self._fail(ConnectionError("not HTTP/1.1"))
        if self._waiting > _BUFFER and not self._paused and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed; that ends an answer whose length nobody said."""
        self._again = False
        if self._busy and not self._done:
            if self._has_head and self._until_closed and exc is None:
                self._done = True
            else:
                self._fail(ConnectionResetError("closed before the end"))
            self._wake()
        self._pool.leave(self)

    # what the parser tells

    def on_message_begin(self) -> None:
        """A second answer to one request ends the connection."""
        if self._done:
            raise ValueError("a second answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; what comes behind a body is nobody's."""
        self._head_size += len(name) + len(value)
        if self._head_size > _HEAD_LIMIT:
            raise ValueError("too many headers")
        if not self._has_head:
            self.headers[name.decode("utf-8", "surrogateescape").lower()] = value.decode("utf-8", "surrogateescape")

    def on_headers_complete(self) -> None:
        """The head is there; one of 100 to 199 only comes before it."""
        status = self._parser.get_status_code()
        self._passing = 100 <= status < 200
        if self._passing:
            self.headers = {}
            return
        self.status, self._has_head = status, True
        said = "content-length" in self.headers or "chunked" in self.headers.get("transfer-encoding", "").lower()
        self._until_closed = not said and status not in _NO_BODY
        encoding = self.headers.get("content-encoding", "").strip().lower()
        if encoding not in {"", "identity"}:
            self._packed = zlib.decompressobj(_PACKED[encoding]) if encoding in _PACKED else None
            if self._packed is None:
                raise ValueError("an encoding that nobody asked for")

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._pieces.append(body)
        self._waiting += len(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self._passing:
            self._passing = False
        else:
            self._done = True
            self._again = self._again and self._parser.should_keep_alive()

    # what the door asks

    async def ask(self, head: bytes, body: bytes, timeout_s: float) -> None:
        """Send a request and wait for the head of its answer. timeout_s: without a byte from the other side.

        Raises:
            TimeoutError: nothing came. OSError: the connection broke.
        """
        self._begin()
        self._busy, self._done, self._patience = True, False, timeout_s
        self._timer = self._loop.call_later(timeout_s, self._check)
        self._transport.writelines((head, body))
        while not self._has_head:
            await self._more()

    async def readany(self) -> bytes:
        """What came of the body since; nothing at its end. Raises as `ask`."""
        while True:
            while not self._pieces:
                if self._done:
                    self._whole()
                    return b""
                await self._more()
            piece, self._pieces = b"".join(self._pieces), []
            if self._packed is not None:
                piece = self._unpacked(piece)
            self._waiting = sum(map(len, self._pieces))
            if self._paused and not self._waiting and not self._transport.is_closing():
                self._paused = False
                self._transport.resume_reading()
            if piece:
                return piece

    def _unpacked(self, packed: bytes) -> bytes:
        """At most `_PIECE` bytes of what is packed; what is left of it waits."""
        try:
            piece: bytes = self._packed.decompress(packed, _PIECE)
        except zlib.error:
            raise ConnectionError("a body that cannot be decompressed") from None
        if self._packed.unconsumed_tail:
            self._pieces = [self._packed.unconsumed_tail]
        return piece

    def _whole(self) -> None:
        if self._packed is not None and not self._packed.eof:
            raise ConnectionError("a compressed body ended in the middle")

    def at_eof(self) -> bool:
        """Whether the whole body came, and was read."""
        return self._done and not self._pieces

    async def _more(self) -> None:
        """Wait for something to change."""
        if self._error is not None:
            raise self._error
        self._since = self._loop.time()
        self._waiter = self._loop.create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: OSError) -> None:
        self._error, self._again = error, False
        self._wake()

    def _check(self) -> None:
        """Whether somebody has waited too long; else look again when that could be."""
        waits = self._waiter is not None and not self._waiter.done()
        left = self._since + self._patience - self._loop.time() if waits else self._patience
        if left > 0:
            self._timer = self._loop.call_later(left, self._check)
        else:
            self._fail(TimeoutError("nothing came"))

    def finish(self) -> bool:
        """End with this answer; whether another request may follow. If not, the connection is closed at once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        free = self._busy and self._done and self._again and not self._paused and not self._transport.is_closing()
        self._busy = False
        self.idle_since = self._loop.time()
        if not free:
            self.drop()
        return free

    def usable(self, keep_s: float) -> bool:
        """Whether it can take a request: open, and not idle for too long. If not, it is closed."""
        if self._again and not self._transport.is_closing() and self._loop.time() - self.idle_since < keep_s:
            return True
        self.drop()
        return False

    def drop(self) -> None:
        """Close it at once."""
        self._again = False
        self._transport.abort()


class Pool:
    """Connections by where they lead: those that wait for another request, and all that there are.

    keep_s: how long one may wait.
    """

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._idle: dict[Hashable, list[Connection]] = {}
        self._all: set[Connection] = set()
        self._closed = False
        self._sweeper: asyncio.TimerHandle | None = None

    def made(self) -> Connection:
        """A new one, to be opened."""
        return Connection(self)

    def enter(self, connection: Connection) -> None:
        """It is open; one that comes too late is closed."""
        self._all.add(connection)
        if self._closed:
            connection.drop()

    def leave(self, connection: Connection) -> None:
        """It is closed."""
        self._all.discard(connection)

    def take(self, key: Hashable) -> Connection | None:
        """One that waits; the last that was used, since that is the least likely to be closed by the other side."""
        waiting = self._idle.get(key)
        while waiting:
            connection = waiting.pop()
            if connection.usable(self._keep_s):
                return connection
        return None

    def give_back(self, key: Hashable, connection: Connection) -> None:
        """Done with a request, whole or not."""
        if connection.finish():
            self._idle.setdefault(key, []).append(connection)
            if self._sweeper is None:
                self._sweeper = asyncio.get_running_loop().call_later(self._keep_s, self._sweep)

    def _sweep(self) -> None:
        """Close those that have waited long enough."""
        kept = {key: [each for each in waiting if each.usable(self._keep_s)] for key, waiting in self._idle.items()}
        self._idle = {key: waiting for key, waiting in kept.items() if waiting}
        self._sweeper = asyncio.get_running_loop().call_later(self._keep_s, self._sweep) if self._idle else None

    def close(self) -> None:
        """Close every one, also those that are in use or only being made."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        self._idle.clear()
        for connection in list(self._all):
            connection.drop()
