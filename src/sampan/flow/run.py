"""The way through.

Request -> gather -> label -> decide -> clear -> provider -> restore -> receipt
"""

import asyncio
import time
from functools import partial

from sampan.contract.ports import Decider, Labeller
from sampan.contract.request import Decided, Decision, Held, Labelled, Refused, Request
from sampan.flow import as_text
from sampan.flow.answer import Answer
from sampan.flow.cascade import on_trial, wants_trial
from sampan.flow.journey import Journey
from sampan.flow.legs import Trip, given
from sampan.flow.line import Line, kept_alive
from sampan.flow.reach import reach
from sampan.flow.refusal import as_error
from sampan.flow.stages import Stages

LONG_BODY = 64 * 1024
"""Bytes above which scanning leaves the event loop; so it does for files."""


async def run(request: Request, stages: Stages, line: Line | None = None) -> Answer:
    """Take one request the whole way; returns as soon as the first frame is there.

    line: to the caller, where it can be kept alive while the request waits for an approval, or is answered on trial.

    Raises:
        SampanError: whatever stops it; its receipt is closed by then.
    """
    journey = Journey(stages.recorder.open(request), request)
    try:
        gathered = stages.gatherer.gather(request)
        labelled = await label(gathered, stages.labeller, journey)
        if labelled.files:
            labelled, decision = await _decide_with_files(labelled, stages, journey)
        else:
            decision = _decide(labelled, stages.decider, journey)
        while isinstance(decision, Held):
            again = partial(stages.decider.decide, labelled)
            decision = await stages.holding.through(decision, journey, again, line)
        decided = _permitted(decision)
        trip, trial = Trip(decided, stages, journey), wants_trial(decided)
        if trial is not None:
            async with kept_alive(line, stages.limits.keep_alive_s):
                answer = await on_trial(trip, trial)
        else:
            answer = given(trip, await reach(trip, decided.routes))
        return stages.shadows.behind(answer, stages, journey) if stages.shadows else answer
    except BaseException as error:
        journey.fail(error)
        raise


async def decide_only(request: Request, stages: Stages) -> Decision:
    """Label and decide without running, recording or sending anything."""
    gathered = stages.gatherer.gather(request)

    async def labelled(asked: Request) -> Labelled:
        return await asyncio.to_thread(stages.labeller.label, asked)

    return (await as_text.decide(await labelled(gathered), stages.decider, labelled))[1]


async def label(request: Request, labeller: Labeller, journey: Journey) -> Labelled:
    """Label a request; what may take long leaves the event loop."""
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


async def _decide_with_files(labelled: Labelled, stages: Stages, journey: Journey) -> tuple[Labelled, Decision]:
    """Decide, perhaps on the files' text; what was decided on, and the decision. Labelling it counts its own time."""
    again = partial(label, labeller=stages.labeller, journey=journey)
    labelled, decision = await as_text.decide(labelled, stages.decider, again)
    journey.decided(decision)
    return labelled, decision


def _permitted(decision: Decided | Refused) -> Decided:
    if isinstance(decision, Refused):
        raise as_error(decision)
    return decision


def now() -> float:
    """Seconds on the clock that `Request.received` uses."""
    return time.perf_counter()
