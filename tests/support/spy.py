"""Sees every attempt of Python to leave this machine, here and in the Python processes that tests start.

Child processes are watched through `watched/sitecustomize.py`, found by `PYTHONPATH`; they append to the file in
`SPY_LOG`. Compiled code that opens sockets itself is not seen: for that, scripts/check runs the suite in a network
namespace without interfaces but loopback.
"""

import contextlib
import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

LOG = "SPY_LOG"
_WATCHED = str(Path(__file__).with_name("watched"))
_HERE = {"localhost", "localhost.localdomain", ""}
_ADDRESSED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
_NAMED = {"socket.getaddrinfo", "socket.gethostbyname"}

left: list[str] = []
"""What this process tried."""


def leaving(event: str, arguments: tuple[object, ...]) -> str:
    """What an audit event says about leaving this machine; empty when it stays. A look-up of a name leaves too."""
    if event in _NAMED:
        host = arguments[0]
    elif event in _ADDRESSED and isinstance(address := arguments[_ADDRESSED[event]], tuple):
        host = address[0]
    else:
        return ""
    return "" if _is_here(host, looked_up=event in _NAMED) else f"{event} {host}"


def _is_here(host: object, *, looked_up: bool) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    try:
        ip = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return name.lower() in {*_HERE, socket.gethostname().lower()}
    # an address that is written out needs no look-up
    return looked_up or ip.is_loopback or ip.is_unspecified


def watch() -> None:
    """Watch this process, for its whole life; what it tries goes to `left`."""
    sys.addaudithook(_own)


def watch_as_child() -> None:
    """Watch this process, for its whole life; what it tries goes to the file in `SPY_LOG`."""
    sys.addaudithook(_child(os.environ[LOG]))


def _own(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") and (what := leaving(event, arguments)):
        left.append(what)


def _child(log: str):
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith("socket.") and (what := leaving(event, arguments)):
            with contextlib.suppress(OSError), Path(log).open("a", encoding="utf-8") as file:
                file.write(f"{what} from {' '.join(sys.orig_argv[1:4])}\n")

    return hook


def watch_children(log: Path) -> None:
    """Let every Python process started from now on report into `log`."""
    log.touch()
    os.environ[LOG] = str(log)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [_WATCHED, os.environ.get("PYTHONPATH", "")]))


@contextlib.contextmanager
def unwatched() -> Iterator[None]:
    """Processes started in here may leave: the package client that fetches a model for tests."""
    log = os.environ.pop(LOG, None)
    try:
        yield
    finally:
        if log is not None:
            os.environ[LOG] = log
