"""Findings of long texts seen before, kept in memory, each person's apart: an unchanged history is scanned once."""

import threading
from collections import OrderedDict
from hashlib import blake2b

from sampan.contract.labels import Finding

Scan = tuple[tuple[Finding, ...], tuple[str, ...]]
"""Findings, and reasons why something in the text could not be read; of a file what it is, such a reason, what it says."""

_ENTRY = 200
"""Bytes that one entry and one finding take, roughly."""


class Scans:
    """A bounded cache: least recently used first out. Keys are hashes; found values are held, and the text of files.

    budget: bytes, roughly.
    """

    def __init__(self, budget: int = 4_000_000) -> None:
        self._kept: OrderedDict[bytes, Scan] = OrderedDict()
        self._budget, self._size = budget, 0
        self._lock = threading.Lock()

    @staticmethod
    def key(scope: str, text: str) -> bytes:
        """Of one text of one person."""
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20, person=_person(scope)).digest()

    def get(self, key: bytes) -> Scan | None:
        """What was found, or None."""
        with self._lock:
            scan = self._kept.get(key)
            if scan is not None:
                self._kept.move_to_end(key)
            return scan

    def put(self, key: bytes, scan: Scan) -> None:
        """Remember what was found."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._size += _weight(scan) - (0 if old is None else _weight(old))
            self._kept[key] = scan
            while self._size > self._budget:
                _, gone = self._kept.popitem(last=False)
                self._size -= _weight(gone)


def _person(scope: str) -> bytes:
    return blake2b(scope.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _weight(scan: Scan) -> int:
    return _ENTRY + sum(_ENTRY + 2 * len(each.text) for each in scan[0]) + sum(2 * len(text) for text in scan[1])
