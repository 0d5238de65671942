"""How quick models are, measured request by request: recent times to the first token, speed, and how many wait."""

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from sampan.contract.speed import UNMEASURED, Speed
from sampan.decide.length import BRIEF

WINDOW = 64
"""First tokens that count: the newest ones of each model."""
_NEW = 0.1
"""Weight of the newest answer in a moving mean."""
_LEAST_TOKENS = 8
_SHORTEST_S, _LONGEST_S = 1e-4, 3600.0
_MOST_MODELS = 512
_BRIEFS, _LATELY_S = 15, 900.0
"""Short answers that count, and for how long: a device that was busy is soon tried again."""


def _no_slots(_name: str) -> int:
    return 0


class _Kept(msgspec.Struct):
    """What outlives the process. firsts: seconds. whole_s: of an answer, from asking to the last token."""

    firsts: list[float] = []
    tokens_s: float = 0.0
    whole_s: float = 0.0


class _Pace:
    """One model's."""

    __slots__ = ("asked", "briefs", "firsts", "speed", "tokens_s", "whole_s")

    def __init__(self) -> None:
        self.firsts: deque[float] = deque(maxlen=WINDOW)
        self.briefs: deque[tuple[float, float]] = deque(maxlen=_BRIEFS)
        self.tokens_s = self.whole_s = 0.0
        self.asked = 0
        self.speed = UNMEASURED

    def renew(self, quantile: float) -> None:
        """Work the figures out when one came, not when somebody asks."""
        ordered = sorted(self.firsts)
        seen = len(ordered)
        self.speed = Speed(
            ordered[seen // 2] if seen else 0.0,
            ordered[min(int(quantile * seen), seen - 1)] if seen else 0.0,
            self.tokens_s,
            seen,
        )

    def brief_s(self, now: float) -> float:
        """The median of what short answers took lately; 0 where there were not two: one alone may be the first of the day."""
        while self.briefs and now - self.briefs[0][0] > _LATELY_S:
            self.briefs.popleft()
        ordered = sorted(seconds for _, seconds in self.briefs)
        return ordered[(len(ordered) - 1) // 2] if len(ordered) > 1 else 0.0


class Paces:
    """Implements `contract.ports.Stopwatch`, and answers what was measured. Safe to ask from any thread.

    quantile: what counts as late. slots: model name -> requests it works on at once, 0 when that is not known.
    """

    def __init__(
        self,
        quantile: float = 0.95,
        slots: Callable[[str], int] = _no_slots,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quantile, self._slots, self._now = quantile, slots, now
        self._paces: dict[str, _Pace] = {}

    def of(self, name: str) -> Speed:
        """What was measured of a model, and how long a request to it will probably wait now."""
        pace = self._paces.get(name)
        if pace is None:
            return UNMEASURED
        brief_s = pace.brief_s(self._now()) if pace.briefs else 0.0
        speed = msgspec.structs.replace(pace.speed, brief_s=brief_s) if brief_s else pace.speed
        slots = self._slots(name) if pace.asked else 0
        before = pace.asked - slots + 1 if slots else 0
        if before <= 0 or not pace.whole_s:
            return speed
        return msgspec.structs.replace(speed, waiting_s=before * pace.whole_s / slots)

    def late_from(self, quantile: float) -> None:
        """From now on this share of a model's first tokens is in time; the rest is late."""
        self._quantile = quantile
        for pace in self._paces.values():
            pace.renew(quantile)

    def began(self, model: str) -> None:
        """A request went to a model."""
        self._pace(model).asked += 1

    def first(self, model: str, seconds: float) -> None:
        """Its first token came after this time."""
        if _SHORTEST_S < seconds < _LONGEST_S:
            pace = self._pace(model)
            pace.firsts.append(seconds)
            pace.renew(self._quantile)

    def abandoned(self, model: str, seconds: float) -> None:
        """Nobody waited for its first token any longer. Counts only where it was late by then: else it says nothing."""
        if seconds >= self._pace(model).speed.late_s > 0:
            self.first(model, seconds)

    def whole(self, model: str, seconds: float, tokens: int) -> None:
        """An answer came. Only short ones count here: how long others take, their speed tells."""
        if 0 < tokens <= BRIEF and _SHORTEST_S < seconds < _LONGEST_S:
            self._pace(model).briefs.append((self._now(), seconds))

    def ended(self, model: str, seconds: float, tokens: int) -> None:
        """It is over; `seconds` of answering gave `tokens`, 0 where it did not end properly."""
        pace = self._pace(model)
        pace.asked = max(pace.asked - 1, 0)
        if tokens >= _LEAST_TOKENS and _SHORTEST_S < seconds < _LONGEST_S:
            pace.tokens_s = _mean(pace.tokens_s, tokens / seconds)
            pace.whole_s = _mean(pace.whole_s, seconds + pace.speed.first_s)
            # nothing about first tokens has changed: they need no sorting
            pace.speed = msgspec.structs.replace(pace.speed, tokens_s=pace.tokens_s)

    def state(self) -> dict[str, Any]:
        """What was measured, as JSON."""
        kept = {name: _Kept(list(pace.firsts), pace.tokens_s, pace.whole_s) for name, pace in self._paces.items()}
        value: dict[str, Any] = msgspec.to_builtins(kept)
        return value

    def restore(self, state: object) -> None:
        """Go on from what was measured before. Raises msgspec.ValidationError, and changes nothing then."""
        kept = msgspec.convert(state, dict[str, _Kept])
        self._paces = {}
        for name, one in list(kept.items())[:_MOST_MODELS]:
            pace = self._pace(name)
            pace.firsts.extend(value for value in one.firsts if _SHORTEST_S < value < _LONGEST_S)
            pace.tokens_s, pace.whole_s = _sound(one.tokens_s), _sound(one.whole_s)
            pace.renew(self._quantile)

    def forget(self) -> None:
        """Drop what was measured; requests under way go on being counted."""
        for pace in self._paces.values():
            pace.firsts.clear()
            pace.briefs.clear()
            pace.tokens_s = pace.whole_s = 0.0
            pace.renew(self._quantile)

    def _pace(self, name: str) -> _Pace:
        pace = self._paces.get(name)
        return self._paces.setdefault(name, _Pace()) if pace is None else pace


def _mean(old: float, new: float) -> float:
    return old + _NEW * (new - old) if old else new


def _sound(value: float) -> float:
    return value if 0 < value < math.inf else 0.0
