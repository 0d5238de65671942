"""The processes that read files, seen from Sampan: started at need, ended when they hang, started again."""

import contextlib
import subprocess
import sys
import threading
from queue import Empty, LifoQueue
from typing import IO, BinaryIO, cast

from sampan.settings import environment
from sampan.understand.files.frames import Hello, Job, Outcome, receive, send
from sampan.understand.files.limits import Limits
from sampan.wording import worded

_MODULE = "sampan.understand.files.worker"
_FAREWELL = 5.0
SLOW = worded("reading it took too long")
FAILED = worded("reading it failed")
BUSY = worded("too many files are being read at the moment")


class Child:
    """One process, or none yet. One file at a time."""

    def __init__(self, limits: Limits, *, looks: bool) -> None:
        self._hello = Hello(looks, limits)
        self._seconds = limits.picture_seconds if looks else limits.seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._over = False

    @property
    def pid(self) -> int:
        """The process, 0 without one."""
        return self._process.pid if self._process else 0

    def ask(self, job: Job) -> Outcome:
        """Read one file. A process from before that ends now may have done so for its own reasons: once more."""
        used = self._process is not None
        outcome = self._asked(job)
        return self._asked(job) if used and outcome.reason == FAILED and not self._over else outcome

    def _asked(self, job: Job) -> Outcome:
        late = threading.Event()
        try:
            process = self._alive()
            timer = threading.Timer(self._seconds, _stop, (process, late))
            timer.start()
            try:
                send(_pipe(process.stdin), job)
                return receive(_pipe(process.stdout), Outcome, _largest(self._hello.limits))
            finally:
                timer.cancel()
        except (EOFError, ValueError, OSError):
            self.close()
            return Outcome(reason=SLOW if late.is_set() else FAILED)

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        library = environment().get("LD_LIBRARY_PATH")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                **({"LD_LIBRARY_PATH": library} if library else {}),
            },
            start_new_session=True,
        )
        send(_pipe(self._process.stdin), self._hello)
        return self._process

    def end(self) -> None:
        """End the process, and start none any more for the file that it reads now."""
        self._over = True
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                _pipe(pipe).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_FAREWELL)


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


class Pool:
    """Some processes of one sort; whoever is free reads. Safe to use from many threads."""

    def __init__(self, limits: Limits, *, size: int, looks: bool = False) -> None:
        self.children = [Child(limits, looks=looks) for _ in range(size)]
        self._wait = limits.wait
        self._free: LifoQueue[Child] = LifoQueue()
        for child in self.children:
            self._free.put(child)

    def ask(self, job: Job) -> Outcome:
        """Read one file."""
        try:
            child = self._free.get(timeout=self._wait)
        except Empty:
            return Outcome(reason=BUSY)
        try:
            return child.ask(job)
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End the processes; what is being read fails."""
        for child in self.children:
            child.end()


def _pipe(pipe: IO[bytes] | None) -> BinaryIO:
    if pipe is None:
        raise BrokenPipeError
    return cast("BinaryIO", pipe)


def _largest(limits: Limits) -> int:
    """Bytes of an outcome: its text in UTF-8, and its pictures."""
    return 8 * limits.chars + limits.pictures * limits.member
