"""One probability from what checks say of an answer: a logistic model of at most 20 features, calibrated.

Without labels its weights are those below, set by hand. Labels move them: the weights are the likeliest ones when those set
by hand are the prior (a Gaussian round each), so that few labels change little (MAP logistic regression, by Newton's method).
"""

import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sampan.contract.errors import Corrupt
from sampan.decide.estimate.calibrate import Isotonic, Pair
from sampan.decide.estimate.odds import logit, sigmoid


class Weight(NamedTuple):
    """How a feature counts before anything is learned: by * (value - middle), value cut to low and high; unit: a usual change."""

    by: float
    middle: float
    low: float
    high: float
    unit: float


FEATURES: dict[str, Weight] = {
    "prompt_estimate": Weight(1.0, 0.0, -4.0, 4.0, 1.0),  # as log odds
    "arithmetic_wrong": Weight(-1.5, 0.1, 0.0, 2.0, 0.4),
    "arithmetic_steps": Weight(0.05, 3.0, 0.0, 8.0, 1.5),
    "answer_missing": Weight(-1.2, 0.1, 0.0, 1.0, 0.3),
    "unused_numbers": Weight(-0.7, 0.2, 0.0, 3.0, 0.5),
    "unused_results": Weight(-0.3, 0.5, 0.0, 4.0, 0.8),
    "odd_result": Weight(-2.0, 0.04, 0.0, 1.0, 0.2),
    "result_not_computed": Weight(-0.4, 0.05, 0.0, 1.0, 0.2),
    "relations": Weight(-0.1, 2.0, 0.0, 8.0, 1.5),
    "doubt": Weight(-0.4, 0.2, 0.0, 3.0, 0.6),
    "length": Weight(-0.3, 5.6, 2.0, 8.0, 0.6),
    "percents": Weight(0.0, 0.15, 0.0, 1.0, 0.35),
    "refusal": Weight(-4.5, 0.0, 0.0, 1.0, 0.2),
    "truncated": Weight(-3.5, 0.0, 0.0, 1.0, 0.2),
    "schema_ok": Weight(8.0, 1.0, 0.0, 1.0, 0.2),
    "code_parses": Weight(2.7, 1.0, 0.0, 1.0, 0.3),  # code that parses says nothing of what was asked
    "citation_found": Weight(1.9, 0.8, 0.0, 1.0, 0.3),
    # of short answers; between right ones (-0.35 and -1.9 on average) and wrong ones (-0.6 and -3.2) of a model of 1.5 billion
    # parameters to 49 short questions in English and Chinese; the second says much the same, so it adds less
    "confidence_mean": Weight(3.0, -0.45, -0.78, -0.12, 0.15),
    "confidence_min": Weight(0.4, -2.5, -4.0, -1.0, 1.0),
    "agreement": Weight(3.0, 0.6, 0.0, 1.0, 0.3),
}
"""Feature -> its weight by hand. A feature that was not measured is left out and counts nothing."""
_PRIOR = 8.0
"""Precision of the prior of each weight times its unit: how many labels it takes to move one."""
_ROUNDS = 12
_FOLDS = 5


class Judged(NamedTuple):
    """Features of an answer by name, and how good it was: 0 to 1."""

    features: Mapping[str, float]
    outcome: float


class Combiner:
    """Features to the probability that the answer is good."""

    def __init__(self, weights: Sequence[float] = (), map_: Isotonic | None = None, labels: int = 0) -> None:
        self._weights = list(weights) or _by_hand()
        self._map = map_ or Isotonic()
        self.labels = labels

    def score(self, features: Mapping[str, float]) -> float:
        """The calibrated probability."""
        return self._map(self.raw(features))

    def raw(self, features: Mapping[str, float]) -> float:
        """The probability before calibration, which keeps its order."""
        return _chance(self._weights, _vector(features))

    def parts(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the log-odds; nothing for what was not measured."""
        added = map(operator.mul, self._weights[1:], _vector(features)[1:])
        return {name: by for name, by in zip(FEATURES, added, strict=True) if name in features}

    def chance(self, features: Mapping[str, float], more: float = 0.0) -> float:
        """As `score`, with log-odds from elsewhere added before they are calibrated."""
        return self._map(sigmoid(logit(self.raw(features)) + more))

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> "Combiner":
        """Learned from answers that somebody judged; by hand alone when there are none."""
        if not judged:
            return cls()
        rows = [_vector(each.features) for each in judged]
        outcomes = [each.outcome for each in judged]
        pairs = []
        for fold in range(_FOLDS):
            kept = [at for at in range(len(rows)) if at % _FOLDS != fold]
            weights = _fitted([rows[at] for at in kept], [outcomes[at] for at in kept])
            pairs += [Pair(_chance(weights, rows[at]), outcomes[at]) for at in range(fold, len(rows), _FOLDS)]
        return cls(_fitted(rows, outcomes), Isotonic.of(pairs), len(judged))

    def state(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        names = ["", *FEATURES]
        return {
            "weights": dict(zip(names, self._weights, strict=True)),
            "steps": self._map.steps,
            "labels": self.labels,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Combiner":
        """A combiner that scores as that one did. A feature it did not know counts as set by hand. Raises Corrupt."""
        try:
            told = {str(name): float(value) for name, value in state["weights"].items()}
            weights = [told.get(name, by) for name, by in zip(["", *FEATURES], _by_hand(), strict=True)]
            steps = [(float(x), float(y)) for x, y in state["steps"]]
            labels = int(state["labels"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Corrupt(f"the learned verifier cannot be read: {error}") from error
        if not all(map(math.isfinite, [*weights, *(each for step in steps for each in step)])):
            raise Corrupt("the learned verifier cannot be read: weights that are no numbers")
        return cls(weights, Isotonic(steps), labels)


def _chance(weights: Sequence[float], row: Sequence[float]) -> float:
    return sigmoid(sum(map(operator.mul, weights, row)))


def _by_hand() -> list[float]:
    return [0.0, *(weight.by * weight.unit for weight in FEATURES.values())]


def _vector(features: Mapping[str, float]) -> list[float]:
    row = [1.0]
    for name, weight in FEATURES.items():
        value = features.get(name)
        if value is None or not math.isfinite(value):
            row.append(0.0)
            continue
        if name == "prompt_estimate":
            value = logit(value)
        row.append((min(max(value, weight.low), weight.high) - weight.middle) / weight.unit)
    return row


def _fitted(rows: Sequence[Sequence[float]], outcomes: Sequence[float]) -> list[float]:
    prior = _by_hand()
    weights = list(prior)
    for _ in range(_ROUNDS):
        slope = [_PRIOR * (by - now) for by, now in zip(prior, weights, strict=True)]
        bend = [[_PRIOR * (one == other) for other in range(len(prior))] for one in range(len(prior))]
        for row, outcome in zip(rows, outcomes, strict=True):
            chance = _chance(weights, row)
            spread, left = chance * (1 - chance) + 1e-6, outcome - chance
            used = [at for at, value in enumerate(row) if value]
            for one in used:
                slope[one] += left * row[one]
                by = spread * row[one]
                line = bend[one]
                for other in used:
                    line[other] += by * row[other]
        move = solved(bend, slope)
        weights = [now + step for now, step in zip(weights, move, strict=True)]
        if max(map(abs, move)) < 1e-5:
            break
    return weights


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The x of matrix x = right, for a symmetric positive definite matrix; Gaussian elimination."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    many = len(rows)
    for at in range(many):
        pivot = rows[at]
        for below in range(at + 1, many):
            share = rows[below][at] / pivot[at]
            if share:
                rows[below] = [one - share * two for one, two in zip(rows[below], pivot, strict=True)]
    found = [0.0] * many
    for at in reversed(range(many)):
        rest = sum(rows[at][later] * found[later] for later in range(at + 1, many))
        found[at] = (rows[at][many] - rest) / rows[at][at]
    return found
