"""Periods of a calendar, and a clock that never goes back."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from sampan.contract.budget import Every


class Period(msgspec.Struct, frozen=True):
    """One minute, day or month. name: `2026-11`, `2026-11-25`, `m029579999`. start, end: seconds since the epoch."""

    name: str
    start: float
    end: float


def period_of(every: Every, at: float, zone: str = "") -> Period:
    """The period that a moment falls in. zone: an IANA name; empty for the machine's own."""
    if every is Every.MINUTE:
        number = int(at // 60)
        return Period(f"m{number:012}", number * 60.0, (number + 1) * 60.0)
    here = datetime.fromtimestamp(at, _zone(zone))
    if every is Every.DAY:
        first = here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        after, name = first + timedelta(days=1), f"{first:%Y-%m-%d}"
    else:
        first = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
        after, name = (first + timedelta(days=32)).replace(day=1), f"{first:%Y-%m}"
    return Period(name, first.timestamp(), after.timestamp())


def _zone(name: str) -> tzinfo | None:
    return ZoneInfo(name) if name else None


class Clock:
    """Time for counting: it never goes back and never stands still, whatever somebody does to the machine's clock.

    When that is set back, this one goes on from where it was, second by second, until the other has caught up.
    """

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady, self._lock = wall, steady, threading.Lock()
        self._seen, self._mark = wall(), steady()

    def now(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            steady = self._steady()
            self._seen = max(self._wall(), self._seen + max(0.0, steady - self._mark))
            self._mark = steady
            return self._seen

    def not_before(self, at: float) -> None:
        """Go on from a moment that was seen before this process began."""
        with self._lock:
            self._seen = max(self._seen, at)
