"""Processes that hang, die or are killed: the file was not read, and the next one is."""

import os
import signal
import threading
import time

import pytest

from sampan.understand.files.frames import Job
from sampan.understand.files.limits import Limits
from sampan.understand.files.pool import BUSY, FAILED, SLOW, Child, Pool
from tests.support import files

HELLO = Job(b"hello", "a.txt")


@pytest.fixture
def pool():
    pool = Pool(Limits(seconds=15), size=1)
    yield pool
    pool.close()


def read(pool, job=HELLO):
    return pool.ask(job).texts


def test_it_reads(pool):
    assert pool.children[0].pid == 0
    assert read(pool) == ["hello"]
    first = pool.children[0].pid
    assert read(pool) == ["hello"]
    assert pool.children[0].pid == first


def test_killed_between_two_files(pool):
    assert read(pool) == ["hello"]
    os.kill(pool.children[0].pid, signal.SIGKILL)
    assert read(pool) == ["hello"]


def test_killed_while_it_reads(pool):
    assert read(pool) == ["hello"]
    os.kill(pool.children[0].pid, signal.SIGSTOP)
    timer = threading.Timer(0.3, os.kill, (pool.children[0].pid, signal.SIGKILL))
    timer.start()
    assert read(pool) == ["hello"]


def test_a_file_that_ends_every_process(pool, monkeypatch):
    assert read(pool) == ["hello"]
    monkeypatch.setattr("sampan.understand.files.pool.receive", gone)
    assert pool.ask(HELLO).reason == FAILED
    monkeypatch.undo()
    assert read(pool) == ["hello"]


def gone(*_):
    raise EOFError


def test_it_hangs():
    pool = Pool(Limits(seconds=1.0), size=1)
    try:
        pool.ask(HELLO)
        os.kill(pool.children[0].pid, signal.SIGSTOP)
        began = time.monotonic()
        assert pool.ask(HELLO).reason == SLOW
        assert time.monotonic() - began < 10
        pool.children[0]._seconds = 20
        assert read(pool) == ["hello"]
    finally:
        pool.close()


def test_it_had_gone_to_rest():
    pool = Pool(Limits(idle=0.2), size=1)
    try:
        assert read(pool) == ["hello"]
        time.sleep(0.6)
        assert read(pool) == ["hello"]
    finally:
        pool.close()


def test_it_cannot_be_started(monkeypatch):
    monkeypatch.setattr("sampan.understand.files.pool._MODULE", "no.such.module")
    child = Child(Limits(seconds=15), looks=False)
    assert child.ask(HELLO).reason == FAILED
    child.close()


def test_all_are_busy():
    pool = Pool(Limits(wait=0.05), size=1)
    child = pool._free.get()
    assert pool.ask(HELLO).reason == BUSY
    pool._free.put(child)
    pool.close()


def test_many_at_once(pool):
    found = []
    threads = [threading.Thread(target=lambda: found.append(read(pool))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["hello"]] * 8


def test_memory_has_an_end():
    pool = Pool(Limits(memory=400_000_000, member=900_000_000, unpacked=900_000_000), size=1)
    try:
        bomb = files.zipped({"a.txt": b"a" * 300_000_000})
        assert pool.ask(Job(bomb, "a.zip")).reason
        assert read(pool) == ["hello"]
    finally:
        pool.close()


def test_the_end_of_all():
    pool = Pool(Limits(seconds=15), size=1)
    assert read(pool) == ["hello"]
    os.kill(pool.children[0].pid, signal.SIGSTOP)
    timer = threading.Timer(0.3, pool.close)
    timer.start()
    assert pool.ask(HELLO).reason == FAILED
    assert pool.children[0].pid == 0
