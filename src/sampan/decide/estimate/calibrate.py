"""Making probabilities mean what they say: isotonic regression, and how far off they are."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_LEAST = 60
"""Pairs below which nothing is corrected."""
_WEIGHT = 20.0
"""Outcomes that saying nothing new weighs in each block: few outcomes move a prediction little."""


class Pair(NamedTuple):
    """What was expected, 0 to 1, and what came."""

    expected: float
    outcome: float


class Isotonic:
    """A non-decreasing map from expected to observed, straight between the middles of its blocks.

    Made by pooling adjacent violators (Ayer et al. 1955), each block shrunk towards what was expected in it.
    """

    def __init__(self, steps: Sequence[tuple[float, float]] = ()) -> None:
        self.steps = [(float(x), float(y)) for x, y in steps]
        self._at = [x for x, _ in self.steps]

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> "Isotonic":
        """The map that these pairs tell; the identity below 60 of them."""
        some = sorted(pairs)
        if len(some) < _LEAST:
            return cls()
        blocks: list[list[float]] = []  # pairs, expected and outcomes added up
        size, first = max(10, len(some) // 20), 0
        while first < len(some):
            last = min(first + size, len(some))
            while last < len(some) and some[last].expected == some[last - 1].expected:
                last += 1
            part, first = some[first:last], last
            blocks.append([len(part), sum(each.expected for each in part), sum(each.outcome for each in part)])
            while len(blocks) > 1 and blocks[-2][2] * blocks[-1][0] >= blocks[-1][2] * blocks[-2][0]:
                later = blocks.pop()
                blocks[-1] = [one + two for one, two in zip(blocks[-1], later, strict=True)]
        steps = [(told / n, (came + _WEIGHT * told / n) / (n + _WEIGHT)) for n, told, came in blocks]
        rising = [steps[0]]
        for step in steps[1:]:
            rising.append((step[0], max(step[1], rising[-1][1])))
        return cls(rising)

    def __call__(self, expected: float) -> float:
        """The corrected probability."""
        if not self.steps:
            return expected
        at = bisect_right(self._at, expected)
        if at in {0, len(self._at)}:
            x, y = self.steps[0] if at == 0 else self.steps[-1]
            edge, whole = (0.0, x) if at == 0 else (1.0, 1 - x)
            return y if whole <= 0 else y + (expected - x) / whole * ((1 - y) if edge else y)
        (x0, y0), (x1, y1) = self.steps[at - 1], self.steps[at]
        return y0 if x1 <= x0 else y0 + (expected - x0) / (x1 - x0) * (y1 - y0)


def ece(pairs: Iterable[Pair], bins: int = 10) -> float:
    """Expected calibration error: mean distance of expected from observed over bins of equal width, weighed by their pairs.

    (Naeini, Cooper and Hauskrecht 2015.) 0 without pairs.
    """
    sums: dict[int, list[float]] = {}
    many = 0
    for expected, outcome in pairs:
        cell = sums.setdefault(min(int(expected * bins), bins - 1), [0.0, 0.0])
        cell[0] += expected
        cell[1] += outcome
        many += 1
    return sum(abs(told - came) for told, came in sums.values()) / many if many else 0.0
