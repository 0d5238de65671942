"""An answer under way, whatever brings it."""

import asyncio
import contextlib
from typing import Protocol, Self

from sampan.contract.errors import StreamCut, UpstreamDown, UpstreamTimeout

BODY_LIMIT = 64 << 20
"""Bytes of a whole answer, after decompression."""
STREAM_LIMIT = 256 << 20
"""Bytes of a streamed answer."""
_LINGER_S = 0.2


class Body(Protocol):
    """Where the bytes come from."""

    async def readany(self) -> bytes:
        """What came since; nothing at the end. Raises TimeoutError, or OSError where the connection broke."""

    def at_eof(self) -> bool:
        """Whether everything came, and was read."""


class Response:
    """An answer under way. headers: lower-case names. bytes_in: body bytes that came so far, decompressed."""

    __slots__ = ("_body", "bytes_in", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: Body) -> None:
        self.status, self.headers, self._body = status, headers, body
        self.bytes_in = 0

    def chunks(self, limit: int = STREAM_LIMIT) -> "_Chunks":
        """The body as it comes.

        Raises (while iterating):
            StreamCut: the connection broke in the middle. UpstreamTimeout: nothing came for too long.
            UpstreamDown: over `limit` bytes.
        """
        return _Chunks(self, self._body, limit)

    async def read(self, limit: int = BODY_LIMIT) -> bytes:
        """The whole body. Raises as `chunks`."""
        pieces = [chunk async for chunk in self.chunks(limit)]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def drain(self) -> None:
        """After the last event: wait a moment for the end of the body, so that the connection can be used again."""
        if self._body.at_eof():
            return
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_LINGER_S):
                while not self._body.at_eof():
                    await self._body.readany()


class _Chunks:
    """Not a generator: dropped in the middle, it leaves nothing to clean up."""

    __slots__ = ("_body", "_limit", "_response")

    def __init__(self, response: Response, body: Body, limit: int) -> None:
        self._response, self._body, self._limit = response, body, limit

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._body.readany()
        except TimeoutError:
            raise UpstreamTimeout("The model's endpoint stopped in the middle of its answer.") from None
        except OSError:
            raise StreamCut("The connection broke in the middle of the answer.") from None
        if not chunk:
            raise StopAsyncIteration
        self._response.bytes_in += len(chunk)
        if self._response.bytes_in > self._limit:
            raise UpstreamDown(f"The answer is larger than {self._limit >> 20} MB; it was dropped.")
        return chunk
