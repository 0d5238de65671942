"""Signed heads: who holds one can tell later whether the chain was cut, changed or forked."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sampan.contract.errors import Corrupt
from sampan.contract.storage import Tail
from sampan.record.chain import canonical


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest link as signed: `sig` is hex Ed25519 over the canonical JSON of the other members."""

    v: int
    n: int
    hash: str
    at: str
    key_id: str
    sig: str


class Signer:
    """Signs with the device's Ed25519 key (RFC 8032)."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public_key)

    def signed(self, value: dict[str, Any]) -> dict[str, Any]:
        """The value with `key_id` and `sig`."""
        whole = {**value, "key_id": self.key_id}
        return {**whole, "sig": self._key.sign(canonical(whole)).hex()}

    def head(self, tail: Tail) -> bytes:
        """A signed head, as it goes into its file."""
        return canonical(self.signed({"v": 1, "n": tail.n, "hash": tail.hash, "at": now_text()}))


def key_id_of(public_key: bytes) -> str:
    """A short name of a public key: `ed25519:` and the first 16 hex digits of its SHA-256."""
    return "ed25519:" + hashlib.sha256(public_key).hexdigest()[:16]


def is_signed(value: dict[str, Any], public_key: bytes) -> bool:
    """Whether `sig` holds over everything else in the value."""
    rest = {name: inner for name, inner in value.items() if name != "sig"}
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(str(value.get("sig", ""))), canonical(rest))
    except (InvalidSignature, ValueError, Corrupt):
        return False
    return rest.get("key_id") == key_id_of(public_key)


def read_head(content: bytes, public_key: bytes) -> Head:
    """A signed head from its file.

    Raises:
        Corrupt: it is missing, malformed, or not signed by this key.
    """
    try:
        head = msgspec.json.decode(content, type=Head)
        value = orjson.loads(content)
    except (msgspec.DecodeError, orjson.JSONDecodeError):
        raise Corrupt("The signed head is missing or malformed.") from None
    if not is_signed(value, public_key):
        raise Corrupt("The signed head does not carry this device's signature.")
    return head


def now_text() -> str:
    """The time as `2026-11-23T06:12:09.113Z`."""
    return _text(datetime.now(UTC))


def time_text(at: float) -> str:
    """Seconds since the epoch in the same spelling."""
    return _text(datetime.fromtimestamp(at, UTC))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"
