"""Backup and restore of a whole home: the archive of `settings.archive`, made consistent while Sampan runs.

The database goes in as a snapshot with the signed head of the same moment; journals stay out (what is closed in them is
in the snapshot). Without a keyring the master key goes in too: whoever has the file can read it.
"""

import tarfile
import tempfile
import time
from pathlib import Path

import msgspec

from sampan.contract.errors import BadRequest, Corrupt, NotFound
from sampan.contract.request import Json
from sampan.settings import archive
from sampan.settings.home import Paths
from sampan.store.atomic import as_storage_error
from sampan.store.device import FILE
from sampan.store.home import lock_home
from sampan.store.keys_at_rest import Keyring
from sampan.store.opening import Store, open_store
from sampan.store.receipts import HEAD_FILE


class _Position(msgspec.Struct, frozen=True):
    n: int
    key_id: str = ""


def backup(store: Store, target: Path) -> Json:
    """Write a consistent backup of an open home; requests go on meanwhile. Returns `{path, files}`.

    Raises:
        StorageFull: no room; an older file at `target` is still there.
    """
    home = store.home
    home.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=home.run) as folder:
            snapshot, head = Path(folder, FILE), Path(folder, HEAD_FILE)
            with store.receipts.standing_still() as signed:
                store.device.snapshot(snapshot)
                head.write_bytes(signed)
            live = {store.device.path: snapshot, home.state / HEAD_FILE: head}
            return {"path": str(target), "files": archive.write(home, target, live)}
    except OSError as error:
        target.with_name(target.name + ".part").unlink(missing_ok=True)
        raise as_storage_error(error, str(target)) from error


def new_backup(home: Paths) -> Path:
    """Where a backup goes for which nobody named a place; its folder is made. Raises StorageFull."""
    folder = home.data / archive.BACKUPS
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise as_storage_error(error, str(folder)) from error
    return folder / f"backup-{time.strftime('%Y%m%d-%H%M%S')}.tar"


def backup_at_rest(home: Paths, target: Path, ring: Keyring | None) -> Json:
    """The same for a home that nobody uses: opens it, so that what a killed process left behind is in the backup.

    Raises:
        HomeLocked: somebody uses it.
    """
    with lock_home(home.run):
        store = open_store(home, ring)
        try:
            return backup(store, target)
        finally:
            store.close()


def restore(source: Path, home: Paths) -> Path:
    """Bring a backup back; what was there before is moved aside.

    Returns:
        The folder that holds what was there before.

    Raises:
        HomeLocked: somebody uses the home. NotFound, Corrupt: no file, no backup, or not whole.
        BadRequest: receipts would be lost, as the present chain goes on further. Nothing was changed by any of these.
    """
    with lock_home(home.run):
        present, coming = _position(home.state / HEAD_FILE), _position_in(source)
        if present.n and (present.key_id != coming.key_id or present.n > coming.n):
            raise BadRequest(
                f"The backup ends at receipt {coming.n}; the chain here goes on to {present.n}.",
                hint="Back this home up first; then restore the older one by force.",
            )
        return archive.read(source, home)


def restore_older(source: Path, home: Paths) -> Path:
    """Bring a backup back although receipts that came after it leave the chain (they are moved aside with the rest).

    Raises:
        HomeLocked: somebody uses the home. NotFound, Corrupt: no file, no backup, or not whole; nothing was changed.
    """
    with lock_home(home.run):
        return archive.read(source, home)


def _position(path: Path) -> _Position:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Position)
    except (OSError, msgspec.DecodeError):
        return _Position(0)


def _position_in(source: Path) -> _Position:
    """The head inside an archive, which `archive.read` checks whole before it changes anything."""
    if not source.is_file():
        raise NotFound(f"There is no file {source}.", hint="Give the file that `sampan backup` wrote.")
    try:
        with tarfile.open(source, "r:") as tar:
            member = tar.extractfile(f"state/{HEAD_FILE}")
            return msgspec.json.decode(member.read() if member else b"", type=_Position)
    except KeyError:
        return _Position(0)
    except (tarfile.TarError, msgspec.DecodeError, EOFError) as error:
        raise Corrupt(f"{source} is not a backup of Sampan, or not whole.", hint="Take another one.") from error
