"""Whether what was expected still is what happens: calibration error over the newest outcomes."""

import math
from collections import deque

import msgspec

WINDOW = 500
LEAST = 100
"""Outcomes below which nothing is said."""
TOO_MUCH = 0.1
"""Calibration error above what chance alone gives at which the alarm goes."""
_BINS = 5


class Drift(msgspec.Struct, frozen=True):
    """error: expected calibration error of the window, 0 to 1. chance: what it would be by chance alone. alarm: far above."""

    outcomes: int
    error: float
    chance: float
    alarm: bool


class Outcomes:
    """The newest outcomes, each beside what was expected of it."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, float, float]] = deque(maxlen=WINDOW)

    def add(self, expected: float, outcome: float, weight: float) -> None:
        """One more; each from 0 to 1, weight above 0."""
        self._kept.append((expected, outcome, weight))

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()

    def state(self) -> list[list[float]]:
        """As JSON."""
        return [list(one) for one in self._kept]

    def restore(self, state: object) -> None:
        """Go on from before. Raises ValueError for impossible numbers, msgspec.ValidationError for another shape."""
        kept = msgspec.convert(state, list[tuple[float, float, float]])
        if not all(0 <= expected <= 1 and 0 <= outcome <= 1 and 0 < weight <= 1 for expected, outcome, weight in kept):
            raise ValueError("outcomes are out of range")
        self._kept.clear()
        self._kept.extend(kept)

    def drift(self) -> Drift:
        """The calibration error in five bins of equal width, weighted, and what chance gives at that many outcomes.

        By chance a bin of weight n with rate p is off by sqrt(2 p (1 - p) / (pi n)), the mean of a half-normal.
        """
        total = sum(weight for _, _, weight in self._kept)
        error = chance = 0.0
        for number in range(_BINS):
            inside = [one for one in self._kept if min(int(one[0] * _BINS), _BINS - 1) == number]
            heavy = sum(weight for _, _, weight in inside)
            if not heavy:
                continue
            expected = sum(one[0] * one[2] for one in inside) / heavy
            happened = sum(one[1] * one[2] for one in inside) / heavy
            error += heavy / total * abs(expected - happened)
            chance += heavy / total * math.sqrt(2 * expected * (1 - expected) / (math.pi * heavy))
        count = len(self._kept)
        return Drift(count, round(error, 4), round(chance, 4), count >= LEAST and error > chance + TOO_MUCH)
