"""Reach a model of the decision: the first route that begins to answer, and a second one asked when the first is late.

Only before the first frame, and never a (model, form) pair that the decision does not name.
"""

from collections.abc import Iterable

from sampan.contract.errors import ContextTooLong, Unavailable, UpstreamError
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Route
from sampan.flow.legs import OVERTAKEN, Leg, Trip
from sampan.flow.rival import Rival

FAILURES = (UpstreamError, Unavailable, ContextTooLong)
"""What a provider raises when it cannot answer; anything else is a defect, or the caller's doing."""

_OUT = {Realm.PERSONAL: 0, Realm.ENTERPRISE: 1, Realm.PUBLIC: 2}


async def reach(trip: Trip, routes: Iterable[Route]) -> Leg:
    """Try routes in order until one begins to answer. routes: of the trip's decision; no others can be cleared.

    Raises:
        SampanError: the failure of the last one that was tried.
    """
    left = list(routes)
    failure: Exception | None = None
    while left:
        try:
            return await _this_or_its_rival(trip, left)
        except FAILURES as error:
            failure = error
            if not _may_move_on(error):
                break
    raise failure or Unavailable("No model is there to answer.")


async def _this_or_its_rival(trip: Trip, left: list[Route]) -> Leg:
    """The leg that begins first; what else was asked is stopped, however this ends. Takes what it asks from `left`."""
    leg = trip.set_out(left.pop(0))
    rival = _rival(trip, leg.model, left)
    winner: Leg | None = None
    try:
        winner = await _winner(trip, leg, rival)
        return winner
    except BaseException as error:
        leg.failed(error, trip.journey, otherwise="not_answered")
        raise
    finally:
        if winner is not leg:
            await leg.cut_short(trip.journey, OVERTAKEN)
        if rival is not None:
            await rival.settle(winner)


async def _winner(trip: Trip, leg: Leg, rival: Rival | None) -> Leg:
    if rival is None:
        await leg.begin()
        return leg
    try:
        return await rival.race(leg)
    except FAILURES as error:
        leg.failed(error, trip.journey)
        quicker = await rival.begun() if _may_move_on(error) else None
        if quicker is None:
            raise
        return quicker


def _rival(trip: Trip, model: Model, left: list[Route]) -> Rival | None:
    """The next route worth asking too when `model` is late; one a request.

    Never further out than the first: what would have stayed on an own device does not leave it because the device is slow.
    """
    if trip.hedged or trip.decided.hedge_after_s <= 0:
        return None
    for route in left:
        if _OUT[route.model.realm] <= _OUT[model.realm] and not _same_engine(model, route.model):
            return Rival(trip, route, left)
    return None


def _same_engine(one: Model, other: Model) -> bool:
    """Whether two models wait for the same machine of the caller's own: asking both makes both slower."""
    if one.realm is not Realm.PERSONAL or other.realm is not Realm.PERSONAL:
        return False
    return one.base_url == other.base_url or (Wire.LOCAL in one.wire and Wire.LOCAL in other.wire)


def _may_move_on(error: Exception) -> bool:
    """Too long for one model may fit the next; what a model refused, the next is not asked."""
    return isinstance(error, Unavailable | ContextTooLong) or (isinstance(error, UpstreamError) and error.retryable)
