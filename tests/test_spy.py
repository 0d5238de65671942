"""The spy on sockets can fail a test, for this process and for those it starts."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import spy

OUTSIDE = ("203.0.113.7", 9)
LEAK = f"""import contextlib, socket
def leave():
    # connecting a datagram socket sends nothing
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect({OUTSIDE!r})
"""
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, OUTSIDE)),
        ("socket.connect", (None, ("2001:db8::1", 443, 0, 0))),
        ("socket.connect", (None, ("somewhere.example", 443))),
        ("socket.sendto", (None, OUTSIDE)),
        ("socket.sendmsg", (None, OUTSIDE)),
        ("socket.getaddrinfo", ("somewhere.example", 443, 0, 0, 0)),
        ("socket.getaddrinfo", (b"somewhere.example", 443, 0, 0, 0)),
        ("socket.gethostbyname", ("somewhere.example",)),
    ],
)
def test_leaves(event, arguments):
    assert spy.leaving(event, arguments)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("127.0.0.1", 443))),
        ("socket.connect", (None, ("::1", 443, 0, 0))),
        ("socket.connect", (None, "/run/a.socket")),
        ("socket.sendmsg", (None, None)),
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0)),
        ("socket.getaddrinfo", ("203.0.113.7", 80, 0, 0, 0)),
        ("socket.gethostbyname", (socket.gethostname(),)),
        ("socket.bind", (None, OUTSIDE)),
        ("open", ("/etc/hosts", "r", 0)),
    ],
)
def test_stays(event, arguments):
    assert not spy.leaving(event, arguments)


def run_tests(folder, code):
    (folder / "test_leak.py").write_text(LEAK + code)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", folder, folder],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=50,
    )  # fmt: skip


def test_a_test_that_leaves_fails(tmp_path):
    with spy.unwatched():
        done = run_tests(tmp_path, "def test_it():\n    leave()\n")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "socket.connect 203.0.113.7" in done.stdout


def test_a_test_whose_child_leaves_fails(tmp_path):
    (tmp_path / "child.py").write_text(LEAK + "leave()\n")
    code = f"def test_it():\n    import subprocess, sys\n    subprocess.run([sys.executable, {str(tmp_path / 'child.py')!r}], check=True)\n"
    with spy.unwatched():
        done = run_tests(tmp_path, code)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "of another process" in done.stdout


def test_a_test_that_stays_passes(tmp_path):
    with spy.unwatched():
        done = run_tests(tmp_path, "def test_it():\n    pass\n")
    assert done.returncode == 0, done.stdout + done.stderr
