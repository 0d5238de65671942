"""An answer under way."""

import asyncio

import pytest

from sampan.contract.errors import StreamCut, UpstreamDown, UpstreamTimeout
from sampan.providers.response import Response


class Body:
    def __init__(self, *pieces, hangs=False):
        self.pieces, self.hangs = list(pieces), hangs

    async def readany(self):
        if not self.pieces:
            if self.hangs:
                await asyncio.sleep(60)
            return b""
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def at_eof(self):
        return not self.pieces and not self.hangs


async def test_pieces_are_counted():
    response = Response(200, {}, Body(b"ab", b"c"))
    assert await response.read() == b"abc" and response.bytes_in == 3
    assert await Response(200, {}, Body()).read() == b""


@pytest.mark.parametrize(
    ("raised", "told"), [(TimeoutError(), UpstreamTimeout), (ConnectionResetError(), StreamCut), (OSError(), StreamCut)]
)
async def test_what_breaks_in_the_middle(raised, told):
    with pytest.raises(told):
        await Response(200, {}, Body(b"ab", raised)).read()


async def test_too_much_is_dropped():
    with pytest.raises(UpstreamDown, match="larger than 0 MB"):
        await Response(200, {}, Body(b"ab", b"cd")).read(3)


async def test_the_end_is_waited_for_but_not_for_long():
    body = Body(b"rest")
    await Response(200, {}, body).drain()
    assert body.at_eof()
    await Response(200, {}, Body(ConnectionResetError())).drain()
    async with asyncio.timeout(2):
        await Response(200, {}, Body(b"x", hangs=True)).drain()
