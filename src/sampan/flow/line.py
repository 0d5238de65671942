"""The line to a caller who waits: signs of life, so that nothing between takes it for dead."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from sampan.contract.request import Held


class Line(Protocol):
    """The line to a caller that can be kept alive. Its methods never raise for a caller who left."""

    async def kept(self, held: Held) -> None:
        """Give a sign of life while a request waits for an approval."""

    async def working(self) -> None:
        """Give a sign of life while models work, and nothing of it may be heard yet."""


@contextlib.asynccontextmanager
async def kept_alive(line: Line | None, every_s: float) -> AsyncIterator[None]:
    """Give a sign of life again and again as long as the block takes."""
    if line is None:
        yield
        return
    task = asyncio.get_running_loop().create_task(_signs(line, every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _signs(line: Line, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await line.working()
