"""A signature over a folder of policies: who holds the public key knows that nobody else wrote them.

What is signed is `sampan-policy/1` and a line feed, then the RFC 8785 canonical JSON of the seal without `sig`: version,
serial, time, and the SHA-256 of each file. Ed25519 (RFC 8032).
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sampan.contract.errors import ConfigError
from sampan.wording import worded

SEAL = "policy.sig"
MOST_SERIAL = 2**53 - 1
"""The largest number that canonical JSON writes exactly."""
_VERSIONS = (1, 2)
_MARK = "ed25519:"
_DOMAIN = b"sampan-policy/1\n"
_WAY_ON = worded("Sign it with `sampan policy sign FOLDER`, or ask whoever holds the key.")


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `policy.sig` holds. files: name -> hex SHA-256. key: the public key, to tell which one signed.

    serial: which of two ceilings of one key is the newer one. Version 1 had none: its time in seconds stands for it.
    """

    v: int
    at: str
    key: str
    files: dict[str, str]
    sig: str
    serial: int = 0

    @property
    def rank(self) -> int:
        """The serial, or what stands for it."""
        return self.serial or _seconds(self.at)


def sign(files: Mapping[str, bytes], seed: bytes, serial: int | None = None) -> bytes:
    """The content of `policy.sig` for these files.

    Args:
        files: name -> content; a seal among them is replaced.
        seed: 32 bytes, the private key.
        serial: 1 to 2**53 - 1; the time in seconds, and more than the replaced seal's, when None.

    Raises:
        ConfigError: a serial that is none.
    """
    key = Ed25519PrivateKey.from_private_bytes(seed)
    chosen = max(int(time.time()), _rank_of(files) + 1) if serial is None else serial
    if not 1 <= chosen <= MOST_SERIAL:
        raise ConfigError(f"A serial is a number from 1 to {MOST_SERIAL}.", hint="Give another with --serial.")
    told = {
        "v": 2,
        "serial": chosen,
        "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "key": written(key.public_key()),
        "files": _hashes(files),
    }
    return _canonical({**told, "sig": key.sign(_DOMAIN + _canonical(told)).hex()}) + b"\n"


def verify(files: Mapping[str, bytes], key: Ed25519PublicKey) -> Seal:
    """Check that the seal among the files is this key's, and covers every one of them and no other.

    Raises:
        ConfigError: it does not; the message names the file.
    """
    if SEAL not in files:
        raise ConfigError("The ceiling is not signed, and a signature is demanded.", hint=_WAY_ON)
    try:
        seal = msgspec.json.decode(files[SEAL], type=Seal)
    except msgspec.DecodeError as error:
        raise ConfigError(f"The ceiling's {SEAL} is damaged: {error}.", hint=_WAY_ON) from None
    if seal.key != written(key):
        raise ConfigError(f"The ceiling is signed with another key: {seal.key[:80]}.", hint=_WAY_ON)
    if seal.v not in _VERSIONS or (seal.v > 1) != (seal.serial > 0):
        raise ConfigError(f"The ceiling's {SEAL} is damaged: version {seal.v}, serial {seal.serial}.", hint=_WAY_ON)
    without = {"sig"} if seal.v > 1 else {"sig", "serial"}
    told = {name: value for name, value in msgspec.structs.asdict(seal).items() if name not in without}
    try:
        key.verify(bytes.fromhex(seal.sig), _DOMAIN + _canonical(told))
    except (InvalidSignature, ValueError, rfc8785.CanonicalizationError):
        raise ConfigError("The ceiling's signature does not hold.", hint=_WAY_ON) from None
    found = _hashes(files)
    for name in sorted(found.keys() | seal.files.keys()):
        if found.get(name) != seal.files.get(name):
            state = "is missing" if name not in found else "changed" if name in seal.files else "came"
            raise ConfigError(f"The ceiling's {name} {state} after it was signed.", hint=_WAY_ON)
    return seal


def written(key: Ed25519PublicKey) -> str:
    """A public key as it stands in settings: `ed25519:` and 64 hex digits."""
    return _MARK + key.public_bytes_raw().hex()


def public_key(said: str) -> Ed25519PublicKey:
    """A public key from its text, or from the file that this names.

    Raises:
        ConfigError: neither.
    """
    text = said
    if not said.startswith(_MARK):
        try:
            text = Path(said).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"`policy.ceiling_key` names {said}: {type(error).__name__}.") from None
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text.removeprefix(_MARK)))
    except ValueError:
        raise ConfigError(
            "`policy.ceiling_key` is no public key: it is `ed25519:` and 64 hex digits, or a file that holds them.",
            hint="`sampan policy keygen` makes a pair.",
        ) from None


def _rank_of(files: Mapping[str, bytes]) -> int:
    """The rank of the seal among the files; 0 where there is none that can be read."""
    try:
        return msgspec.json.decode(files.get(SEAL, b""), type=Seal).rank
    except msgspec.DecodeError:
        return 0


def _seconds(at: str) -> int:
    try:
        return int(datetime.fromisoformat(at).timestamp())
    except (ValueError, OverflowError):
        return 0


def _canonical(value: Any) -> bytes:
    return rfc8785.dumps(value)


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items()) if name != SEAL}
