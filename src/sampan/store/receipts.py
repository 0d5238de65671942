"""The chain at rest: appends go to a journal at once and reach the database in batches, from one thread.

Nothing is lost at any point where the process may be killed: a journal file is removed only after everything closed in
it is in the database and on the disk, and everything open in it stands in the file after it.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from sampan.contract.errors import NotFound, SampanError, StorageFull
from sampan.contract.storage import Stored, Tail, Wanted
from sampan.store import budgets, entries
from sampan.store.atomic import replace_file, sync_folder
from sampan.store.device import Device
from sampan.store.journal import OVERHEAD, Journal, replay

log = logging.getLogger("sampan.store")

HEAD_FILE = "receipts.head"
GENESIS = "sha256:" + "0" * 64
Fsync = Literal["group", "each"]
_PATTERN = "receipts-*-wal"
_SYNC_WITHIN = 0.008
"""Seconds: with the time the disk takes, the window of DESIGN section 7."""
_SETTLE_EVERY, _SETTLE_AT, _RETRY = 0.2, 1000, 1.0
_ROTATE_AT = 8 << 20
_ROOM_TO_CLOSE = 8192 + OVERHEAD
"""Bytes kept free in the journal for the end of each open record."""
_COLUMNS = 'n, id, kind, at, "user", app, model, realm, "end", hash, json'


class Places(NamedTuple):
    """journals: the folder of the journal files. head: the file of the signed head, outside the database."""

    journals: Path
    head: Path


class ReceiptLog:
    """Implements `contract.storage.ReceiptStore` on the device."""

    def __init__(self, device: Device, places: Places, key: bytes, fsync: Fsync = "group") -> None:
        """Bring what a former process left in its journals into the database, and start the flusher.

        Args:
            device: the open database.
            places: where the files are; the folders exist.
            key: 32 bytes, for the journal.
            fsync: `group` within 10 ms, or `each` append.

        Raises:
            Corrupt: a journal was changed. StorageFull: no room.
        """
        self._device, self._places, self._key, self._each = device, places, key, fsync == "each"
        self._lock = threading.Lock()
        self._settling = threading.Lock()
        self._wake, self._stopping = threading.Event(), False
        self._open: dict[str, list[bytes]] = {}
        self._pending: list[Stored] = []
        self._dirty = False
        self._sign: Callable[[Tail], bytes] | None = None
        self._settled = 0.0
        self._recover()
        self._flusher = threading.Thread(target=self._flush, name="sampan-receipts", daemon=True)
        self._flusher.start()

    # opening

    def _recover(self) -> None:
        old = sorted(self._places.journals.glob(_PATTERN))
        found = entries.Found(payload for path in old for payload in replay(path, self._key))
        self._tail = self._tail_in_database()
        missing = [link for n, link in sorted(found.links.items()) if n > self._tail.n]
        if missing:
            self._insert(missing)
            self._tail = self._tail_in_database()
        self._unfinished = {id_: left for id_, left in found.unfinished.items() if not self._has(id_)}
        number = int(old[-1].name.split("-")[1]) if old else 0
        self._journal = self._next_journal(number + 1)
        for id_, left in self._unfinished.items():
            self._copy(id_, left, self._journal)
        self._open = dict(self._unfinished)
        self._journal.sync()
        self._device.make_durable()
        self._remove(old)

    def _has(self, receipt_id: str) -> bool:
        return bool(self._device.read("SELECT 1 FROM links WHERE id = ?", (receipt_id,)))

    def _tail_in_database(self) -> Tail:
        rows = self._device.read("SELECT n, hash FROM links ORDER BY n DESC LIMIT 1")
        return Tail(*rows[0]) if rows else Tail(0, GENESIS)

    def _next_journal(self, number: int) -> Journal:
        return Journal(self._places.journals / f"receipts-{number:08d}-wal", self._key)

    def _remove(self, paths: list[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)
        sync_folder(self._places.journals)

    # the hot path

    def make_room(self) -> None:
        """Make sure that one more record will find room."""
        with self._lock:
            self._journal.reserve(_ROOM_TO_CLOSE * (len(self._open) + 1))

    def begin(self, receipt_id: str, *known: bytes) -> None:
        """Write the open record with all that is known, and make sure that its end will find room."""
        first, *more = known
        payloads = [entries.opened(receipt_id, first), *[entries.noted(receipt_id, entry) for entry in more]]
        size = sum(map(len, payloads)) + OVERHEAD * len(payloads)
        with self._lock:
            self._journal.reserve(size + _ROOM_TO_CLOSE * (len(self._open) + 1))
            self._append(*payloads)
            self._open[receipt_id] = list(known)

    def note(self, receipt_id: str, entry: bytes) -> None:
        """Add to an open record what is known by now."""
        payload = entries.noted(receipt_id, entry)
        with self._lock:
            self._journal.reserve(len(payload) + OVERHEAD + _ROOM_TO_CLOSE * len(self._open))
            self._append(payload)
            self._open.setdefault(receipt_id, []).append(entry)

    def add(self, link: Stored) -> None:
        """Write the next link; it closes the open record with the same id."""
        payload = entries.closed(link)
        with self._lock:
            self._append(payload)
            self._open.pop(link.id, None)
            self._pending.append(link)
            self._tail = Tail(link.n, link.hash)

    def _append(self, *payloads: bytes) -> None:
        self._journal.append(*payloads)
        if self._each:
            self._journal.sync()
        if not self._dirty:
            self._dirty = True
            self._wake.set()

    # the flusher

    def _flush(self) -> None:
        while not self._stopping:
            self._wake.wait(timeout=_SETTLE_EVERY if self._pending else None)
            self._wake.clear()
            time.sleep(_SYNC_WITHIN if self._dirty else 0)
            try:
                self._flush_once()
            except Exception:  # the thread must outlive a full disk
                log.warning("receipts stay in the journal for now", exc_info=log.isEnabledFor(logging.DEBUG))
                time.sleep(_RETRY)

    def _flush_once(self) -> None:
        if self._dirty:
            self._dirty = False  # first: an append while the disk works wants another round
            self._sync()
        due = time.monotonic() - self._settled >= _SETTLE_EVERY or len(self._pending) >= _SETTLE_AT
        if self._pending and due:
            self.settle()

    def _sync(self) -> None:
        with self._settling:
            try:
                self._journal.sync()
            except SampanError:
                self._dirty = True
                raise

    def settle(self) -> bytes:
        """Bring everything into the database, sign the head, and take a new journal when this one is long."""
        with self._settling:
            with self._lock:
                links, tail = list(self._pending), self._tail
            if links:
                self._journal.sync()
                self._insert(links)
                with self._lock:
                    del self._pending[: len(links)]
            self._settled = time.monotonic()
            head = self._write_head(tail) if links else self.head()
            if self._journal.offset > _ROTATE_AT:
                with contextlib.suppress(StorageFull):  # the long one serves on until there is room for another
                    self._rotate()
            return head

    def _insert(self, links: list[Stored]) -> None:
        rows = [(x.n, x.id, x.kind, x.at, x.user, x.app, x.model, x.realm, x.end, x.hash, x.json) for x in links]
        keys = [(link.id, link.key) for link in links if link.key]
        with self._device.write() as connection:
            connection.executemany(f"INSERT INTO links ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)  # noqa: S608 - constants
            connection.executemany("INSERT OR REPLACE INTO receipt_keys (id, key) VALUES (?, ?)", keys)
            budgets.add(connection, [charge for link in links for charge in link.charges])

    def _write_head(self, tail: Tail) -> bytes:
        if self._sign is None:
            return self.head()
        head = self._sign(tail)
        replace_file(self._places.head, head)
        return head

    def _rotate(self) -> None:
        """Begin a new journal with what is open; needs `_settling`."""
        fresh = self._next_journal(int(self._journal.path.name.split("-")[1]) + 1)
        try:
            with self._lock:
                self._carry_over(fresh)
                old, self._journal = self._journal, fresh
        except SampanError:
            fresh.close()
            fresh.path.unlink()
            raise
        fresh.sync()
        self._device.make_durable()
        old.close()
        self._remove([old.path])

    def _carry_over(self, fresh: Journal) -> None:
        for id_, left in self._open.items():
            self._copy(id_, left, fresh)
        for link in self._pending:
            fresh.append(entries.closed(link))
        fresh.reserve(_ROOM_TO_CLOSE * (len(self._open) + 1))

    @staticmethod
    def _copy(receipt_id: str, left: list[bytes], journal: Journal) -> None:
        for number, entry in enumerate(left):
            journal.append((entries.noted if number else entries.opened)(receipt_id, entry))

    # everything else

    def unfinished(self) -> dict[str, list[bytes]]:
        """Open records that a former process left behind."""
        return self._unfinished

    def tail(self) -> Tail:
        """The newest link."""
        return self._tail

    def head(self) -> bytes:
        """The signed head as it stands in its file."""
        with contextlib.suppress(FileNotFoundError):
            return self._places.head.read_bytes()
        return b""

    def sign_with(self, sign: Callable[[Tail], bytes]) -> None:
        """Call this for every new head, and now."""
        self.settle()
        with self._settling:
            self._sign = sign
            replace_file(self._places.head, sign(self._tail))

    def select(self, wanted: Wanted) -> list[bytes]:
        """The JSON of receipts, newest first."""
        self._settle_if_possible()
        equal = {
            '"user"': wanted.user,
            "app": wanted.app,
            "model": wanted.model,
            "realm": wanted.realm,
            '"end"': wanted.end,
        }
        conditions, values = ["kind = 'receipt'"], list[object]()
        for column, value in equal.items():
            if value:
                conditions.append(f"{column} = ?")
                values.append(value)
        if wanted.before:
            conditions.append("n < ?")
            values.append(wanted.before)
        if wanted.since:
            conditions.append("at >= ?")
            values.append(wanted.since)
        sql = f"SELECT json FROM links WHERE {' AND '.join(conditions)} ORDER BY n DESC LIMIT ?"  # noqa: S608 - constants
        return [row[0] for row in self._device.read(sql, (*values, wanted.limit))]

    def one(self, receipt_id: str) -> bytes:
        """The JSON of one receipt."""
        self._settle_if_possible()
        rows = self._device.read("SELECT json FROM links WHERE id = ?", (receipt_id,))
        if not rows:
            raise NotFound("No such receipt.")
        content: bytes = rows[0][0]
        return content

    def _settle_if_possible(self) -> None:
        """A full disk keeps receipts in the journal; those in the database can still be read."""
        with contextlib.suppress(StorageFull):
            self.settle()

    def hash_at(self, n: int) -> str:
        """The hash of the link at a position of the database."""
        rows = self._device.read("SELECT hash FROM links WHERE n = ?", (n,))
        return rows[0][0] if rows else ""

    def chain(self, last: int) -> Iterator[bytes]:
        """The JSON of every link up to a position."""
        for row in self._device.rows("SELECT json FROM links WHERE n <= ? ORDER BY n", (last,)):
            yield row[0]

    def body_key(self, receipt_id: str) -> bytes:
        """The key of a receipt's bodies."""
        self._settle_if_possible()
        rows = self._device.read("SELECT key FROM receipt_keys WHERE id = ?", (receipt_id,))
        return rows[0][0] if rows else b""

    def forget_key(self, receipt_id: str) -> None:
        """Destroy a key: in the database, in SQLite's log and in the journal."""
        self.settle()
        with self._device.write() as connection:
            connection.execute("DELETE FROM receipt_keys WHERE id = ?", (receipt_id,))
        with self._settling:
            self._rotate()
        self._device.truncate_log()

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[bytes]:
        """While this lasts no receipt reaches the database (requests go on, in the journal). Yields the head."""
        self.settle()
        with self._settling:
            yield self.head()

    def close(self) -> None:
        """Bring everything into the database and stop. Records still open stay so until the next start."""
        self._stopping = True
        self._wake.set()
        self._flusher.join()
        try:
            self.settle()
            self._journal.sync()
        except SampanError:
            log.warning("receipts stay in the journal until the next start")
        self._journal.close()
