"""The way through.

Request -> gather -> label -> decide -> clear -> provider -> restore -> receipt
"""

import asyncio
import time

from sampan.contract.errors import PolicyRefused
from sampan.contract.ports import Decider, Labeller
from sampan.contract.request import Decided, Decision, Held, Labelled, Refused, Request
from sampan.flow.answer import Answer
from sampan.flow.cascade import on_trial, wants_trial
from sampan.flow.journey import Journey
from sampan.flow.legs import Trip, given
from sampan.flow.reach import reach
from sampan.flow.refusal import as_error
from sampan.flow.stages import Stages

LONG_BODY = 64 * 1024
"""Bytes above which scanning leaves the event loop; so it does for files."""


async def run(request: Request, stages: Stages) -> Answer:
    """Take one request the whole way; returns as soon as the first frame is there.

    Raises:
        SampanError: whatever stops it; its receipt is closed by then.
    """
    journey = Journey(stages.recorder.open(request), request)
    try:
        gathered = stages.gatherer.gather(request)
        labelled = await _label(gathered, stages.labeller, journey)
        decided = _permitted(_decide(labelled, stages.decider, journey))
        trip, trial = Trip(decided, stages, journey), wants_trial(decided)
        if trial is not None:
            return await on_trial(trip, trial)
        return given(trip, await reach(trip, decided.routes))
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


def _permitted(decision: Decision) -> Decided:
    match decision:
        case Decided():
            return decision
        case Refused():
            raise as_error(decision)
        case Held():
            raise PolicyRefused(
                f"This needs an approval: {decision.approval}.", ways_on=("Ask the approver, then send it again.",)
            )


def now() -> float:
    """Seconds on the clock that `Request.received` uses."""
    return time.perf_counter()
