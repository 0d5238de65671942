"""A shadow: after an answer was given out, another model of the same decision answers too, only to be compared.

Opt-in twice: by `route.shadow`, and by a rule that permits the action `shadow`. It is a request of its own, with its own
`Cleared`, receipt, crossing and share of the budgets; nobody hears its answer.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from msgspec import structs

from sampan.contract.answer import Frame
from sampan.contract.errors import SampanError
from sampan.contract.estimate import Trial
from sampan.contract.ids import new_id
from sampan.contract.models import Model
from sampan.contract.ports import Compared
from sampan.contract.receipt import Shadow
from sampan.contract.request import Decided, Request, Route
from sampan.contract.verdict import Said
from sampan.decide.verify.reading import said_of
from sampan.flow.answer import Answer, Frames
from sampan.flow.journey import STOPPED, Journey
from sampan.flow.legs import Trip
from sampan.flow.stages import Stages

APP = "sampan-shadow"
"""Who asks, in the receipt of a shadow and for budgets: the person who asked, through this application."""
TOO_SLOW, TOO_LONG = "shadow_too_slow", "shadow_too_long"


class Shadows:
    """Runs shadows, one at a time: what comes while one runs is left out, so that nothing piles up."""

    def __init__(self, compared: Compared, now: Callable[[], float]) -> None:
        """compared: told of both answers. now: seconds on the clock of `Request.received`."""
        self._compared, self._now = compared, now
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def behind(self, answer: Answer, stages: Stages, journey: Journey) -> Answer:
        """The same answer; once it was given out to its end, its decision's shadow sets out."""
        route = answer.decided.shadow
        if route is None or self._stopped or route.model.name == answer.route.model.name:
            return answer
        heard: list[Frame] = []
        frames = self._overheard(answer, stages, journey, heard)
        kept = Frames(frames, answer.frames.aclose, journey)
        return Answer(answer.decided, answer.route, answer.headers, kept, answer.restorer)

    async def _overheard(
        self, answer: Answer, stages: Stages, journey: Journey, heard: list[Frame]
    ) -> AsyncGenerator[Frame, None]:
        size = 0
        async with aclosing(answer.frames):
            async for frame in answer.frames:
                size += len(repr(frame.data))
                if size <= stages.limits.trial_bytes:
                    heard.append(frame)
                yield frame
        if size <= stages.limits.trial_bytes and journey.receipt is not None:
            self._set_out(answer, stages, journey, heard)

    def _set_out(self, answer: Answer, stages: Stages, journey: Journey, heard: list[Frame]) -> None:
        route = answer.decided.shadow
        asked = {spent.model.name for spent in journey.paid}
        busy = self._task is not None and not self._task.done()
        if route is None or self._stopped or busy or route.model.name in asked:
            return
        said = said_of(answer.request.dialect, heard)
        work = self._run(answer.decided, route, stages, _Given(answer.route.model, said))
        self._task = asyncio.get_running_loop().create_task(work)

    async def _run(self, decided: Decided, route: Route, stages: Stages, given: "_Given") -> None:
        """Never raises: nobody waits for it. Its receipt says how it ended."""
        first = decided.labelled.request
        request = _request_of(first, self._now())
        try:
            journey = Journey(stages.recorder.open(request), request)
        except SampanError:  # no room for a record: then there is no shadow
            return
        journey.shadow = Shadow(first.id, given.model.name)
        limit = asyncio.timeout(stages.limits.trial_s)
        try:
            alone = _alone(decided, route, request)
            journey.decided(alone)
            async with limit:
                said = await _heard(Trip(alone, stages, journey), route, stages.limits.trial_bytes)
        except TimeoutError as error:
            journey.close("error", TOO_SLOW) if limit.expired() else journey.fail(error)
        except SampanError as error:
            journey.fail(error)
        except BaseException as error:
            journey.fail(error)
            raise
        else:
            journey.shadow = self._told(decided, given, _Given(route.model, said))
            journey.close("complete")

    def _told(self, decided: Decided, given: "_Given", shadow: "_Given") -> Shadow:
        """Both answers are judged, each with the other beside it."""
        request, scores = decided.labelled.request, []
        for one, other in ((given, shadow), (shadow, given)):
            expected = decided.estimates.get(one.model.name)
            prior = expected.quality if expected else 0.5
            said = structs.replace(one.said, again=other.said.text)
            scores.append(self._compared.compared(request, one.model, said, Trial(0.0, prior)))
        return Shadow(request.id, given.model.name, scores[0], scores[1])

    def stop(self) -> None:
        """End the one that runs, and begin no other: its record is closed as stopped."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel(STOPPED)

    async def settled(self) -> None:
        """Wait until none runs."""
        if self._task is not None:
            await asyncio.wait([self._task])


class _Given:
    """What a model said."""

    __slots__ = ("model", "said")

    def __init__(self, model: Model, said: Said) -> None:
        self.model, self.said = model, said


def _request_of(first: Request, received: float) -> Request:
    """The same request with a record of its own; nothing that ties it to the first one goes upstream."""
    headers = {name: value for name, value in first.headers.items() if name != "idempotency-key"}
    principal = structs.replace(first.principal, app=APP)
    return structs.replace(
        first, id=new_id("rcp"), principal=principal, headers=headers, conversation="", received=received
    )


def _alone(decided: Decided, route: Route, request: Request) -> Decided:
    """The decision of the first request, narrowed to one of its routes."""
    return structs.replace(
        decided,
        labelled=structs.replace(decided.labelled, request=request),
        routes=(route,),
        why=f"shadow of {decided.labelled.request.id}: compared with {decided.routes[0].model.name}",
        trial=None,
        hedge_after_s=0.0,
        shadow=None,
    )


async def _heard(trip: Trip, route: Route, most: int) -> Said:
    """What the model says, to the end.

    Raises:
        SampanError: as a provider; an answer too large counts as one that broke off.
    """
    leg = trip.set_out(route)
    frames: list[Frame] = []
    try:
        if not await leg.collect(trip.journey, frames, most):
            await leg.cut_short(trip.journey, TOO_LONG)
    except BaseException as error:
        leg.failed(error, trip.journey, otherwise="not_answered")
        raise
    finally:
        await leg.aclose()
    return said_of(leg.cleared.dialect, frames)
