"""The model files of this machine and their registry, `models.json`: what was placed, its hash, which one is in use."""

import hashlib
import os
import shutil
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import IO

import msgspec

from sampan.contract.errors import BadRequest, Corrupt, NotFound, StorageFull, UnknownModel

MAGIC = b"GGUF"
"""First four bytes of every GGUF file. Source: ggml's docs/gguf.md."""
_CHUNK = 8 << 20
_SPARE = 64 << 20
"""Bytes of disk left free beyond what a file needs, so that the record can still be written."""


class Condition(StrEnum):
    """What `ModelFiles.check` found."""

    READY = "ready"
    ABSENT = "absent"
    DAMAGED = "damaged"


class Placed(msgspec.Struct, frozen=True):
    """One file that was verified and placed. `added`: seconds since the epoch. `ours`: it lies in our folder."""

    name: str
    path: str
    sha256: str
    size: int
    mtime_ns: int
    added: float
    ours: bool = True


class _Registry(msgspec.Struct):
    use: str = ""
    models: dict[str, Placed] = {}


def hash_file(source: IO[bytes], size: int = sys.maxsize) -> "hashlib._Hash":
    """SHA-256 of a stream from where it stands, over `size` bytes or to its end."""
    digest = hashlib.sha256()
    while chunk := source.read(min(_CHUNK, size)):
        digest.update(chunk)
        size -= len(chunk)
    return digest


def need_space(folder: Path, size: int) -> None:
    """Check the disk before anything is written.

    Raises:
        StorageFull: fewer than `size` bytes (and a little spare) are free; the message has both sizes.
    """
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise StorageFull(
            f"{(size + _SPARE) / 1e6:,.0f} MB of disk are needed for the model and {free / 1e6:,.0f} MB are free.",
            hint="Free disk space, or choose a smaller model with `sampan models pull`.",
        )


class ModelFiles:
    """The folder `<data>/models`, its registry and its questions. Not for several processes at once (one owner)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._registry_file = folder / "models.json"
        self._registry = self._load()

    def _load(self) -> _Registry:
        try:
            return msgspec.json.decode(self._registry_file.read_bytes(), type=_Registry)
        except FileNotFoundError:
            return _Registry()
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise Corrupt(
                f"The list of model files, {self._registry_file}, cannot be read.",
                hint="Delete it; `sampan models pull` and `sampan models add` write it again.",
            ) from error

    def _save(self) -> None:
        beside = self._registry_file.with_suffix(".json.new")
        with beside.open("wb") as out:
            out.write(msgspec.json.format(msgspec.json.encode(self._registry), indent=1))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._registry_file)

    def target(self, name: str) -> Path:
        """Where the file of a catalogue entry belongs."""
        return self.folder / f"{name}.gguf"

    def ls(self) -> list[Placed]:
        """Every placed file, by name."""
        return [self._registry.models[name] for name in sorted(self._registry.models)]

    def placed(self, name: str) -> Placed:
        """Return one placed file.

        Raises:
            UnknownModel: no file of that name was placed.
        """
        try:
            return self._registry.models[name]
        except KeyError:
            raise UnknownModel(f"No model {name!r} is on this machine.") from None

    def note(self, name: str, path: Path, sha256: str) -> Placed:
        """Enter a verified file into the registry."""
        stat = path.stat()
        placed = Placed(
            name, str(path), sha256, stat.st_size, stat.st_mtime_ns, time.time(), path.parent == self.folder
        )
        self._registry.models[name] = placed
        self._save()
        return placed

    def add(self, path: Path, name: str = "") -> Placed:
        """Take in the user's own GGUF: checked, hashed, and linked into the folder (copied where links do not work).

        Raises:
            NotFound: there is no such file. Corrupt: it is not GGUF. BadRequest: the name is taken or not usable.
        """
        name = name or path.stem.lower()
        if not name or "/" in name or name.startswith("."):
            raise BadRequest(f"{name!r} cannot be the name of a model.")
        if name in self._registry.models:
            raise BadRequest(f"There is a model {name!r} already.", hint=f"`sampan models rm {name}` removes it.")
        if not path.is_file():
            raise NotFound(f"There is no file {path}.")
        with path.open("rb") as source:
            if source.read(len(MAGIC)) != MAGIC:
                raise Corrupt(f"{path} is not a GGUF file.", hint="Give a model in GGUF format.")
            source.seek(0)
            sha256 = hash_file(source).hexdigest()
        target = self.target(name)
        # a file that somebody put there by hand is the only copy
        if not (target.exists() and target.samefile(path)):
            target.unlink(missing_ok=True)
            try:
                target.hardlink_to(path)
            except OSError:
                self._copy(path, target)
        return self.note(name, target, sha256)

    def _copy(self, path: Path, target: Path) -> None:
        need_space(self.folder, path.stat().st_size)
        part = target.with_suffix(".gguf.part")
        shutil.copyfile(path, part)
        part.replace(target)

    def rm(self, name: str) -> None:
        """Remove a model: its entry, and its file if it lies in our folder.

        Raises:
            UnknownModel: no file of that name was placed.
        """
        placed = self.placed(name)
        del self._registry.models[name]
        if self._registry.use == name:
            self._registry.use = ""
        self._save()
        if placed.ours:
            Path(placed.path).unlink(missing_ok=True)

    def use(self, name: str) -> None:
        """Make one placed model the local one from the next start.

        Raises:
            UnknownModel: no file of that name was placed.
        """
        self.placed(name)
        self._registry.use = name
        self._save()

    @property
    def used(self) -> str:
        """The name chosen with `use`, or empty."""
        return self._registry.use

    def check(self, name: str) -> Condition:
        """Say whether a file is still what was placed. Hashes only when its size is right but its time changed."""
        placed = self._registry.models.get(name)
        if placed is None:
            return Condition.ABSENT
        path = Path(placed.path)
        if not path.is_file():
            return Condition.ABSENT
        stat = path.stat()
        if stat.st_size != placed.size:
            return Condition.DAMAGED
        if stat.st_mtime_ns == placed.mtime_ns:
            return Condition.READY
        with path.open("rb") as source:
            if hash_file(source).hexdigest() != placed.sha256:
                return Condition.DAMAGED
        self.note(name, path, placed.sha256)
        return Condition.READY
