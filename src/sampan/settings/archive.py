"""The home in one file: a tar with a manifest of hashes. Model files, logs and run-time files stay out.

Layout: `sampan-backup.json` first (`{"v": 1, "files": {name: [size, sha256]}}`), then `config/…`, `data/…`, `state/…`.
"""

import hashlib
import io
import os
import shutil
import tarfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from sampan.contract.errors import Corrupt, NotFound
from sampan.settings.home import Paths

MANIFEST = "sampan-backup.json"
_SECTIONS = ("config", "data", "state")
BACKUPS = "backups"
"""Of the data folder: where backups lie that were made without a place. A backup holds no older ones."""
_LEFT_OUT = {"models", "run", "sampan.log", "data", "state", BACKUPS}
_TRANSIENT = (".lock", "-wal", "-shm", ".part", ".gguf")


class _Manifest(msgspec.Struct, frozen=True):
    v: int
    files: dict[str, tuple[int, str]]


def write(home: Paths, target: Path, instead: Mapping[Path, Path] | None = None) -> int:
    """Write the home into a new file with mode 0600; returns the number of files in it.

    Args:
        home: what is backed up.
        target: replaced only when the whole archive is written.
        instead: live file -> consistent snapshot to take in its place (a database that is in use).
    """
    members = {name: (instead or {}).get(path, path) for name, path in _members(home, target)}
    manifest = _Manifest(1, {name: _measure(path.read_bytes()) for name, path in members.items()})
    beside = target.with_name(target.name + ".part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w") as tar:
            _add(tar, MANIFEST, msgspec.json.encode(manifest))
            for name, path in members.items():
                _add(tar, name, path.read_bytes())
        out.flush()
        os.fsync(out.fileno())
    beside.replace(target)
    return len(members)


def read(source: Path, home: Paths) -> Path:
    """Bring a backup back; what was there before is moved aside. Nobody may use the home meanwhile.

    Returns:
        The folder that holds what was there before.

    Raises:
        NotFound: no such file. Corrupt: it is no backup, or not whole; nothing was changed.
    """
    files = _checked(source)
    aside = home.state / f"before-restore-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}"
    aside.mkdir(mode=0o700, parents=True)
    for section in _SECTIONS:
        folder: Path = getattr(home, section)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for entry in _replaced(folder, section, files):
            (aside / section).mkdir(exist_ok=True)
            shutil.move(entry, aside / section / entry.name)
    for name, content in files.items():
        section, _, rest = name.partition("/")
        path = getattr(home, section) / rest
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    return aside


def _members(home: Paths, target: Path) -> Iterator[tuple[str, Path]]:
    for section in _SECTIONS:
        folder: Path = getattr(home, section)
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = path.relative_to(folder)
            wanted = path.is_file() and not path.is_symlink() and not path.name.endswith(_TRANSIENT)
            if wanted and _belongs(inside.parts[0]) and path.absolute() != target.absolute():
                yield f"{section}/{inside.as_posix()}", path


def _belongs(top: str) -> bool:
    return top not in _LEFT_OUT and not top.startswith("before-restore-")


def _replaced(folder: Path, section: str, files: Mapping[str, bytes]) -> list[Path]:
    """What must go aside: in config only what is overwritten, elsewhere all (a stale journal would spoil a database)."""
    coming = {PurePosixPath(name).parts[1] for name in files if name.startswith(f"{section}/")}
    return [path for path in folder.iterdir() if _belongs(path.name) and (section != "config" or path.name in coming)]


def _checked(source: Path) -> dict[str, bytes]:
    if not source.is_file():
        raise NotFound(f"There is no file {source}.", hint="Give the file that `sampan backup` wrote.")
    try:
        with tarfile.open(source, "r:") as tar:
            found = {member.name: _content(tar, member) for member in tar}
        manifest = msgspec.json.decode(found.pop(MANIFEST), type=_Manifest)
    except (tarfile.TarError, KeyError, msgspec.DecodeError, EOFError) as error:
        raise Corrupt(f"{source} is not a backup of Sampan, or not whole.", hint="Take another one.") from error
    good = {name: _measure(content) for name, content in found.items()} == manifest.files
    if manifest.v != 1 or not good or not all(_safe(name) for name in found):
        raise Corrupt(f"{source} does not match its own manifest; nothing was changed.", hint="Take another one.")
    return found


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member) if member.isreg() else None
    if stream is None:
        raise tarfile.TarError("not a plain file")
    return stream.read()


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    inside = path.parts[0] in _SECTIONS and len(path.parts) > 1 and ".." not in path.parts
    return inside and not path.is_absolute() and _belongs(path.parts[1])


def _measure(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), 0o600, int(time.time())
    tar.addfile(info, io.BytesIO(content))
