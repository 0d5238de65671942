"""How often answers on trial were kept, model by model: what a trial is worth next time."""

import math
import time
from typing import Any

import msgspec

_STRENGTH = 10.0
"""How many trials the expectation weighs as long as few were seen."""
HALF_LIFE_S = 7 * 86400.0
"""After which a trial counts half: a model that was never kept gets another chance."""


class _Count(msgspec.Struct):
    tried: float = 0.0
    kept: float = 0.0
    at: float = 0.0

    def fade(self, now: float) -> None:
        """As heavy as it is now. A clock that was set back fades nothing."""
        left: float = 0.5 ** (max(now - self.at, 0.0) / HALF_LIFE_S)
        self.tried, self.kept, self.at = self.tried * left, self.kept * left, now


class Acceptance:
    """Counts by model name."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def add(self, name: str, *, kept: bool, now: float | None = None) -> None:
        """One more trial."""
        count = self._counts.setdefault(name, _Count())
        count.fade(time.time() if now is None else now)
        count.tried += 1
        count.kept += kept

    def rate(self, name: str, expected: float, now: float | None = None) -> float:
        """The chance that an answer is kept: what was seen, shrunk towards what is expected."""
        count = self._counts.get(name)
        if count is None:
            return expected
        left: float = 0.5 ** (max((time.time() if now is None else now) - count.at, 0.0) / HALF_LIFE_S)
        return (count.kept * left + _STRENGTH * expected) / (count.tried * left + _STRENGTH)

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
            if not (math.isfinite(count.at) and 0 <= count.kept <= count.tried < math.inf):
                raise ValueError("counts of trials are impossible")
        self._counts = counts
