"""A leg: one request under way on one (model, form) pair of a decision, with its own `Cleared` and its own way back."""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from msgspec import structs

from sampan.contract.answer import End, Event, Frame, Started, Usage
from sampan.contract.cleared import Cleared
from sampan.contract.errors import StreamCut, UpstreamError
from sampan.contract.models import Model
from sampan.contract.ports import Restorer
from sampan.contract.request import Decided, Route
from sampan.flow.answer import Answer, Frames
from sampan.flow.counting import asked_tokens, counted, counts_itself, estimate
from sampan.flow.journey import Journey, left
from sampan.flow.stages import Stages

OVERTAKEN = "overtaken"
"""What a crossing says of a model that was asked and was not waited for, since another answered first."""


class Trip:
    """One decision being carried out. hedged: its one hedge has been spent."""

    __slots__ = ("decided", "hedged", "journey", "stages")

    def __init__(self, decided: Decided, stages: Stages, journey: Journey) -> None:
        self.decided, self.stages, self.journey = decided, stages, journey
        self.hedged = False

    def set_out(self, route: Route) -> "Leg":
        """Clear the request for one route of the decision, for that route alone. Nothing has left yet.

        Raises:
            OverBudget: others have spent what it takes. StorageFull: nothing may be sent.
            PolicyRefused: a value stands where it cannot be replaced. ValueError: the decision does not allow the route.
        """
        began = time.perf_counter()
        if self.stages.budgets:
            self.journey.reserve(self.stages.budgets, self.decided, route.model)
        cleared, restorer = self.stages.protector.clear(self.decided, route)
        self.journey.spent(began)
        provider = self.stages.providers[route.model.name]
        return Leg(route, cleared, restorer, provider.run(cleared) if counts_itself(cleared) else estimate(cleared))


class Leg:
    """A request under way on one route. started, first: known once it has begun to answer. logprobs: once it ended."""

    __slots__ = ("cleared", "count", "ended", "events", "first", "logprobs", "restorer", "route", "started")

    def __init__(self, route: Route, cleared: Cleared, restorer: Restorer, events: AsyncIterator[Event]) -> None:
        self.route, self.cleared, self.restorer, self.events = route, cleared, restorer, events
        self.started, self.first = Started(), Frame({})
        self.ended, self.count = False, 0
        self.logprobs: tuple[float, ...] = ()

    @property
    def model(self) -> Model:
        """The model that is asked."""
        return self.route.model

    async def begin(self) -> None:
        """Wait for the first frame.

        Raises:
            SampanError: as `contract.ports.Provider.run`. StreamCut: the model ended without an answer.
        """
        async for event in self.events:
            if isinstance(event, Started):
                self.started = event
            elif isinstance(event, Frame):
                self.first = event
                return
            else:
                break
        raise StreamCut("The model ended without an answer.", retryable=True)

    async def restored(self, journey: Journey) -> AsyncGenerator[Frame, None]:
        """Every frame with the values put back, from the first one on.

        Raises:
            StreamCut: the answer ended in the middle. SampanError: as the provider.
        """
        for frame in self._put_back(self.first, journey):
            yield frame
        async for event in self.events:
            if isinstance(event, Frame):
                for frame in self._put_back(event, journey):
                    yield frame
            elif isinstance(event, End):
                self._finished(event, journey)
        for frame in self.restorer.finish():
            yield frame
        if not self.ended:
            raise StreamCut("The answer ended in the middle.")

    async def collect(self, journey: Journey, frames: list[Frame], most: int) -> bool:
        """Begin, and keep every restored frame; False as soon as they are larger than `most` characters.

        Raises:
            SampanError: as `begin` and `restored`.
        """
        size = 0
        await self.begin()
        async with aclosing(self.restored(journey)) as restored:
            async for frame in restored:
                size += len(repr(frame.data))
                if size > most:
                    return False
                frames.append(frame)
        return True

    def _put_back(self, frame: Frame, journey: Journey) -> list[Frame]:
        began = time.perf_counter()
        self.count += 1
        if self.cleared.stream:
            frames = self.restorer.frame(frame)
        else:
            whole = self.restorer.whole(frame.data)
            frames = [Frame(whole if isinstance(whole, dict) else frame.data, frame.event)]
        journey.spent(began)
        return frames

    def _finished(self, end: End, journey: Journey) -> None:
        self.ended, self.logprobs = True, end.logprobs
        usage = counted(end.usage, self.cleared, self.count, self.first)
        journey.crossed(self.cleared, structs.replace(end, usage=usage) if usage.estimated else end)

    def failed(self, error: BaseException, journey: Journey, otherwise: str = "client_left") -> None:
        """Note how it broke off, once; an upstream's own words get their values back.

        otherwise: what is noted of an error that has no code.
        """
        if self.ended:
            return
        self.ended = True
        # what came before it broke off was paid for
        so_far = counted(Usage(), self.cleared, self.count, self.first) if self.count else Usage()
        journey.crossed(self.cleared, End(so_far), getattr(error, "code", left(error, otherwise)))
        journey.restorer = self.restorer
        if isinstance(error, UpstreamError) and error.upstream is not None:
            error.upstream = self.restorer.whole(error.upstream)

    async def cut_short(self, journey: Journey, why: str) -> None:
        """Stop it. What it got and gave so far is counted roughly, since its model may ask to be paid for it.

        why: what its crossing says.
        """
        await self.aclose()
        if not self.ended:
            self.ended = True
            given = self.count if self.cleared.stream else 0
            sent = bool(self.cleared.sent)
            usage = Usage(input=asked_tokens(self.cleared), output=given, estimated=True) if sent else Usage()
            journey.crossed(self.cleared, End(usage), why)

    async def aclose(self) -> None:
        """Stop the generation."""
        close = getattr(self.events, "aclose", None)
        if close is not None:
            await close()


def given(trip: Trip, leg: Leg) -> Answer:
    """The answer of a leg that has begun, frame by frame as it comes."""
    journey = trip.journey
    journey.first_frame()
    journey.answered, journey.restorer = leg.model, leg.restorer
    frames = Frames(_given(trip, leg), leg.aclose, journey)
    return Answer(trip.decided, leg.route, leg.started.headers, frames, leg.restorer)


async def _given(trip: Trip, leg: Leg) -> AsyncGenerator[Frame, None]:
    """Give out frames; close the record however this ends."""
    journey, gatherer = trip.journey, trip.stages.gatherer
    try:
        async with aclosing(leg.restored(journey)) as frames:
            async for frame in frames:
                yield gatherer.keep(journey.request, frame)
        journey.close("complete")
    except BaseException as error:
        leg.failed(error, journey)
        journey.fail(error)
        raise
    finally:
        await leg.aclose()
