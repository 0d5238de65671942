"""A trial: the first route answers whole and unheard; a verifier accepts the answer, or the next routes are asked.

Whatever is asked is a pair of the same decision, with its own `Cleared`.
"""

import asyncio
import time
from collections.abc import AsyncGenerator

import msgspec
from msgspec import structs

from sampan.contract.answer import Frame
from sampan.contract.errors import SampanError
from sampan.contract.estimate import Trial
from sampan.contract.models import Realm
from sampan.contract.receipt import Tried
from sampan.contract.request import Decided, Dialect, Json
from sampan.contract.verdict import Said, Verdict
from sampan.decide.verify.agreement import SHORT, could_turn
from sampan.decide.verify.reading import said_of
from sampan.flow.answer import Answer, Frames
from sampan.flow.legs import Leg, Trip, given
from sampan.flow.reach import reach

_SLOW_TO_READ = 32 * 1024
"""Characters of an answer from which verifying leaves the event loop."""
_TRIED = frozenset({Dialect.CHAT, Dialect.COMPLETIONS, Dialect.RESPONSES, Dialect.MESSAGES})
ACCEPTED, ESCALATED, KEPT = "accepted", "escalated", "kept"
TOO_LONG, TOO_SLOW = "trial_too_long", "trial_too_slow"


class _Tale(msgspec.Struct):
    """What came of a trial. error: the code of what ended it before there was a whole answer."""

    frames: list[Frame] = []
    verdict: Verdict | None = None
    error: str = ""


def wants_trial(decided: Decided) -> Trial | None:
    """The trial of a decision; None where there is none, or nobody to escalate to."""
    dialect = decided.labelled.request.dialect
    return decided.trial if len(decided.routes) > 1 and dialect in _TRIED else None


async def on_trial(trip: Trip, trial: Trial) -> Answer:
    """The answer of the first route if it is accepted, else that of the next one that answers.

    Raises:
        SampanError: nobody answered, and what was on trial cannot be given out.
    """
    journey, began = trip.journey, time.perf_counter()
    leg = trip.set_out(trip.decided.routes[0])
    tale = await _heard_out(trip, leg, trial)
    journey.trial = tried = _told(trip, leg, trial, tale, began)
    if tale.verdict is not None:
        trip.stages.verifier.settled(journey.request, tale.verdict, trial)
    if tried.verdict == ACCEPTED:
        return _replayed(trip, leg, tale.frames)
    try:
        return given(trip, await reach(trip, trip.decided.routes[1:]))
    except SampanError:
        if tale.verdict is None or not tale.verdict.usable:
            raise
        journey.trial = structs.replace(tried, verdict=KEPT)
        return _replayed(trip, leg, tale.frames)


def _told(trip: Trip, leg: Leg, trial: Trial, tale: _Tale, began: float) -> Tried:
    verdict = tale.verdict
    accepted = verdict is not None and verdict.usable and verdict.score >= trial.accept_at
    mine = [each.usage for each in trip.journey.paid if each.model is leg.model]
    return Tried(
        model=leg.model.name,
        verdict=ACCEPTED if accepted else ESCALATED,
        accept_at=trial.accept_at,
        score=verdict.score if verdict else None,
        checks=verdict.spoke if verdict else {},
        error=tale.error,
        ms=(time.perf_counter() - began) * 1000,
        tokens={"in": sum(usage.input for usage in mine), "out": sum(usage.output for usage in mine)},
    )


async def _heard_out(trip: Trip, leg: Leg, trial: Trial) -> _Tale:
    """Let the model answer to the end, within bounds, and verify what it said."""
    limits, tale = trip.stages.limits, _Tale()
    limit = asyncio.timeout(min(limits.trial_s, trial.worth_s or limits.trial_s))
    try:
        async with limit:
            leg.cleared.on_trial = True
            if not await leg.collect(trip.journey, tale.frames, limits.trial_bytes):
                await leg.cut_short(trip.journey, TOO_LONG)
                return _Tale(error=TOO_LONG)
            said = structs.replace(said_of(leg.cleared.dialect, tale.frames), logprobs=leg.logprobs)
            tale.verdict = await _verified(trip, said, trial)
            if limits.samples > 1 and _in_doubt(trip, leg, said, tale.verdict, trial):
                tale.verdict = await _verified(trip, await _once_more(trip, leg, said), trial)
    except SampanError as error:
        leg.failed(error, trip.journey)
        return _Tale(error=error.code)
    except TimeoutError as error:
        if not limit.expired():
            leg.failed(error, trip.journey, otherwise="not_answered")
            raise
        await leg.cut_short(trip.journey, TOO_SLOW)
        return tale if tale.verdict else _Tale(error=TOO_SLOW)
    except BaseException as error:
        leg.failed(error, trip.journey, otherwise="not_answered")
        raise
    finally:
        await leg.aclose()
    return tale


async def _verified(trip: Trip, said: Said, trial: Trial) -> Verdict:
    verifier, request = trip.stages.verifier, trip.decided.labelled.request
    if len(said.text) + request.text_size > _SLOW_TO_READ:
        return await asyncio.to_thread(verifier.verify, request, said, trial)
    began = time.perf_counter()
    verdict = verifier.verify(request, said, trial)
    trip.journey.spent(began)
    return verdict


def _in_doubt(trip: Trip, leg: Leg, said: Said, verdict: Verdict, trial: Trial) -> bool:
    """Whether a second sample is worth its time: it costs no money here, may differ, is short, and could turn the verdict."""
    body: Json = trip.decided.labelled.request.body
    differs = body.get("temperature") != 0 and body.get("seed") is None
    short = len(said.text) <= SHORT and not said.calls
    turns = could_turn(verdict.score, trial.accept_at)
    return leg.model.realm is Realm.PERSONAL and differs and short and turns and verdict.usable


async def _once_more(trip: Trip, leg: Leg, said: Said) -> Said:
    """The same with a second answer beside it; without one when that fails or the time is over."""
    again = trip.set_out(leg.route)
    again.cleared.on_trial = True
    frames: list[Frame] = []
    try:
        if await again.collect(trip.journey, frames, trip.stages.limits.trial_bytes):
            return structs.replace(said, again=said_of(again.cleared.dialect, frames).text)
    except SampanError as error:
        again.failed(error, trip.journey)
    finally:
        await again.cut_short(trip.journey, TOO_SLOW)
    return said


def _replayed(trip: Trip, leg: Leg, frames: list[Frame]) -> Answer:
    """An answer that was kept, given out at once."""
    journey = trip.journey
    journey.first_frame()
    journey.answered, journey.restorer = leg.model, leg.restorer
    kept = Frames(_kept(trip, frames), leg.aclose, journey)
    return Answer(trip.decided, leg.route, leg.started.headers, kept, leg.restorer)


async def _kept(trip: Trip, frames: list[Frame]) -> AsyncGenerator[Frame, None]:
    journey, gatherer = trip.journey, trip.stages.gatherer
    try:
        for number, frame in enumerate(frames, 1):
            yield structs.replace(gatherer.keep(journey.request, frame), more=number < len(frames))
        journey.close("complete")
    except BaseException as error:
        journey.fail(error)
        raise
