import os
import tarfile
import threading

import pytest

from sampan.contract.errors import BadRequest, Corrupt, HomeLocked, NotFound
from sampan.store.backup import backup, backup_at_rest, restore, restore_older
from sampan.store.home import lock_home
from tests.record.builders import Desk


def filled(folder, receipts=3):
    desk = Desk(folder)
    (desk.home.config / "sampan.toml").write_text("[server]\nport = 8484\n")
    for _ in range(receipts):
        desk.run()
    desk.secret = desk.store.api_keys.added("laptop")["secret"]
    return desk


def test_a_backup_made_while_running_restores_elsewhere(tmp_path):
    desk = filled(tmp_path / "a")
    busy, made = threading.Event(), []

    def work():
        while not busy.is_set():
            made.append(desk.run())

    thread = threading.Thread(target=work)
    thread.start()
    while len(made) < 20:
        pass
    told = backup(desk.store, tmp_path / "backup.tar")
    busy.set()
    thread.join()
    desk.close()
    assert told == {"path": str(tmp_path / "backup.tar"), "files": 4}
    other = Desk(tmp_path / "b")
    other.close()
    restore(tmp_path / "backup.tar", other.home)
    again = Desk(tmp_path / "b")
    report = again.query.verified()
    assert report["ok"], report
    assert report["count"] >= 23
    assert again.store.api_keys.find(desk.secret) is not None
    assert again.signer.public_key == desk.signer.public_key
    assert (again.home.config / "sampan.toml").read_text().startswith("[server]")
    assert again.run().n == report["count"] + 1
    again.close()


def test_a_backup_at_rest_holds_what_a_killed_process_left(tmp_path, monkeypatch):
    monkeypatch.setattr("sampan.store.receipts.ReceiptLog._flush_once", lambda self: None)
    desk = filled(tmp_path / "a")
    monkeypatch.undo()
    backup_at_rest(desk.home, tmp_path / "backup.tar", None)
    other = Desk(tmp_path / "b")
    other.close()
    restore(tmp_path / "backup.tar", other.home)
    again = Desk(tmp_path / "b")
    assert again.query.verified()["count"] == 3
    again.close()


def test_a_home_in_use_is_left_alone(tmp_path):
    desk = filled(tmp_path / "a")
    backup(desk.store, tmp_path / "backup.tar")
    with lock_home(desk.home.run):
        for call in (restore, restore_older):
            with pytest.raises(HomeLocked):
                call(tmp_path / "backup.tar", desk.home)
        with pytest.raises(HomeLocked):
            backup_at_rest(desk.home, tmp_path / "c.tar", None)
    desk.close()


def test_an_older_chain_comes_back_only_by_force(tmp_path):
    desk = filled(tmp_path / "a")
    backup(desk.store, tmp_path / "backup.tar")
    desk.run()
    desk.close()
    with pytest.raises(BadRequest, match=r"3.*4"):
        restore(tmp_path / "backup.tar", desk.home)
    again = Desk(tmp_path / "a")
    assert again.query.verified()["count"] == 4
    again.close()
    aside = restore_older(tmp_path / "backup.tar", desk.home)
    assert (aside / "data" / "sampan.db").exists()
    again = Desk(tmp_path / "a")
    assert again.query.verified() == {"ok": True, "count": 3, "problems": [], "head": 3}
    again.close()


def test_another_devices_backup_does_not_replace_a_chain(tmp_path):
    desk, other = filled(tmp_path / "a", 5), filled(tmp_path / "b", 2)
    backup(desk.store, tmp_path / "backup.tar")
    desk.close()
    other.close()
    with pytest.raises(BadRequest):
        restore(tmp_path / "backup.tar", other.home)


@pytest.mark.parametrize("damage", ["byte", "cut", "empty", "other"])
def test_a_damaged_backup_changes_nothing(tmp_path, damage):
    desk = filled(tmp_path / "a")
    path = tmp_path / "backup.tar"
    backup(desk.store, path)
    desk.close()
    content = bytearray(path.read_bytes())
    if damage == "byte":
        content[content.index(b"[server]") + 2] ^= 1
    path.write_bytes({"byte": content, "cut": content[: len(content) // 2], "empty": b"", "other": b"x" * 4000}[damage])
    before = {p: p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file() and "run" not in p.parts}
    with pytest.raises(Corrupt):
        restore(path, desk.home)
    assert {p: p.read_bytes() for p in before} == before


def test_no_file(tmp_path):
    desk = filled(tmp_path / "a")
    desk.close()
    with pytest.raises(NotFound):
        restore(tmp_path / "none", desk.home)


def test_journals_and_run_time_files_stay_out(tmp_path):
    desk = filled(tmp_path / "a")
    desk.recorder.open
    backup(desk.store, tmp_path / "backup.tar")
    desk.close()
    with tarfile.open(tmp_path / "backup.tar") as tar:
        names = tar.getnames()
    assert set(names) == {
        "sampan-backup.json",
        "config/sampan.toml",
        "data/master.key",
        "data/sampan.db",
        "state/receipts.head",
    }
    assert os.listdir(desk.home.run) == []
