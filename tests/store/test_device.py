import threading

import pytest

from sampan.contract.errors import Corrupt, StorageFull
from sampan.store import device as module
from sampan.store.device import Device, migrate, migrations
from tests.store.conftest import KEY

KEEP = "INSERT INTO responses VALUES ('s', ?, ?, 0, 0)"


def test_nothing_readable_is_on_the_disk(tmp_path, device):
    with device.write() as connection:
        connection.execute(KEEP, ("r", b"a telephone number: 9123 4567"))
    for path in tmp_path.iterdir():
        assert b"9123" not in path.read_bytes()
        assert b"SQLite format" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_another_key_does_not_open_it(tmp_path, capfd):
    Device(tmp_path / "a.db", KEY).close()
    with pytest.raises(Corrupt):
        Device(tmp_path / "a.db", b"x" * 32)
    assert capfd.readouterr().err == ""
    Device(tmp_path / "a.db", KEY).close()


@pytest.mark.parametrize("at", [0, 100, 5000])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path, at):
    path = tmp_path / "a.db"
    Device(path, KEY).close()
    content = bytearray(path.read_bytes())
    content[at : at + 20] = b"damaged damaged dama"
    path.write_bytes(content)
    with pytest.raises(Corrupt):
        one = Device(path, KEY)
        try:
            one.read("PRAGMA integrity_check")
            one.read("SELECT * FROM links")
            one.read("SELECT * FROM sqlite_schema")
        finally:
            one.close()


def test_a_failed_transaction_leaves_nothing(device):
    with pytest.raises(ZeroDivisionError), device.write() as connection:
        connection.execute(KEEP, ("r", b""))
        raise ZeroDivisionError
    assert device.read("SELECT * FROM responses") == []
    with device.write() as connection:
        connection.execute(KEEP, ("r", b""))
    assert len(device.read("SELECT * FROM responses")) == 1


def test_settings_of_every_connection(device):
    for sql, wanted in [("PRAGMA journal_mode", "wal"), ("PRAGMA synchronous", 1), ("PRAGMA foreign_keys", 1)]:
        assert device.read(sql) == [(wanted,)]


def test_migrations_are_numbered_without_gaps():
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_each_step_is_taken_once(device):
    steps = [
        *migrations(),
        (len(migrations()) + 1, "CREATE TABLE later (a)"),
        (len(migrations()) + 2, "INSERT INTO later VALUES (1)"),
    ]
    migrate(device._writer, steps)
    migrate(device._writer, steps)
    assert device.read("SELECT a FROM later") == [(1,)]
    assert device.read("PRAGMA user_version") == [(len(steps),)]


def test_a_step_that_fails_leaves_nothing_of_itself(device):
    number = len(migrations()) + 1
    with pytest.raises(module.sqlite.Error):
        migrate(device._writer, [(number, "CREATE TABLE half (a); CREATE TABLE half (a);")])
    assert device.read("SELECT name FROM sqlite_schema WHERE name = 'half'") == []
    assert device.read("PRAGMA user_version") == [(number - 1,)]


def test_a_store_of_a_newer_sampan_is_left_alone(tmp_path):
    one = Device(tmp_path / "a.db", KEY)
    one._writer.execute("PRAGMA user_version = 999")
    one.close()
    with pytest.raises(Corrupt, match="999"):
        Device(tmp_path / "a.db", KEY)


def test_a_full_disk_is_called_full(device):
    pages = device.read("PRAGMA page_count")[0][0]
    device._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFull), device.write() as connection:
        connection.execute(KEEP, ("big", bytes(100_000)))
    device._writer.execute("PRAGMA max_page_count = 1000000")
    with device.write() as connection:
        connection.execute(KEEP, ("big", bytes(100_000)))


def test_readers_and_writers_at_once(device):
    seen, failures = [], []

    def read():
        try:
            seen.extend(device.read("SELECT count(*) FROM responses")[0][0] for _ in range(60))
        except Exception as error:
            failures.append(error)

    def write(name):
        try:
            for number in range(30):
                with device.write() as connection:
                    connection.execute(KEEP, (f"{name}{number}", b""))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    threads += [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(seen) == 240
    assert device.read("SELECT count(*) FROM responses") == [(90,)]


def test_rows_come_from_one_view(device):
    with device.write() as connection:
        connection.executemany(KEEP, [(str(n), b"") for n in range(10)])
    rows = device.rows("SELECT id FROM responses")
    next(rows)
    with device.write() as connection:
        connection.execute("DELETE FROM responses")
    assert len(list(rows)) == 9


def test_a_snapshot_is_whole_and_encrypted(tmp_path, device):
    with device.write() as connection:
        connection.execute(KEEP, ("r", b"secret text"))
    device.snapshot(tmp_path / "copy.db")
    assert b"secret" not in (tmp_path / "copy.db").read_bytes()
    copy = Device(tmp_path / "copy.db", KEY)
    assert copy.read("SELECT body FROM responses") == [(b"secret text",)]
    copy.close()


def test_what_was_deleted_is_gone_from_the_log(tmp_path, device):
    device.truncate_log()
    assert (tmp_path / "sampan.db-wal").stat().st_size == 0
    device.make_durable()
