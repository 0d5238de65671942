"""The way through.

Request -> gather -> label -> decide -> clear -> provider -> restore -> receipt
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

from msgspec import structs

from sampan.contract.answer import End, Event, Frame, Started
from sampan.contract.cleared import Cleared
from sampan.contract.errors import ContextTooLong, StreamCut, Unavailable, UpstreamError
from sampan.contract.ports import Decider, Labeller, Protector, Provider, Recorder, Restorer
from sampan.contract.request import Decided, Decision, Held, Json, Labelled, Refused, Request
from sampan.flow.answer import Answer, Frames
from sampan.flow.counting import counted, counts_itself, estimate
from sampan.flow.holding import Holding, Line
from sampan.flow.journey import Journey
from sampan.flow.refusal import as_error

LONG_BODY = 64 * 1024
"""Bytes above which scanning leaves the event loop; so it does for files."""


class Gatherer(Protocol):
    """Adds what the request refers to: earlier turns now, memory and knowledge later."""

    def gather(self, request: Request) -> Request:
        """The request with what it refers to, to be labelled like typed text."""

    def keep(self, request: Request, reply: Frame) -> Frame:
        """Keep what a later request may refer to; returns the reply as the caller may see it."""

    def kept(self, scope: str, response_id: str) -> Json:
        """A reply that was kept for this principal; raises NotFound."""

    def forget(self, scope: str, response_id: str) -> None:
        """Drop it; raises NotFound."""


class Providers(Protocol):
    """Finds the provider of a model."""

    def __getitem__(self, name: str) -> Provider:
        """The provider, or KeyError."""


class Stages(NamedTuple):
    """The parts that a request passes, in order."""

    gatherer: Gatherer
    labeller: Labeller
    decider: Decider
    protector: Protector
    providers: Providers
    recorder: Recorder
    holding: Holding


async def run(request: Request, stages: Stages, line: Line | None = None) -> Answer:
    """Take one request the whole way; returns as soon as the first frame is there.

    line: to the caller, where it can be kept alive while the request waits for an approval.

    Raises:
        SampanError: whatever stops it; its receipt is closed by then.
    """
    journey = Journey(stages.recorder.open(request), request)
    try:
        gathered = stages.gatherer.gather(request)
        labelled = await _label(gathered, stages.labeller, journey)
        decision = _decide(labelled, stages.decider, journey)
        while isinstance(decision, Held):
            decision = await stages.holding.through(decision, journey, lambda: stages.decider.decide(labelled), line)
        decided = _permitted(decision)
        return await _first_route_that_answers(decided, stages, journey)
    except BaseException as error:
        journey.fail(error)
        raise


async def decide_only(request: Request, stages: Stages) -> Decision:
    """Label and decide without running, recording or sending anything."""
    gathered = stages.gatherer.gather(request)
    labelled = await asyncio.to_thread(stages.labeller.label, gathered)
    return stages.decider.decide(labelled)


async def _label(request: Request, labeller: Labeller, journey: Journey) -> Labelled:
    began = time.perf_counter()
    try:
        if request.text_size > LONG_BODY or labeller.is_slow(request):
            return await asyncio.to_thread(labeller.label, request)
        return labeller.label(request)
    finally:
        journey.spent(began)


def _decide(labelled: Labelled, decider: Decider, journey: Journey) -> Decision:
    began = time.perf_counter()
    decision = decider.decide(labelled)
    journey.decided(decision)
    journey.spent(began)
    return decision


def _permitted(decision: Decided | Refused) -> Decided:
    if isinstance(decision, Refused):
        raise as_error(decision)
    return decision


async def _first_route_that_answers(decided: Decided, stages: Stages, journey: Journey) -> Answer:
    """Try the allowed routes in order; only before the first frame, and never another pair."""
    failure: Exception | None = None
    for route in decided.routes:
        began = time.perf_counter()
        cleared, restorer = stages.protector.clear(decided, route)
        journey.restorer = restorer
        journey.spent(began)
        events = stages.providers[route.model.name].run(cleared) if counts_itself(cleared) else estimate(cleared)
        try:
            started, first = await _first_frame(events)
        except (UpstreamError, Unavailable, ContextTooLong) as error:
            journey.crossed(cleared, End(), error.code)
            failure = _readable(error, restorer)
            if not _may_move_on(error):
                break
            continue
        except BaseException:
            journey.crossed(cleared, End(), "not_answered")
            raise
        journey.first_frame()
        leg = Leg(cleared, restorer, events, first)
        frames = Frames(_restored(leg, stages.gatherer, journey), leg.aclose, journey)
        return Answer(decided, route, started.headers, frames)
    raise failure or Unavailable("No model is there to answer.")


def _may_move_on(error: Exception) -> bool:
    """Too long for one model may fit the next; what a model refused, the next is not asked."""
    return isinstance(error, Unavailable | ContextTooLong) or (isinstance(error, UpstreamError) and error.retryable)


def _readable(error: Exception, restorer: Restorer) -> Exception:
    if isinstance(error, UpstreamError) and error.upstream is not None:
        error.upstream = restorer.whole(error.upstream)
    return error


class Leg:
    """A request under way on one route."""

    __slots__ = ("cleared", "count", "ended", "events", "first", "restorer")

    def __init__(self, cleared: Cleared, restorer: Restorer, events: AsyncIterator[Event], first: Frame) -> None:
        self.cleared, self.restorer, self.events, self.first = cleared, restorer, events, first
        self.ended, self.count = False, 0

    async def aclose(self) -> None:
        """Stop the generation."""
        close = getattr(self.events, "aclose", None)
        if close is not None:
            await close()


async def _first_frame(events: AsyncIterator[Event]) -> tuple[Started, Frame]:
    started = Started()
    async for event in events:
        if isinstance(event, Started):
            started = event
        elif isinstance(event, Frame):
            return started, event
        else:
            break
    raise StreamCut("The model ended without an answer.", retryable=True)


async def _restored(leg: Leg, gatherer: Gatherer, journey: Journey) -> AsyncIterator[Frame]:
    """Give out frames with the values put back; close the record however this ends."""
    try:
        for frame in _put_back(leg, leg.first, gatherer, journey):
            yield frame
        async for event in leg.events:
            if isinstance(event, Frame):
                for frame in _put_back(leg, event, gatherer, journey):
                    yield frame
            elif isinstance(event, End):
                _ended(leg, event, journey)
        for frame in leg.restorer.finish():
            yield frame
        _complete(leg, journey)
    except BaseException as error:
        _broken(leg, error, journey)
        raise
    finally:
        await leg.aclose()


def _ended(leg: Leg, end: End, journey: Journey) -> None:
    leg.ended = True
    usage = counted(end.usage, leg.cleared, leg.count, leg.first)
    journey.crossed(leg.cleared, structs.replace(end, usage=usage) if usage.estimated else end)


def _complete(leg: Leg, journey: Journey) -> None:
    if not leg.ended:
        raise StreamCut("The answer ended in the middle.")
    journey.close("complete")


def _broken(leg: Leg, error: BaseException, journey: Journey) -> None:
    if not leg.ended:
        journey.crossed(leg.cleared, End(), getattr(error, "code", "client_left"))
    journey.fail(error)
    if isinstance(error, UpstreamError):
        _readable(error, leg.restorer)


def _put_back(leg: Leg, frame: Frame, gatherer: Gatherer, journey: Journey) -> list[Frame]:
    began = time.perf_counter()
    leg.count += 1
    if leg.cleared.stream:
        frames = leg.restorer.frame(frame)
    else:
        whole = leg.restorer.whole(frame.data)
        frames = [Frame(whole if isinstance(whole, dict) else frame.data, frame.event)]
    kept = [gatherer.keep(journey.request, each) for each in frames]
    journey.spent(began)
    return kept


def now() -> float:
    """Seconds on the clock that `Request.received` uses."""
    return time.perf_counter()
