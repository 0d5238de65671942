"""What was sent, byte for byte: encrypted under a key of its receipt's own, for some days, on this device only."""

import hmac
import os
import time
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sampan.store.device import Device

LARGEST = 4 << 20
"""Bytes of one body that are kept; of a larger one nothing is."""
_NONCE = 12
_DAY_S = 86400.0


class SentBodies:
    """Implements `contract.storage.Sent`."""

    def __init__(self, device: Device, days: int, clock: Callable[[], float] = time.time) -> None:
        """days: how long; what is older goes now, and whenever something is added."""
        self._device, self._keep_s, self._clock = device, days * _DAY_S, clock
        self.expire()

    def keep(self, receipt: str, key: bytes, bodies: Sequence[bytes]) -> None:
        """Keep what one request sent, in order. key: the receipt's own. Raises StorageFull."""
        until = self._clock() + self._keep_s
        rows = [
            (receipt, n, _sealed(key, body, receipt, n), until) for n, body in enumerate(bodies) if len(body) <= LARGEST
        ]
        with self._device.write() as connection:
            connection.execute("DELETE FROM sent WHERE expires <= ?", (self._clock(),))
            connection.executemany("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?)", rows)

    def of(self, receipt: str, key: bytes) -> list[bytes]:
        """What is still kept; nothing when it expired, or when the receipt's key is gone or another one."""
        sql = "SELECT n, sealed FROM sent WHERE receipt = ? AND expires > ? ORDER BY n"
        found = self._device.read(sql, (receipt, self._clock()))
        try:
            return [_opened(key, sealed, receipt, n) for n, sealed in found]
        except InvalidTag:
            return []

    def forget(self, receipt: str) -> None:
        """Drop what one request sent."""
        with self._device.write() as connection:
            connection.execute("DELETE FROM sent WHERE receipt = ?", (receipt,))

    def expire(self) -> None:
        """Drop what is too old."""
        with self._device.write() as connection:
            connection.execute("DELETE FROM sent WHERE expires <= ?", (self._clock(),))


def _cipher(key: bytes) -> AESGCM:
    # the receipt's key also seals hashes: each use gets a key of its own
    return AESGCM(hmac.digest(key, b"sampan sent bodies", "sha256"))


def _sealed(key: bytes, body: bytes, receipt: str, n: int) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, body, f"{receipt}/{n}".encode())


def _opened(key: bytes, sealed: bytes, receipt: str, n: int) -> bytes:
    return _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{receipt}/{n}".encode())
