import shutil
import time

import pytest

from sampan.contract.errors import NotFound, StorageFull
from sampan.contract.storage import Stored, Tail, Wanted
from sampan.store import receipts as module
from sampan.store.device import FILE, Device
from sampan.store.journal import replay
from sampan.store.receipts import GENESIS, HEAD_FILE, Places, ReceiptLog
from tests.store.conftest import KEY


def link(n, id="", **more):
    return Stored(n, id or f"rcp_{n}", f"2026-01-{n:02d}", f"sha256:{n}", b'{"n":%d}' % n, key=bytes([n]) * 32, **more)


class Desk:
    def __init__(self, folder, fsync="group"):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.device = Device(folder / FILE, KEY)
        self.log = ReceiptLog(self.device, Places(folder, folder / HEAD_FILE), KEY, fsync)

    @property
    def journals(self):
        return sorted(path.name for path in self.folder.glob("receipts-*-wal"))

    def add(self, *numbers):
        for n in numbers:
            self.log.begin(f"rcp_{n}", b"opened")
            self.log.add(link(n))

    def close(self):
        self.log.close()
        self.device.close()

    def killed(self, name="killed"):
        """The files as they are this moment, taken up by another process."""
        target = self.folder.with_name(name)
        shutil.copytree(self.folder, target)
        return Desk(target)


@pytest.fixture
def desk(tmp_path):
    one = Desk(tmp_path / "a")
    yield one
    one.close()


def numbers(desk):
    return [int(json[5:-1]) for json in desk.log.chain(10**9)]


def test_a_chain_begins_empty(desk):
    assert desk.log.tail() == Tail(0, GENESIS)
    assert desk.log.head() == b""
    assert desk.log.unfinished() == {}
    assert desk.log.hash_at(1) == ""


def test_links_reach_the_database_and_the_head_is_signed(desk):
    desk.log.sign_with(lambda tail: b"head %d" % tail.n)
    assert desk.log.head() == b"head 0"
    desk.add(1, 2)
    assert desk.log.tail() == Tail(2, "sha256:2")
    assert desk.log.settle() == b"head 2"
    assert numbers(desk) == [1, 2]
    assert desk.log.hash_at(2) == "sha256:2"
    assert desk.log.body_key("rcp_1") == b"\1" * 32


def test_the_flusher_does_so_by_itself(desk):
    desk.add(1)
    deadline = time.monotonic() + 5
    while not numbers(desk) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert numbers(desk) == [1]


@pytest.mark.parametrize("fsync", ["group", "each"])
def test_killed_before_anything_reached_the_database(tmp_path, monkeypatch, fsync):
    monkeypatch.setattr(ReceiptLog, "_flush_once", lambda self: None)
    first = Desk(tmp_path / "a", fsync)
    first.add(1, 2)
    first.log.begin("rcp_9", b"nine")
    first.log.note("rcp_9", b"more")
    assert numbers(first) == []
    second = first.killed()
    assert numbers(second) == [1, 2]
    assert second.log.tail().n == 2
    assert second.log.unfinished() == {"rcp_9": [b"nine", b"more"]}
    assert second.log.body_key("rcp_2") == b"\2" * 32
    third = second.killed("again")
    assert third.log.unfinished() == {"rcp_9": [b"nine", b"more"]}
    third.log.add(link(3, "rcp_9"))
    third.close()
    fourth = Desk(third.folder)
    assert fourth.log.unfinished() == {}
    assert numbers(fourth) == [1, 2, 3]
    for one in (first, second, fourth):
        one.close()


@pytest.mark.parametrize("settled", [True, False])
def test_killed_at_any_step_of_a_rotation(tmp_path, monkeypatch, settled):
    monkeypatch.setattr(ReceiptLog, "_flush_once", lambda self: None)
    desk = Desk(tmp_path / "a")
    desk.add(1)
    if settled:
        desk.log.settle()
    desk.log.begin("rcp_8", b"eight")
    found = []

    def look(*_):
        found.append(desk.killed(f"k{len(found)}"))

    steps = [("sync", module.Journal), ("reserve", module.Journal)]
    for name, owner in steps:
        real = getattr(owner, name)
        monkeypatch.setattr(
            owner, name, lambda self, *a, real=real: (real(self, *a), owner_of(self, desk) and look())[0]
        )
    real_remove = ReceiptLog._remove
    monkeypatch.setattr(
        ReceiptLog, "_remove", lambda self, paths: (self is desk.log and look(), real_remove(self, paths))[1]
    )
    with desk.log._settling:
        desk.log._rotate()
    look()
    monkeypatch.undo()
    assert len(found) >= 4
    for one in found:
        assert numbers(one) in ([], [1])
        one.log.settle()
        assert numbers(one) == [1]
        assert one.log.unfinished() == {"rcp_8": [b"eight"]}
        one.close()
    assert len(desk.journals) == 1
    desk.close()


def owner_of(journal, desk):
    return journal.path.parent == desk.folder


def test_a_long_journal_is_changed_for_a_fresh_one(desk, monkeypatch):
    monkeypatch.setattr(module, "_ROTATE_AT", 500)
    desk.log.begin("rcp_50", b"open all the while")
    before = desk.journals
    for n in range(1, 31):
        desk.add(n)
        if n % 10 == 0:
            desk.log.settle()
    assert desk.journals != before
    assert len(desk.journals) == 1
    other = desk.killed()
    assert numbers(other) == list(range(1, 31))
    assert other.log.unfinished() == {"rcp_50": [b"open all the while"]}
    other.close()


def test_without_room_nothing_begins_but_what_began_can_end(desk, monkeypatch):
    def full(*_):
        raise OSError(28, "full")

    desk.log.begin("rcp_1", b"x")
    monkeypatch.setattr("sampan.store.journal._allocate", full)
    begun = 1
    with pytest.raises(StorageFull):
        while True:
            desk.log.begin(f"rcp_{begun + 1}", bytes(500))
            begun += 1
    for n in range(1, begun + 1):
        desk.log.add(link(n, user="x" * 4000))
    assert desk.log.tail().n == begun > 50


def test_a_database_that_is_full_keeps_receipts_in_the_journal(desk, monkeypatch):
    desk.add(1)
    desk.log.settle()
    real = ReceiptLog._insert

    def full(self, links):
        raise StorageFull("full")

    monkeypatch.setattr(ReceiptLog, "_insert", full)
    desk.add(2)
    assert list(desk.log.select(Wanted())) == [b'{"n":1}']
    with pytest.raises(StorageFull):
        desk.log.settle()
    monkeypatch.setattr(ReceiptLog, "_insert", real)
    desk.log.settle()
    assert numbers(desk) == [1, 2]


def test_a_forgotten_key_is_nowhere(desk):
    desk.add(1, 2)
    desk.log.settle()
    desk.log.forget_key("rcp_1")
    assert desk.log.body_key("rcp_1") == b""
    assert desk.log.body_key("rcp_2") == b"\2" * 32
    payloads = [payload for name in desk.journals for payload in replay(desk.folder / name, KEY)]
    assert not any(b"\1" * 32 in payload for payload in payloads)
    other = desk.killed()
    assert other.log.body_key("rcp_1") == b""
    other.close()


def test_questions(desk):
    for n, end in enumerate(["complete", "error", "complete"], 1):
        desk.log.add(link(n, end=end, model=f"m{n}", kind="receipt" if n < 3 else "tombstone"))
    assert desk.log.select(Wanted()) == [b'{"n":2}', b'{"n":1}']
    assert desk.log.select(Wanted(end="error")) == [b'{"n":2}']
    assert desk.log.select(Wanted(model="m1", before=2)) == [b'{"n":1}']
    assert desk.log.select(Wanted(since="2026-01-02")) == [b'{"n":2}']
    assert desk.log.one("rcp_3") == b'{"n":3}'
    with pytest.raises(NotFound):
        desk.log.one("rcp_4")


def test_standing_still_keeps_requests_going(desk):
    desk.add(1)
    with desk.log.standing_still():
        desk.add(2)
        time.sleep(0.02)
        assert numbers(desk) == [1]
    desk.log.settle()
    assert numbers(desk) == [1, 2]
