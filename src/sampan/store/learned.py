"""What the router learned and measured, and what was said of answers already. No text, no value of a request."""

import time
from collections.abc import Mapping

from sampan.store.device import Device

_KEEP_S = 60 * 86400.0
"""Longer than a receipt can be judged."""


class Learned:
    """Implements `contract.storage.LearnedStore`."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def part(self, name: str) -> bytes:
        """One part of the state as it was kept; empty when there is none."""
        rows = self._device.read("SELECT state FROM learned WHERE part = ?", (name,))
        content: bytes = rows[0][0] if rows else b""
        return content

    def keep(self, parts: Mapping[str, bytes]) -> None:
        """Keep these parts, all or none; raises StorageFull."""
        now = time.time()
        with self._device.write() as connection:
            rows = [(name, content, now) for name, content in parts.items()]
            connection.executemany("INSERT OR REPLACE INTO learned VALUES (?, ?, ?)", rows)

    def clear(self) -> None:
        """Forget every part. What was said stays said: it cannot be counted a second time. Raises StorageFull."""
        with self._device.write() as connection:
            connection.execute("DELETE FROM learned")

    def claim(self, receipt_id: str, kind: str, by: str, at: float) -> bool:
        """Remember that this was said; False when it was said before. Raises StorageFull."""
        with self._device.write() as connection:
            connection.execute("DELETE FROM said WHERE at < ?", (at - _KEEP_S,))
            row = (receipt_id, kind, by, at)
            return bool(connection.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", row).rowcount)

    def said_since(self, by: str, since: float) -> int:
        """How much one asker said since then."""
        return int(self._device.read('SELECT count(*) FROM said WHERE "by" = ? AND at >= ?', (by, since))[0][0])
