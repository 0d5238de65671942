"""One process owns a home: the lock on `<run>/lock`. It falls with the process, however that ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sampan.contract.errors import HomeLocked

LOCK = "lock"


class Owner(msgspec.Struct, frozen=True):
    """Who owns a home; `port` 0 when it does not listen."""

    pid: int = 0
    port: int = 0


@contextlib.contextmanager
def lock_home(run: Path, port: int = 0) -> Iterator[None]:
    """Own the home for as long as the context lasts.

    Args:
        run: the home's `run` folder; made with mode 0700.
        port: where this process listens, for those who ask.

    Raises:
        HomeLocked: another process owns it; the message names its pid.
    """
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(run / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _said(run).pid
            who = f"Process {pid}" if pid else "Another process"
            raise HomeLocked(f"{who} owns this home.") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, msgspec.json.encode(Owner(os.getpid(), port)), 0)
        yield
    finally:
        os.close(handle)


def owner(run: Path) -> Owner | None:
    """Who owns the home now; None when nobody does."""
    try:
        handle = os.open(run / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _said(run)
    else:
        return None
    finally:
        os.close(handle)


def _said(run: Path) -> Owner:
    try:
        return msgspec.json.decode((run / LOCK).read_bytes(), type=Owner)
    except (OSError, msgspec.DecodeError):
        return Owner()
