"""The order in which the allowed models are asked: what is expected of them against what they cost."""

import math
from collections.abc import Sequence
from itertools import groupby

from sampan.contract.models import Realm
from sampan.decide.outlook import Outlook
from sampan.decide.route import CAPABLE, Wish
from sampan.wording import worded


def order(outlooks: Sequence[Outlook], wish: Wish, epsilon: float) -> list[Outlook]:
    """Best first: a permutation of what was given. What runs, fits and speaks the language comes before what may not.

    `auto` and `auto:private`: the cheapest whose lower confidence bound is within epsilon of the best one's expected
    quality, then the same again among the rest. `auto:best`: the highest expected quality. `auto:fast`: the shortest
    time to the first token. Ties go by quality, time, and at last by name, so that equal requests are equally decided.
    """
    ordered: list[Outlook] = []
    for _, group in groupby(sorted(outlooks, key=lambda one: one.class_), lambda one: one.class_):
        alike = list(group)
        if wish is Wish.BEST:
            ordered += sorted(alike, key=_capable)
        elif wish is Wish.FAST:
            ordered += sorted(alike, key=_quick)
        else:
            ordered += _thrifty_order(alike, epsilon)
    return ordered


def _thrifty_order(alike: list[Outlook], epsilon: float) -> list[Outlook]:
    ordered = []
    rest = sorted(alike, key=_thrifty)
    while rest:
        best = max(one.quality for one in rest)
        at = next(at for at, one in enumerate(rest) if one.low >= best - epsilon or one.quality == best)
        ordered.append(rest.pop(at))
    return ordered


def _thrifty(one: Outlook) -> tuple[float | str, ...]:
    return (one.cost, -one.quality, -one.low, one.first_s, one.model.name)


def _capable(one: Outlook) -> tuple[float | str, ...]:
    price = one.model.price
    dearest = -(price.input + price.output) if price.known else math.inf  # of those that nothing else tells apart
    return (-one.quality, -one.low, CAPABLE[one.model.realm], dearest, one.model.name)


def _quick(one: Outlook) -> tuple[float | str, ...]:
    return (one.first_s, one.cost, -one.quality, one.model.name)


def why(ordered: Sequence[Outlook], wish: Wish, epsilon: float) -> str:
    """One sentence for the receipt, in numbers."""
    chosen = ordered[0]
    rest = [one for one in ordered[1:] if one.class_ == chosen.class_]
    told = _obstacle(chosen, ordered) + _REASONS[wish].format(epsilon=share(epsilon))
    other = (
        min(rest, key=lambda one: one.first_s)
        if rest and wish is Wish.FAST
        else max(rest, key=_by_quality, default=None)
    )
    return f"{told}: {versus(chosen, other, wish)}{masks(chosen)}"


_REASONS = {
    Wish.AUTO: worded("cheapest within {epsilon} of the best"),
    Wish.PRIVATE: worded("personal realm only"),
    Wish.BEST: worded("most capable allowed"),
    Wish.FAST: worded("quickest allowed"),
}


def versus(chosen: Outlook, other: Outlook | None, wish: Wish = Wish.AUTO) -> str:
    """`quality .93 ± .02 vs .58 ± .07 (local), cost 0.0011`."""
    if other is None:
        parts = [worded(f"quality {quality(chosen)}"), worded(f"cost {money(chosen.cost)}")]
        first = worded(f"first token in {chosen.first_s:.2g} s")
    else:
        name = other.model.name
        parts = [
            worded(f"quality {quality(chosen)} vs {quality(other)} ({name})"),
            worded(f"cost {money(chosen.cost)} vs {money(other.cost)}"),
        ]
        first = worded(f"first token in {chosen.first_s:.2g} s vs {other.first_s:.2g} s ({name})")
    return ", ".join([first, *parts] if wish is Wish.FAST else parts)


def masks(chosen: Outlook) -> str:
    """What goes masked, as the end of a sentence."""
    masked = ", ".join(sorted(chosen.candidate.route.form.masked))
    return "; " + worded(f"masked {masked}") if masked else ""


def quality(one: Outlook) -> str:
    """`.58 ± .07`."""
    return f"{share(one.quality)} ± {share(one.margin)}"


def share(value: float) -> str:
    """`.58`, `1.00`."""
    return f"{value:.2f}".removeprefix("0")


def money(dollars: float) -> str:
    """`0.0011`, `0`, `unknown`."""
    return f"{dollars:.2g}" if math.isfinite(dollars) else "unknown"


def _by_quality(one: Outlook) -> tuple[float, str]:
    return (one.quality, one.model.name)


def _obstacle(chosen: Outlook, ordered: Sequence[Outlook]) -> str:
    """Why no personal model was looked at, where that is so."""
    if chosen.model.realm is Realm.PERSONAL:
        return ""
    personal = [one for one in ordered if one.model.realm is Realm.PERSONAL]
    if not personal or any(one.class_ <= chosen.class_ for one in personal):
        return ""
    not_ready, too_long, _ = personal[0].class_
    if not_ready:
        return worded("personal model is not ready") + "; "
    told = worded("too long for the personal model" if too_long else "not a language of the personal model")
    return f"{told}; "
