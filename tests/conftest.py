"""What holds for every test: no connection leaves this machine."""

import ipaddress
import sys

import pytest

_left: list[str] = []


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True
    try:
        ip = ipaddress.ip_address(str(address[0]).split("%")[0])
    except ValueError:
        return address[0] in {"localhost", ""}
    return ip.is_loopback or ip.is_unspecified


def _spy(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and not _is_here(arguments[1]):
        _left.append(f"{event} {arguments[1]}")


sys.addaudithook(_spy)


@pytest.fixture(autouse=True)
def nothing_leaves():
    """Fail a test in which anything tried to leave the machine."""
    before = len(_left)
    yield
    assert _left[before:] == [], "a connection left this machine"
