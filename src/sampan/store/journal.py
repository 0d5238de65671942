"""The write-ahead journal: one append makes a record survive SIGKILL, one fdatasync a power cut.

A file is `SMPNWAL1`, 16 bytes of salt, then records: `<u32 length, u32 crc32, u64 sequence>` and AES-256-GCM of the
payload under a key derived from the salt; the sequence is the nonce. Room is allocated ahead and reads as zeros, so a
length of zero ends the file; a record that is cut or fails its checksum ends it too (a torn tail).
"""

import errno
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sampan.contract.errors import Corrupt
from sampan.store.atomic import as_storage_error, sync_folder

MAGIC = b"SMPNWAL1"
_HEAD = struct.Struct("<IIQ")
_NONCE = struct.Struct("<4xQ")
_START = len(MAGIC) + 16
_CHUNK = 1 << 20
_sync = getattr(os, "fdatasync", os.fsync)
OVERHEAD = _HEAD.size + 16
"""Bytes that a record takes besides its payload."""


class Journal:
    """One journal file, open for appending. The caller sees to it that appends do not overlap."""

    __slots__ = ("_allocated", "_cipher", "_handle", "_sequence", "offset", "path")

    def __init__(self, path: Path, key: bytes) -> None:
        """Create the file.

        Raises:
            StorageFull: no room.
        """
        self.path, self.offset, self._allocated, self._sequence = path, _START, 0, 0
        salt = os.urandom(16)
        self._cipher = _cipher(key, salt)
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise as_storage_error(error, "The journal of receipts") from error
        try:
            self.reserve(_START)
            os.pwrite(self._handle, MAGIC + salt, 0)
            sync_folder(path.parent)
        except BaseException:
            self.close()
            path.unlink(missing_ok=True)
            raise

    def reserve(self, size: int) -> None:
        """Make sure that `size` more bytes will find room.

        Raises:
            StorageFull: they will not.
        """
        wanted = self.offset + size
        if wanted <= self._allocated:
            return
        allocated = -(-wanted // _CHUNK) * _CHUNK
        try:
            _allocate(self._handle, self._allocated, allocated)
        except OSError as error:
            raise as_storage_error(error, "The journal of receipts") from error
        self._allocated = allocated

    def append(self, *payloads: bytes) -> None:
        """Write one record for each, in one go; they survive SIGKILL when this returns.

        Raises:
            StorageFull: no room; a part that was written is taken back.
        """
        record = b"".join([self._sealed(payload) for payload in payloads])
        if self.offset + len(record) > self._allocated:
            self.reserve(len(record))
        try:
            written = os.pwrite(self._handle, record, self.offset)
        except OSError as error:
            raise as_storage_error(error, "The journal of receipts") from error
        if written != len(record):
            self._take_back(written)
        self.offset += len(record)

    def _sealed(self, payload: bytes) -> bytes:
        self._sequence += 1
        sealed = self._cipher.encrypt(_NONCE.pack(self._sequence), payload, None)
        return _HEAD.pack(len(sealed), zlib.crc32(sealed), self._sequence) + sealed

    def _take_back(self, written: int) -> None:
        os.pwrite(self._handle, bytes(written), self.offset)
        raise as_storage_error(OSError(errno.ENOSPC, ""), "The journal of receipts")

    def sync(self) -> None:
        """Everything appended so far survives a power cut when this returns."""
        try:
            _sync(self._handle)
        except OSError as error:
            raise as_storage_error(error, "The journal of receipts") from error

    def close(self) -> None:
        """Close the file; it stays."""
        os.close(self._handle)


def replay(path: Path, key: bytes) -> Iterator[bytes]:
    """The payloads of a journal file, in order, up to its end or its torn tail.

    Raises:
        Corrupt: a whole record does not open under this key: somebody changed it.
    """
    content = path.read_bytes()
    if len(content) < _START or not content.startswith(MAGIC):
        return  # killed while it was made: nothing was acknowledged from it
    cipher, offset, last = _cipher(key, content[len(MAGIC) : _START]), _START, 0
    while offset + _HEAD.size <= len(content):
        length, checksum, sequence = _HEAD.unpack_from(content, offset)
        sealed = content[offset + _HEAD.size : offset + _HEAD.size + length]
        if not length or len(sealed) < length or zlib.crc32(sealed) != checksum or sequence <= last:
            return
        try:
            yield cipher.decrypt(_NONCE.pack(sequence), sealed, None)
        except InvalidTag:
            raise Corrupt(
                f"The journal {path.name} was changed by another hand, or its key is another one.",
                hint="Move that file away to start without it; its receipts will show as missing.",
            ) from None
        offset, last = offset + _HEAD.size + length, sequence


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"sampan/journal-file/1").derive(key))


def _allocate(handle: int, start: int, end: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, start, end - start)
    else:
        os.pwrite(handle, bytes(end - start), start)
