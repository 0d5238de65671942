"""The process that reads: whatever it is given, it answers, and it can do nothing else."""

import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.understand.files import worker
from sampan.understand.files.frames import Hello, Job, Outcome, receive, send
from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading
from tests.support import files

LIMITS = Limits()
SAMPLES = {name: data for name, data in files.every("HKID A123456(3)").items() if not name.endswith(".pdf")}


def read(data, declared=""):
    return worker._read(Job(data, declared), LIMITS)


def test_texts_or_a_reason():
    assert read(b"hello", "a.txt") == Outcome("text file", ["hello"], shown=[0])
    assert read(b"\0\1", "a.txt").reason


def test_what_could_be_read_of_a_file_that_cannot_be_in_full():
    found = read(files.pdf("what the page says", picture=True), "a.pdf")
    assert (found.kind, found.texts, found.shown) == ("PDF", ["what the page says"], [0])
    assert found.reason.startswith("page 1 shows a picture")
    found = read(files.docx("hello", **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "a.docx")
    assert ([found.texts[at] for at in found.shown], found.reason) == (["hello"], "it holds macros")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "memory"),
        (RecursionError(), "nested"),
        (KeyError("x"), "damaged (KeyError)"),
        (CannotRead("so"), "so"),
    ],
)
def test_whatever_a_reader_trips_over(monkeypatch, error, reason):
    def trip(*_, **__):
        raise error

    monkeypatch.setattr(worker, "read_document", trip)
    assert reason in read(b"x").reason


class Broken:
    def __init__(self, error):
        self.error = error

    def read(self, data, limits):
        if self.error is None:
            return Reading(LIMITS, pictures=False)
        raise self.error


@pytest.mark.parametrize(
    ("error", "reason"),
    [(None, ""), (CannotRead("so"), "so"), (MemoryError(), "memory"), (RuntimeError(), "RuntimeError")],
)
def test_looking(error, reason):
    assert reason in worker._looked(Broken(error), Job(b"x", ""), LIMITS).reason


@settings(deadline=None)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.integers(0, 5000),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=3))),
)
def test_cut_and_changed_files(name, cut, changes):
    data = bytearray(SAMPLES[name])
    del data[len(data) - cut % len(data) :]
    for place, piece in changes:
        data[place % (len(data) + 1) : place % (len(data) + 1) + len(piece)] = piece
    found = read(bytes(data), name)
    assert found.reason or isinstance(found.texts, list)


@settings(deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["", *SAMPLES]))
def test_random_bytes(data, declared):
    assert isinstance(read(data, declared), Outcome)


CONFINED = """
import sys, os, subprocess
from sampan.understand.files.frames import Hello
from sampan.understand.files.limits import Limits
from sampan.understand.files.worker import confine
import socket
confine(Hello(False, Limits(memory=600_000_000)))
def tried(what):
    try: what()
    except (PermissionError, MemoryError, OSError) as error: return type(error).__name__
    return "went"
print(tried(lambda: socket.create_connection(("127.0.0.1", 9), 1)), tried(lambda: subprocess.run(["/bin/true"])),
      tried(lambda: os.system("true")), tried(lambda: bytearray(900_000_000)), tried(lambda: bytearray(9_000)))
"""


def test_confined():
    done = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True, timeout=50)
    assert done.stdout.split() == ["PermissionError", "PermissionError", "PermissionError", "MemoryError", "went"], done


def started():
    return subprocess.Popen(
        [sys.executable, "-I", "-m", worker.__name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}
    )


def test_it_ends_with_its_input():
    with started() as process:
        send(process.stdin, Hello(False, LIMITS))
        send(process.stdin, Job(b"hello", "a.txt"))
        assert receive(process.stdout, Outcome, 10_000).texts == ["hello"]
        process.stdin.close()
        assert process.wait(20) == 0


def test_it_ends_when_there_is_nothing_to_do():
    with started() as process:
        send(process.stdin, Hello(False, Limits(idle=0.2)))
        assert process.wait(20) == 0


def test_a_compressed_page_that_is_all_one_letter():
    assert len(zlib.compress(files.html("x" * 1_000_000))) < 10_000
    assert read(files.html("x" * 1_000_000), "a.html").texts
