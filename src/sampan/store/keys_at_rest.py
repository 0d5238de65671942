"""The master key of a home and the keys derived from it, one per use.

The master key lies in the OS keyring where there is one, else in `<data>/master.key` (mode 0600). A file beside the
database protects against a copied disk image or backup of the database alone, not against whoever reads the folder.
"""

import os
from pathlib import Path
from typing import Protocol

import keyring
import keyring.errors
import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sampan.contract.errors import Corrupt, Unavailable
from sampan.contract.ids import new_id
from sampan.store.atomic import replace_file

SERVICE = "sampan"
KEY_FILE = "master.key"
ENTRY_FILE = "master.id"
"""Names the keyring's entry; it lies here only when the keyring holds the key."""
_BYTES = 32


class Keyring(Protocol):
    """The OS keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""


class Keys(msgspec.Struct, frozen=True):
    """Keys derived from the master key, 32 bytes each. in_keyring: the master key lies in the OS keyring."""

    database: bytes
    journal: bytes
    vault: bytes
    signing: bytes
    in_keyring: bool

    def __repr__(self) -> str:
        return "Keys(…)"


def system_keyring() -> Keyring | None:
    """The OS keyring, or None where there is none that keeps secrets encrypted (servers, containers)."""
    try:
        backend = keyring.get_keyring()
        return backend if backend.priority >= 1 else None
    except (keyring.errors.KeyringError, RuntimeError):
        return None


def load_keys(data: Path, ring: Keyring | None) -> Keys:
    """The keys of the home whose data folder this is; made on first use.

    Raises:
        Unavailable: the key is in a keyring that does not answer now. Corrupt: the key is gone or damaged, and the
            database it opens is still there. StorageFull: a new key could not be written.
    """
    if (data / ENTRY_FILE).exists():
        return _derived(_from_ring((data / ENTRY_FILE).read_text().strip(), ring), in_keyring=True)
    if (data / KEY_FILE).exists():
        return _derived(_from_file(data / KEY_FILE), in_keyring=False)
    if any(data.glob("*.db")):
        raise Corrupt(
            f"The key of the store is gone: {data / KEY_FILE}.",
            hint="Restore it from a backup; without it the store cannot be read.",
        )
    return _made(data, ring)


def _made(data: Path, ring: Keyring | None) -> Keys:
    master = os.urandom(_BYTES)
    if ring is not None:
        entry = new_id("home")
        try:
            ring.set_password(SERVICE, entry, master.hex())
            if ring.get_password(SERVICE, entry) == master.hex():
                replace_file(data / ENTRY_FILE, entry.encode())
                return _derived(master, in_keyring=True)
        except (keyring.errors.KeyringError, RuntimeError):
            pass  # a keyring that is there but locked for good: the file serves
    replace_file(data / KEY_FILE, master.hex().encode() + b"\n")
    return _derived(master, in_keyring=False)


def _from_ring(entry: str, ring: Keyring | None) -> bytes:
    try:
        found = ring.get_password(SERVICE, entry) if ring is not None else None
    except (keyring.errors.KeyringError, RuntimeError):
        found = None
    if not found:
        raise Unavailable(
            "The key of the store is in the OS keyring, which does not give it now.",
            hint="Unlock the keyring (log in to the desktop session) and start again.",
        )
    return _decoded(found, f"keyring entry {entry}")


def _from_file(path: Path) -> bytes:
    path.chmod(0o600)
    return _decoded(path.read_text(errors="replace"), str(path))


def _decoded(text: str, where: str) -> bytes:
    try:
        master = bytes.fromhex(text.strip())
    except ValueError:
        master = b""
    if len(master) != _BYTES:
        raise Corrupt(f"The key of the store is damaged: {where}.", hint="Restore it from a backup.")
    return master


def _derived(master: bytes, *, in_keyring: bool) -> Keys:
    def derive(use: str) -> bytes:
        return HKDF(SHA256(), _BYTES, salt=None, info=f"sampan/{use}/1".encode()).derive(master)

    return Keys(derive("database"), derive("journal"), derive("vault"), derive("signing"), in_keyring)
