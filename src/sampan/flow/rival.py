"""A hedge: the second model that is asked when the first is late. Whoever begins to answer first is heard."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Self, cast

from sampan.contract.answer import Event
from sampan.contract.errors import SampanError
from sampan.contract.request import Route
from sampan.flow.legs import OVERTAKEN, Leg, Trip

_AHEAD = 8
"""Events that are taken from a model before anybody has read the ones before."""


class Rival:
    """One other route of the same decision, asked `hedge_after_s` after the first unless that has begun by then.

    left: the routes that nobody has asked yet; the rival's own is taken from it when it is asked.
    """

    def __init__(self, trip: Trip, route: Route, left: list[Route]) -> None:
        self._trip, self._route, self._left = trip, route, left
        self._leg: Leg | None = None
        self._task: asyncio.Task[Leg | None] | None = None
        self._race: asyncio.Timeout | None = None

    async def race(self, first: Leg) -> Leg:
        """The leg that begins first. The rival ends the wait for `first` as a time limit would.

        Raises:
            SampanError: `first` failed.
        """
        race = asyncio.timeout(None)
        timer = asyncio.get_running_loop().call_later(self._trip.decided.hedge_after_s, self._start)
        try:
            async with race:
                self._race = race
                await first.begin()
                return first
        except TimeoutError:
            if self._leg is None or not race.expired():
                raise
            return self._leg
        finally:
            self._race = None
            timer.cancel()

    def _start(self) -> None:
        self._trip.hedged = True
        self._left.remove(self._route)
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> Leg | None:
        """The leg once it has begun; None when it fails: the first goes on alone."""
        try:
            leg = self._trip.set_out(self._route)
        except SampanError:  # it cannot be cleared for this model
            return None
        leg.events = _Pumped(leg.events)
        self._leg = leg
        try:
            await leg.begin()
        except SampanError as error:
            leg.failed(error, self._trip.journey)
            return None
        if self._race is not None:
            self._race.reschedule(asyncio.get_running_loop().time())
        return leg

    async def begun(self) -> Leg | None:
        """The rival's leg as soon as it begins to answer; None when it was not asked or cannot."""
        return None if self._task is None else await self._task

    async def settle(self, winner: Leg | None) -> None:
        """Stop it unless it won."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            if not self._task.cancelled():
                self._task.exception()  # a defect in a plug-in is no reason to lose the other's answer
        if self._leg is not None and self._leg is not winner:
            await self._leg.cut_short(self._trip.journey, OVERTAKEN)


class _Pumped:
    """Events that a task of their own asks for: a generator should be run by one task, and the reader changes."""

    def __init__(self, events: AsyncIterator[Event]) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._ahead = asyncio.Semaphore(_AHEAD)
        self._task = asyncio.get_running_loop().create_task(self._pump(cast("AsyncGenerator[Event, None]", events)))
        self._task.add_done_callback(self._over)

    async def _pump(self, events: AsyncGenerator[Event, None]) -> None:
        async with aclosing(events):
            async for event in events:
                await self._ahead.acquire()
                self._queue.put_nowait(event)

    def _over(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            task.exception()  # whoever reads on is told; where nobody does, nobody needs to know
        self._queue.put_nowait(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            await self._task
            raise StopAsyncIteration
        self._ahead.release()
        return event

    async def aclose(self) -> None:
        """Stop the model."""
        self._task.cancel()
        await asyncio.wait([self._task])
