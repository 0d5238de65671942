import os

import pytest

from sampan.contract.errors import BadRequest, Corrupt, NotFound, StorageFull, UnknownModel
from sampan.providers.local.files import Condition, ModelFiles, need_space


@pytest.fixture
def files(tmp_path):
    return ModelFiles(tmp_path / "models")


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "Mine.gguf"
    path.write_bytes(b"GGUF" + b"x" * 1000)
    return path


def test_an_own_file_is_taken_in_listed_used_and_removed(files, own):
    placed = files.add(own)
    assert placed.name == "mine"
    assert files.ls() == [placed]
    files.use("mine")
    again = ModelFiles(files.folder)
    assert (again.used, again.ls()) == ("mine", [placed])
    again.rm("mine")
    assert again.used == ""
    assert not files.target("mine").exists()
    assert own.exists()


def test_a_file_that_lies_in_the_folder_already_stays(files, own):
    target = files.target("mine")
    own.rename(target)
    content = target.read_bytes()
    placed = files.add(target)
    assert (placed.path, target.read_bytes()) == (str(target), content)
    assert files.check("mine") is Condition.READY


def test_what_is_not_gguf_is_refused(files, tmp_path):
    path = tmp_path / "x.gguf"
    path.write_bytes(b"PK\3\4" * 10)
    with pytest.raises(Corrupt, match="not a GGUF"):
        files.add(path)
    assert files.ls() == []


@pytest.mark.parametrize("name", ["../x", ".x", "a/b"])
def test_a_name_cannot_leave_the_folder(files, own, name):
    with pytest.raises(BadRequest):
        files.add(own, name)


def test_a_taken_name_and_a_missing_file_are_refused(files, own):
    files.add(own)
    with pytest.raises(BadRequest, match="already"):
        files.add(own)
    with pytest.raises(NotFound):
        files.add(own.with_name("none.gguf"))


def test_unknown_names_are_refused(files):
    for act in (files.rm, files.use, files.placed):
        with pytest.raises(UnknownModel):
            act("nobody")


def test_damage_is_noticed(files, own):
    files.add(own)
    path = files.target("mine")
    assert files.check("mine") is Condition.READY
    os.utime(path, ns=(1, 1))
    assert files.check("mine") is Condition.READY, "only the time changed"
    with path.open("r+b") as out:
        out.seek(500)
        out.write(b"y")
    os.utime(path, ns=(2, 2))
    assert files.check("mine") is Condition.DAMAGED
    with path.open("r+b") as out:
        out.truncate(100)
    assert files.check("mine") is Condition.DAMAGED
    path.unlink()
    assert files.check("mine") is Condition.ABSENT


def test_a_broken_registry_says_so(files):
    (files.folder / "models.json").write_text("{")
    with pytest.raises(Corrupt, match=r"models\.json"):
        ModelFiles(files.folder)


def test_space_is_checked_with_sizes(tmp_path):
    with pytest.raises(StorageFull, match=r"1,000,000,067 MB .* free"):
        need_space(tmp_path, 10**15)
