import io
import tarfile

import pytest

from sampan.contract.errors import Corrupt, NotFound
from sampan.settings import archive, paths, prepare


def a_home(folder):
    home = paths({"SAMPAN_HOME": str(folder)})
    prepare(home)
    return home


@pytest.fixture
def home(tmp_path):
    made = a_home(tmp_path / "home")
    (made.config / "sampan.toml").write_text("# mine\n")
    (made.data / "store.db").write_bytes(b"rows")
    (made.data / "store.db-wal").write_bytes(b"journal")
    (made.data / "models").mkdir()
    (made.data / "models" / "m.gguf").write_bytes(b"big")
    (made.state / "sampan.log").write_text("log")
    (made.run / "token").write_text("t")
    return made


def names(path):
    with tarfile.open(path) as tar:
        return sorted(tar.getnames())


def test_what_is_in_it(home, tmp_path):
    target = tmp_path / "b.tar"
    assert archive.write(home, target) == 2
    assert names(target) == ["config/sampan.toml", "data/store.db", "sampan-backup.json"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_snapshot_goes_in_for_a_database_in_use(home, tmp_path):
    (tmp_path / "snapshot").write_bytes(b"consistent")
    archive.write(home, tmp_path / "b.tar", {home.data / "store.db": tmp_path / "snapshot"})
    other = a_home(tmp_path / "other")
    archive.read(tmp_path / "b.tar", other)
    assert (other.data / "store.db").read_bytes() == b"consistent"


def test_restoring_moves_the_present_aside_and_keeps_models(home, tmp_path):
    archive.write(home, tmp_path / "b.tar")
    (home.data / "store.db").write_bytes(b"newer")
    aside = archive.read(tmp_path / "b.tar", home)
    assert (home.data / "store.db").read_bytes() == b"rows"
    assert not (home.data / "store.db-wal").exists(), "a stale journal would spoil the database"
    assert (home.data / "models" / "m.gguf").exists()
    assert (aside / "data" / "store.db").read_bytes() == b"newer"
    assert (aside / "data" / "store.db-wal").exists()


def test_a_flipped_byte_changes_nothing(home, tmp_path):
    target = tmp_path / "b.tar"
    archive.write(home, target)
    target.write_bytes(target.read_bytes().replace(b"rows", b"rowz"))
    with pytest.raises(Corrupt):
        archive.read(target, home)
    assert (home.data / "store.db-wal").exists()


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 2048])
def test_what_is_no_backup(home, tmp_path, content):
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(Corrupt):
        archive.read(tmp_path / "b.tar", home)


@pytest.mark.parametrize("name", ["data/../../evil", "/data/evil", "elsewhere/x", "data", "run/token", "config/data/x"])
def test_a_name_that_leads_out_is_refused(home, tmp_path, name):
    import msgspec

    manifest = msgspec.json.encode({"v": 1, "files": {name: archive._measure(b"x")}})
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for member, content in ((archive.MANIFEST, manifest), (name, b"x")):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(Corrupt):
        archive.read(tmp_path / "b.tar", home)
    assert not (tmp_path / "evil").exists()


def test_no_file(home, tmp_path):
    with pytest.raises(NotFound):
        archive.read(tmp_path / "none", home)


def test_a_backup_holds_no_older_ones_and_restoring_leaves_them(home):
    older = home.data / archive.BACKUPS / "backup-1.tar"
    older.parent.mkdir()
    archive.write(home, older)
    newer = older.with_name("backup-2.tar")
    assert archive.write(home, newer) == 2
    archive.read(newer, home)
    assert older.exists()
