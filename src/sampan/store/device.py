"""The device's database: SQLite in WAL mode, encrypted whole (SQLCipher), migrations forward only."""

import contextlib
import os
import queue
import re
import threading
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import sqlcipher3

from sampan.contract.errors import Corrupt, SampanError, StorageFull

sqlite: Any = sqlcipher3  # the package fills itself at import time; no checker sees into it
FILE = "sampan.db"
_READERS = 4
# primary result codes: https://www.sqlite.org/rescode.html
_IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB, _READONLY = 10, 11, 13, 14, 26, 8


class Device:
    """One writing connection behind a lock, a few reading ones beside it. Safe to use from any thread."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open or create the database and bring it to the newest version.

        Args:
            path: the database file; created with mode 0600.
            key: 32 bytes.

        Raises:
            Corrupt: wrong key, damaged file, or written by a newer Sampan. StorageFull: no room.
        """
        self.path, self._key = path, key
        self._lock = threading.RLock()
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._writer = self._connect()
        try:
            with _errors(path):
                migrate(self._writer)
        except SampanError:
            self._writer.close()
            raise

    def _connect(self) -> Any:
        with _errors(self.path):
            connection = sqlite.connect(str(self.path), isolation_level=None, check_same_thread=False, timeout=10)
            try:
                connection.execute("PRAGMA cipher_log_level = NONE")
                connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA temp_store = MEMORY")
            except BaseException:
                connection.close()
                raise
            return connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Any]:
        """A transaction: committed at the end, rolled back on any error.

        Raises:
            StorageFull: no room; nothing of it was kept. Corrupt: the file is damaged.
        """
        with self._lock, _errors(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, from a connection that no writer blocks."""
        return list(self.rows(sql, values))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query one by one, all from one consistent view."""
        with _errors(self.path):
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = self._connect()
            cursor = connection.cursor()
            try:
                yield from cursor.execute(sql, values)
            finally:
                cursor.close()
                self._put_back(connection)

    def _put_back(self, connection: Any) -> None:
        if self._idle.qsize() < _READERS:
            self._idle.put(connection)
        else:
            connection.close()

    def make_durable(self) -> None:
        """Everything committed so far survives a power cut when this returns."""
        log = self.path.with_name(self.path.name + "-wal")
        for path in (log, self.path):
            if path.exists():
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def truncate_log(self) -> None:
        """Fold SQLite's own log into the database, so that deleted content is in neither."""
        with self._lock, _errors(self.path):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def snapshot(self, target: Path) -> None:
        """Write a consistent copy, encrypted under the same key, while others go on writing."""
        with _errors(self.path):
            connection = self._connect()
            try:
                connection.execute("VACUUM INTO ?", (str(target),))
            finally:
                connection.close()

    def close(self) -> None:
        """Close every connection; the last one folds the log into the database."""
        with self._lock:
            while not self._idle.empty():
                self._idle.get_nowait().close()
            self._writer.close()


def migrations() -> list[tuple[int, str]]:
    """`(number, SQL)` of each step, in order."""
    folder = resources.files("sampan.store") / "migrations"
    found = [(re.match(r"(\d{4})_\w+\.sql$", entry.name), entry) for entry in folder.iterdir()]
    return sorted((int(match[1]), entry.read_text(encoding="utf-8")) for match, entry in found if match)


def migrate(connection: Any, steps: list[tuple[int, str]] | None = None) -> None:
    """Take each step that the database has not taken, one transaction a step.

    Raises:
        Corrupt: a newer Sampan wrote this database.
    """
    steps = migrations() if steps is None else steps
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    newest = steps[-1][0] if steps else 0
    if version > newest:
        raise Corrupt(
            f"The store is at version {version}; this Sampan knows versions up to {newest}.",
            hint="Install the newer Sampan again, or restore a backup of the older one.",
        )
    for number, sql in steps:
        if number > version:
            try:
                connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\n;PRAGMA user_version = {number};\nCOMMIT;")
            except sqlite.Error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Say what SQLite's errors mean."""
    try:
        yield
    except sqlite.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {_NOTADB, _CORRUPT}:
            raise Corrupt(
                f"The store cannot be read: {path.name} is damaged, or its key is another one.",
                hint="Restore a backup with `sampan restore`; nothing was changed.",
            ) from error
        if code in {_FULL, _IOERR, _CANTOPEN, _READONLY}:
            raise StorageFull(f"The store could not be written: {path.name}.") from error
        raise
