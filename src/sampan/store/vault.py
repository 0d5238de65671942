"""Stand-ins that outlive a request, sealed under the vault's own key besides the database's."""

import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sampan.contract.errors import Corrupt
from sampan.contract.storage import StandIn
from sampan.store.device import Device

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(StandIn)
_NONCE = 12


class Vault:
    """Implements `contract.storage.StandIns`. A value is bound to its scope, conversation and stand-in."""

    def __init__(self, device: Device, key: bytes) -> None:
        self._device, self._cipher = device, AESGCM(key)

    def get(self, scope: str, conversation: str) -> dict[str, StandIn]:
        """Stand-in -> what it stands for.

        Raises:
            Corrupt: a value was moved or changed, or the key is another one.
        """
        sql = "SELECT stand_in, sealed FROM vault WHERE scope = ? AND conversation = ?"
        rows = self._device.read(sql, (scope, conversation))
        return {stand_in: self._opened(sealed, (scope, conversation, stand_in)) for stand_in, sealed in rows}

    def put(self, scope: str, conversation: str, known: dict[str, StandIn]) -> None:
        """Add to the map; a stand-in that is there already keeps its value."""
        rows = [
            (*place, self._sealed(what, place))
            for name, what in known.items()
            for place in [(scope, conversation, name)]
        ]
        with self._device.write() as connection:
            connection.executemany("INSERT OR IGNORE INTO vault VALUES (?, ?, ?, ?)", rows)

    def forget(self, scope: str, conversation: str) -> None:
        """Destroy the map."""
        with self._device.write() as connection:
            connection.execute("DELETE FROM vault WHERE scope = ? AND conversation = ?", (scope, conversation))
        self._device.truncate_log()

    def _sealed(self, what: StandIn, place: tuple[str, str, str]) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, _encoder.encode(what), _encoder.encode(place))

    def _opened(self, sealed: bytes, place: tuple[str, str, str]) -> StandIn:
        try:
            return _decoder.decode(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _encoder.encode(place)))
        except InvalidTag:
            raise Corrupt("A value in the vault does not open: it was moved or changed.") from None
