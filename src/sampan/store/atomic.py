"""Files that are either wholly the old or wholly the new one, readable by their owner only."""

import errno
import os
from pathlib import Path

from sampan.contract.errors import SampanError, StorageFull

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


def as_storage_error(error: OSError, what: str) -> SampanError:
    """The error to raise when writing `what` failed: StorageFull where room or the disk is to blame."""
    if error.errno in _FULL:
        return StorageFull(f"{what} could not be written: {os.strerror(error.errno or 0)}.")
    return SampanError(f"{what} could not be written: {os.strerror(error.errno or 0)}.")


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step, mode 0600; it survives a power cut when this returns.

    Raises:
        StorageFull: no room; the old file is still there.
    """
    beside = path.with_name(path.name + ".part")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise as_storage_error(error, path.name) from error


def _write_all(handle: int, content: bytes) -> None:
    if os.write(handle, content) != len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sync_folder(folder: Path) -> None:
    """Make new and removed names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
