"""Detectors that failed: why, in words that hold no value, and how often since the start."""

import threading
import time
from collections.abc import Mapping

from sampan.contract.request import Json
from sampan.wording import worded

_LONGEST = 48


def why(error: Exception) -> str:
    """A clause about an error that a detector raised. Its own message may quote the text, so it is not in it."""
    if isinstance(error, FileNotFoundError):
        return worded("a file of it is missing")
    if isinstance(error, MemoryError):
        return worded("there was no memory for it")
    name = type(error).__name__
    return (
        worded(f"it broke ({name})")
        if name.isascii() and name.isidentifier() and len(name) <= _LONGEST
        else worded("it broke")
    )


class Failures:
    """What failed since the process started, for status and metrics. Safe to use from many threads."""

    def __init__(self) -> None:
        self._seen: dict[str, Json] = {}
        self._lock = threading.Lock()

    def note(self, failed: Mapping[str, str]) -> None:
        """Remember that these detectors failed for one request: name -> why."""
        with self._lock:
            for name, reason in failed.items():
                times = self._seen[name]["times"] if name in self._seen else 0
                self._seen[name] = {"reason": reason, "times": times + 1, "last": time.time()}

    def listed(self) -> Json:
        """Name -> `{reason, times, last}`; `last` in seconds since the epoch."""
        with self._lock:
            return dict(self._seen)
