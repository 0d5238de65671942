"""A promise about quality: "against always asking the best, at most this much is lost, with this confidence".

From pairs of outcomes of both models on the same prompts. Thresholds are tried from the strictest on, a fixed sequence,
and each must pass a test at the full level before the next is tried; so the first that fails ends it and no correction for
many tests is due (Bauer 1991; for thresholds: Angelopoulos et al., Learn then test, 2021). The promise holds on average over
traffic like that of the pairs; when that changes, the pairs must be taken again.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from sampan.decide.estimate.odds import beta_quantile

LEAST = 500
"""Pairs below which nothing is promised."""


class Compared(NamedTuple):
    """One prompt that both answered. score: how much better the strong model is expected to be; weak, strong: 0 or 1."""

    score: float
    weak: float
    strong: float


class Promise(NamedTuple):
    """accept_below: prompts with a score up to this may go to the weak model. share: of the pairs, how many did.

    reason: why there is none, else empty.
    """

    accept_below: float
    share: float
    reason: str = ""

    @property
    def made(self) -> bool:
        """Whether anything is promised."""
        return not self.reason


def upper(bad: int, many: int, level: float) -> float:
    """Clopper-Pearson: the share behind `bad` of `many` is above this with probability at most `level`."""
    return 1.0 if bad >= many else beta_quantile(1 - level, bad + 1, many - bad)


def lower(good: int, many: int, level: float) -> float:
    """Clopper-Pearson: the share behind `good` of `many` is below this with probability at most `level`."""
    return 0.0 if good <= 0 else beta_quantile(level, good, many - good + 1)


def promise(pairs: Sequence[Compared], epsilon: float, delta: float, steps: int = 40) -> Promise:
    """The widest use of the weak model that can be promised. epsilon: mean quality lost, at most; delta: risk, 0 to 1.

    A prompt kept on the weak model loses 1 when only the strong one is right, and gains 1 when only the weak one is.
    Raises ValueError when epsilon or delta make no sense.
    """
    if not (0 < epsilon < 1 and 0 < delta < 1):
        raise ValueError("epsilon and delta are above 0 and below 1")
    if len(pairs) < LEAST:
        return Promise(-math.inf, 0.0, f"{len(pairs)} compared answers; {LEAST} are needed to promise anything")
    ordered = sorted(pairs)
    kept, accept = 0, -math.inf
    for step in range(1, steps + 1):
        many = round(step * len(ordered) / steps)
        while many < len(ordered) and ordered[many].score == ordered[many - 1].score:
            many += 1
        if not _holds(ordered[:many], len(ordered), epsilon, delta):
            break
        kept, accept = many, ordered[many - 1].score
    if not kept:
        return Promise(-math.inf, 0.0, "the compared answers do not allow this promise for any share of requests")
    return Promise(accept, kept / len(ordered))


def _holds(kept: Sequence[Compared], many: int, epsilon: float, delta: float) -> bool:
    lost = sum(each.strong > each.weak for each in kept)
    won = sum(each.weak > each.strong for each in kept)
    return loss_bound(lost, won, many, delta) <= epsilon


def loss_bound(lost: int, won: int, many: int, delta: float) -> float:
    """Mean loss is above this with probability at most delta.

    Two exact tests in a row: how often the two differ at all, and which of those go to the strong one. The risk is split
    between them; of a few splits fixed beforehand, each at its share of a third of the risk, none is looked at after the fact.
    """
    return upper(lost, many, delta / 2) - lower(won, many, delta / 2)
