"""The process that reads files: `python -I -m sampan.understand.files.worker`. Nothing it reads can harm the rest.

Standard input carries frames (`frames.py`): one `Hello`, then a `Job` for each file; standard output one `Outcome` for
each. It may use so much memory and processor time, writes no file, opens no connection, starts no process; on Linux it
has no network where the system lets it say so. It ends when its input ends, and when it had nothing to do for a while.
"""

import contextlib
import ctypes
import io
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from sampan.understand.files.dispatch import read_document
from sampan.understand.files.frames import Hello, Job, Outcome, receive, send
from sampan.understand.files.limits import Limits
from sampan.understand.files.picture import Recogniser
from sampan.understand.files.reading import CannotRead

_NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000
_GRACE = 2.0
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn", "pty.")


def main() -> NoReturn:
    """Read files until standard input ends."""
    # without a buffer: `select` has to see what is there
    source, out = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(EOFError, BrokenPipeError):
        hello = receive(source, Hello, 1_000_000)
        confine(hello)
        _serve(hello, source, out)
    os._exit(0)


def confine(hello: Hello) -> None:
    """Give up what is not needed to read."""
    limits = hello.limits
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).unshare(_NEW_USER_AND_NETWORK)
    _lower(resource.RLIMIT_AS, limits.picture_memory if hello.looks else limits.memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    sys.addaudithook(_refuse)


def _lower(what: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _serve(hello: Hello, source: io.FileIO, out: BinaryIO) -> None:
    limits, recogniser = hello.limits, Recogniser()
    seconds = limits.picture_seconds if hello.looks else limits.seconds
    while select.select([source], [], [], limits.idle)[0]:
        job = receive(source, Job, limits.input + 1_000_000)
        _wind_up(seconds + _GRACE)
        send(out, _looked(recogniser, job, limits) if hello.looks else _read(job, limits))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _wind_up(seconds: float) -> None:
    """Should the parent be gone too, the system ends this process when its time is up."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime + seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (spent, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _read(job: Job, limits: Limits) -> Outcome:
    def work() -> Outcome:
        kind, reading = read_document(job.data, job.declared, limits, pictures=job.pictures)
        repeats = sorted(reading.repeats)
        return Outcome(kind, reading.texts, reading.pictures, shown=reading.shown, repeats=repeats)

    return _whatever_happens(work)


def _looked(recogniser: Recogniser, job: Job, limits: Limits) -> Outcome:
    def work() -> Outcome:
        reading = recogniser.read(job.data, limits)
        return Outcome(texts=reading.texts, shown=reading.shown)

    return _whatever_happens(work)


def _whatever_happens(work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except CannotRead as error:
        return Outcome(error.kind, list(error.texts), reason=str(error), shown=list(error.shown))
    except MemoryError:
        return Outcome(reason="it needs more memory than allowed")
    except RecursionError:
        return Outcome(reason="it is nested too deeply")
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over, the file was not read
        return Outcome(reason=f"it is damaged ({type(error).__name__})")


if __name__ == "__main__":
    main()
