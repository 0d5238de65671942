"""The answer handed to a face."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Protocol, Self

from sampan.contract.answer import Frame
from sampan.contract.ports import Restorer
from sampan.contract.request import Decided, Request, Route
from sampan.flow.journey import left


class Closing(Protocol):
    """What has to be closed when an answer is dropped."""

    def close(self, end: str, error: str = "") -> object:
        """Close the record; once."""


class Frames:
    """The frames of an answer. Closing them before the end stops the generation.

    A generator that was never started runs none of its `finally`; this wrapper closes the record all the same.
    """

    def __init__(self, frames: AsyncIterator[Frame], stop: Callable[[], Awaitable[None]], journey: Closing) -> None:
        self._frames, self._stop, self._journey = frames, stop, journey

    def __aiter__(self) -> Self:
        return self

    def __anext__(self) -> Awaitable[Frame]:
        return self._frames.__anext__()

    async def aclose(self) -> None:
        """Let go: the record is closed as `client_left`, or `stopped` while such a cancellation is handled, unless it is already."""
        why = sys.exception() or GeneratorExit()
        try:
            if isinstance(self._frames, AsyncGenerator):
                if isinstance(why, asyncio.CancelledError):  # closing alone would not tell the generator why
                    with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                        await self._frames.athrow(why)
                await self._frames.aclose()
            await self._stop()
        finally:
            self._journey.close(left(why))


class Answer:
    """An answer under way.

    frames: JSON values in the caller's dialect; exactly one when the request does not stream.
    headers: the model's own response headers that a caller may see. restorer: what puts the values back.
    """

    __slots__ = ("decided", "frames", "headers", "restorer", "route")

    def __init__(
        self, decided: Decided, route: Route, headers: dict[str, str], frames: Frames, restorer: Restorer
    ) -> None:
        self.decided, self.route, self.headers, self.frames, self.restorer = decided, route, headers, frames, restorer

    @property
    def request(self) -> Request:
        """The request that is answered."""
        return self.decided.labelled.request
