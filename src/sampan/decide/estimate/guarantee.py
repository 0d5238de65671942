"""A promise about quality: "against always asking the best, at most this much is lost, with this confidence".

From pairs of outcomes of both models on the same prompts. Thresholds are tried from the strictest on, a fixed sequence,
and each must pass a test at the full level before the next is tried; so the first that fails ends it and no correction for
many tests is due (Bauer 1991; for thresholds: Angelopoulos et al., Learn then test, 2021). The promise holds on average over
traffic like that of the pairs; when that changes, the pairs must be taken again.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from sampan.decide.estimate.odds import beta_cdf, beta_quantile

LEAST = 500
"""Pairs below which nothing is promised."""
_NUISANCE = 0.001
"""Of the risk, spent on not knowing how often the two models differ."""
_PARTS = 6
"""Steps in which that share is tried."""
_ROUNDING = 1e-9


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
    return risk(lost, won, many, epsilon) <= delta


def risk(lost: int, won: int, many: int, epsilon: float) -> float:
    """How likely so good a result is, at most, if the mean loss were epsilon or more: a p-value.

    The exact test of a trinomial mean. Results are ordered by how many standard errors they lie below epsilon, not by the loss
    alone: so the test hardly depends on how often the two differ at all, which is not known (Chan and Zhang 1999). That share
    is at most its Clopper-Pearson bound but for a small risk, which is added (Berger and Boos 1994).
    """
    if lost - won >= epsilon * many:
        return 1.0
    most = upper(lost + won, many, _NUISANCE)
    if most <= epsilon:
        return _NUISANCE
    errors = (lost - won - epsilon * many) / _error(lost + won, many, epsilon)
    shares = (epsilon + (most - epsilon) * part / _PARTS for part in range(_PARTS + 1))
    return min(1.0, max(_tail(errors, many, differ, epsilon) for differ in shares) + _NUISANCE)


def _error(both: int, many: int, epsilon: float) -> float:
    """Standard error of lost - won when the mean loss is epsilon and `both` of `many` were seen to differ."""
    return math.sqrt(many * (max(both / many, epsilon) - epsilon**2))


def _tail(errors: float, many: int, differ: float, epsilon: float) -> float:
    """P(at least as far below epsilon) when a share `differ` differs and the mean loss is epsilon."""
    lose = min(1.0, (1 + epsilon / differ) / 2)
    middle, wide = many * differ, 7 * math.sqrt(many * differ * (1 - differ)) + 7
    total = 0.0
    for both in range(max(0, math.floor(middle - wide)), min(many, math.ceil(middle + wide)) + 1):
        balance = math.floor(many * epsilon + errors * _error(both, many, epsilon) + _ROUNDING)
        most = (balance + both) // 2
        if most < 0:
            continue
        share = 1.0 if most >= both else 1 - beta_cdf(lose, most + 1, both - most)
        total += math.exp(_log_binomial(both, many, differ)) * share
    return total


def _log_binomial(k: int, n: int, p: float) -> float:
    if p >= 1:
        return 0.0 if k == n else -math.inf
    choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return choose + k * math.log(p) + (n - k) * math.log1p(-p)
