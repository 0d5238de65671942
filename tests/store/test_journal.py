import resource
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sampan.contract.errors import Corrupt, StorageFull
from sampan.store import journal as module
from sampan.store.journal import Journal, replay
from tests.store.conftest import KEY

PAYLOADS = [b"one", b"a longer payload " * 50, b"", b"four"]
_START = 24


@pytest.fixture
def journal(tmp_path):
    one = Journal(tmp_path / "j-wal", KEY)
    yield one
    one.close()


@pytest.fixture
def written(journal):
    for payload in PAYLOADS:
        journal.append(payload)
    return journal


def test_what_was_appended_comes_back(written):
    written.sync()
    assert list(replay(written.path, KEY)) == PAYLOADS


def test_nothing_readable_is_in_the_file(written):
    assert b"payload" not in written.path.read_bytes()
    assert written.path.stat().st_mode & 0o777 == 0o600


def test_every_file_has_a_key_of_its_own(tmp_path, journal):
    other = Journal(tmp_path / "k-wal", KEY)
    other.append(b"same")
    journal.append(b"same")
    assert other.path.read_bytes()[_START:100] != journal.path.read_bytes()[_START:100]
    other.close()


def test_a_tail_torn_at_any_byte_loses_only_what_was_torn(written):
    whole, end = written.path.read_bytes(), written.offset
    torn = written.path.with_name("torn-wal")
    for at in range(0, end, 7):
        for rest in (b"", bytes(64)):
            torn.write_bytes(whole[:at] + rest)
            found = list(replay(torn, KEY))
            assert found == PAYLOADS[: len(found)]
    torn.write_bytes(whole[:end])
    assert list(replay(torn, KEY)) == PAYLOADS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_a_changed_byte_never_gives_another_payload(written, data):
    content = bytearray(written.path.read_bytes()[: written.offset])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = written.path.with_name("changed-wal")
    path.write_bytes(content)
    try:
        found = list(replay(path, KEY))
    except Corrupt:
        return
    assert found == PAYLOADS[: len(found)]


def test_another_hand_or_another_key_is_told(written):
    with pytest.raises(Corrupt):
        list(replay(written.path, b"x" * 32))


def test_records_cannot_change_places(journal):
    journal.append(b"first")
    middle = journal.offset
    journal.append(b"other")
    content = journal.path.read_bytes()
    journal.path.with_name("s-wal").write_bytes(
        content[:_START] + content[middle : journal.offset] + content[_START:middle]
    )
    assert list(replay(journal.path.with_name("s-wal"), KEY)) == [b"other"]


def test_a_short_write_is_taken_back(journal, monkeypatch):
    journal.append(b"before")
    real = module.os.pwrite
    short = iter([True])

    def pwrite(handle, content, offset):
        return real(handle, content[:5], offset) if next(short, False) else real(handle, content, offset)

    monkeypatch.setattr(module.os, "pwrite", pwrite)
    with pytest.raises(StorageFull):
        journal.append(b"cut")
    assert list(replay(journal.path, KEY)) == [b"before"]
    journal.append(b"after")
    assert list(replay(journal.path, KEY)) == [b"before", b"after"]


FULL = """
import resource, sys
from pathlib import Path
from sampan.contract.errors import StorageFull
from sampan.store.journal import Journal, replay
journal = Journal(Path(sys.argv[1]), b"k" * 32)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
count = 0
try:
    while True:
        journal.append(bytes(1000))
        count += 1
except StorageFull:
    print(count, len(list(replay(journal.path, b"k" * 32))))
journal.reserve(1)
try:
    Journal(Path(sys.argv[1]), b"k" * 32)
except Exception as error:
    print(type(error).__name__)
"""


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path):
    assert resource.RLIMIT_FSIZE
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "j-wal")], capture_output=True, text=True, timeout=30
    )
    assert done.stderr == ""
    counts, name = done.stdout.split("\n")[:2]
    written, found = counts.split()
    assert written == found
    assert int(written) > 900
    assert name == "SampanError"


@pytest.mark.parametrize(
    "content", [b"", b"SMPN", b"SMPNWAL1" + bytes(15), b"something else entirely, and long enough"]
)
def test_a_file_killed_while_it_was_made(tmp_path, content):
    (tmp_path / "x-wal").write_bytes(content)
    assert list(replay(tmp_path / "x-wal", KEY)) == []
