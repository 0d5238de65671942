"""Takes the time of every answer, whoever asked for it: a first choice, a trial, a hedge."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Protocol, cast

from sampan.contract.answer import End, Event, Frame
from sampan.contract.cleared import Cleared
from sampan.contract.ports import Provider, Stopwatch
from sampan.contract.request import Dialect

_TIMED = frozenset(Dialect) - {Dialect.EMBEDDINGS, Dialect.COUNT_TOKENS}

_LONG_ENOUGH = 32
"""Tokens from which the speed of an answer shows that came in one piece: of a shorter one, reading the prompt takes most."""


class Book(Protocol):
    """Finds the provider of a model."""

    def __getitem__(self, name: str) -> Provider:
        """The provider, or KeyError."""


class WatchedBook:
    """The same providers, with a stopwatch beside each."""

    def __init__(self, book: Book, watch: Stopwatch) -> None:
        self._book, self._watch = book, watch

    def __getitem__(self, name: str) -> Provider:
        return Watched(self._book[name], self._watch)


class Watched:
    """A provider whose answers are timed."""

    def __init__(self, provider: Provider, watch: Stopwatch) -> None:
        self.provider, self.model, self._watch = provider, provider.model, watch

    def run(self, cleared: Cleared) -> AsyncIterator[Event]:
        """The provider's own events."""
        events = self.provider.run(cleared)
        return self._timed(events, cleared.stream) if cleared.dialect in _TIMED else events

    async def _timed(self, events: AsyncIterator[Event], stream: bool) -> AsyncGenerator[Event, None]:
        """A whole answer says nothing about its first token: only its speed counts."""
        name, watch = self.model.name, self._watch
        began = time.perf_counter()
        first, tokens = 0.0, 0
        watch.began(name)
        try:
            async with aclosing(cast("AsyncGenerator[Event, None]", events)) as running:
                async for event in running:
                    if not first and isinstance(event, Frame):
                        first = time.perf_counter()
                        if stream:
                            watch.first(name, first - began)
                    elif isinstance(event, End):
                        tokens = event.usage.output
                    yield event
        except (GeneratorExit, asyncio.CancelledError):
            if stream and not first:
                watch.abandoned(name, time.perf_counter() - began)
            raise
        finally:
            now = time.perf_counter()
            if tokens:
                watch.whole(name, now - began, tokens)
            timed = tokens if stream or tokens >= _LONG_ENOUGH else 0
            watch.ended(name, now - (first if stream and first else began), timed)

    async def health(self) -> str:
        """The provider's."""
        return await self.provider.health()

    async def aclose(self) -> None:
        """Close the provider."""
        await self.provider.aclose()
