"""What is choosable, and its order as long as nothing about the prompt is looked at: realms, prices, measured times."""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

from sampan.contract.models import Model, Realm
from sampan.contract.request import Route
from sampan.decide.needs import Fit
from sampan.wording import worded

EXPECTED_S = {Realm.PERSONAL: 1.0, Realm.ENTERPRISE: 0.6, Realm.PUBLIC: 0.5}
"""Seconds to the first token that somebody expects of realms as long as nothing is measured."""
CAPABLE = {Realm.PUBLIC: 0, Realm.ENTERPRISE: 1, Realm.PERSONAL: 2}
"""The lower the more capable, of realms of whose models nothing else is known."""


class Wish(StrEnum):
    """What the caller asks for when no model is named."""

    AUTO = "auto"
    BEST = "auto:best"
    FAST = "auto:fast"
    PRIVATE = "auto:private"


class Candidate(msgspec.Struct, frozen=True):
    """A route that policy allows, with what choosing needs to know.

    ready: the model runs, or is loading: a personal model that loads is worth the seconds, and when it
    cannot serve yet it says so and the flow goes on to the next route of the same decision.
    """

    route: Route
    fit: Fit
    ready: bool

    @property
    def model(self) -> Model:
        """The model of the route."""
        return self.route.model


Pace = Callable[[str], float]
"""Model name -> measured seconds to the first token; 0 when nothing is measured."""


def is_ready(health: str) -> bool:
    """Whether a model with this health may be preferred: `ready` or `loading …`."""
    return health.startswith(("ready", "loading"))


def order(candidates: Sequence[Candidate], wish: Wish, pace: Pace) -> list[Candidate]:
    """Best first. What runs and fits comes before what may not, whatever the wish."""
    rank = _RANKS.get(wish, _thrifty)
    return sorted(candidates, key=lambda one: (not one.ready, one.fit, *rank(one.model, pace)))


def _thrifty(model: Model, _pace: Pace) -> tuple[float, ...]:
    return (model.realm is not Realm.PERSONAL, _price(model))


def _capable(model: Model, _pace: Pace) -> tuple[float, ...]:
    price = _price(model)
    return (CAPABLE[model.realm], -price if price < math.inf else 0.0)


def _quick(model: Model, pace: Pace) -> tuple[float, ...]:
    return (pace(model.name) or EXPECTED_S[model.realm], _price(model))


_RANKS: dict[Wish, Callable[[Model, Pace], tuple[float, ...]]] = {Wish.BEST: _capable, Wish.FAST: _quick}


def _price(model: Model) -> float:
    """What nobody stated counts as dearer than anything, but for an own device, which costs nothing."""
    if model.price.known or model.realm is Realm.PERSONAL:
        return model.price.input + model.price.output
    return math.inf


def why(wish: Wish | None, ordered: Sequence[Candidate]) -> str:
    """One short sentence for the receipt. wish None: the model was asked for by name."""
    chosen = ordered[0]
    reason = _REASONS.get(wish, worded("asked by name")) if wish is not Wish.AUTO else _auto(chosen, ordered)
    masked = ", ".join(sorted(chosen.route.form.masked))
    return worded(f"{reason}; masked {masked}") if masked else reason


_REASONS: dict[Wish | None, str] = {
    Wish.BEST: worded("most capable allowed"),
    Wish.FAST: worded("quickest allowed"),
    Wish.PRIVATE: worded("personal realm only"),
}


def _auto(chosen: Candidate, ordered: Sequence[Candidate]) -> str:
    if chosen.model.realm is Realm.PERSONAL:
        return (
            worded("personal model fits") if chosen.fit is Fit.FITS else worded("personal model is the only one ready")
        )
    personal = [one for one in ordered if one.model.realm is Realm.PERSONAL]
    if not personal:
        return worded("cheapest allowed")
    return (
        worded("personal model is not ready; cheapest allowed")
        if not personal[0].ready
        else worded("too long for the personal model; cheapest allowed")
    )
