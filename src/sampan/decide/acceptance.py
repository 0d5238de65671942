"""How often answers on trial were kept, model by model: what a trial is worth next time."""

import math
import time
from typing import Any

import msgspec

_STRENGTH = 5.0
"""How many kept answers the expectation weighs as long as few were seen."""
HALF_LIFE_S = 7 * 86400.0
"""After which a trial counts half: a model that was never kept gets another chance."""


class _Count(msgspec.Struct):
    """hoped: the sum of what was expected; kept: of what came of it."""

    hoped: float = 0.0
    kept: float = 0.0
    at: float = 0.0

    def faded(self, now: float) -> "_Count":
        """As heavy as it is now. A clock that was set back fades nothing."""
        left: float = 0.5 ** (max(now - self.at, 0.0) / HALF_LIFE_S)
        return _Count(self.hoped * left, self.kept * left, now)


class Acceptance:
    """Counts by model name."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def add(self, name: str, hoped: float, *, kept: bool, now: float | None = None) -> None:
        """One more trial. hoped: the chance, 0 to 1, that was given to it before."""
        count = self._counts.get(name, _Count()).faded(time.time() if now is None else now)
        count.hoped += hoped
        count.kept += kept
        self._counts[name] = count

    def rate(self, name: str, expected: float, now: float | None = None) -> float:
        """The chance that an answer is kept: what is expected, times how much oftener or rarer that came true so far.

        A ratio, not a share: hard prompts whose answers were never kept say nothing against easy ones.
        """
        count = self._counts.get(name)
        if count is None:
            return expected
        count = count.faded(time.time() if now is None else now)
        return min(1.0, expected * (count.kept + _STRENGTH) / (count.hoped + _STRENGTH))

    def clear(self) -> None:
        """Forget all."""
        self._counts.clear()

    def state(self) -> dict[str, Any]:
        """As JSON."""
        value: dict[str, Any] = msgspec.to_builtins(self._counts)
        return value

    def restore(self, state: object) -> None:
        """Go on from before. Raises ValueError for impossible numbers, msgspec.ValidationError for another shape."""
        counts = msgspec.convert(state, dict[str, _Count])
        for count in counts.values():
            if not (math.isfinite(count.at) and 0 <= count.kept < math.inf and 0 <= count.hoped < math.inf):
                raise ValueError("counts of trials are impossible")
        self._counts = counts
