"""What hyperscan compiled, kept in a file."""

import pytest

from sampan.understand.compiled import database

hyperscan = pytest.importorskip("hyperscan")
ONE, OTHER = [b"ab[0-9]"], [b"cd"]


def ends(made, text):
    found = []
    made.scan(
        text,
        match_event_handler=lambda which, _start, end, *_: found.append((which, end)),
        scratch=hyperscan.Scratch(made),
    )
    return found


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_without_a_folder_it_is_compiled(tmp_path):
    assert ends(database(hyperscan, ONE, [0], None), b"xab1") == [(0, 4)]
    assert files(tmp_path) == []


def test_the_second_one_is_read_from_the_file_of_the_first(tmp_path, monkeypatch):
    database(hyperscan, ONE, [0], tmp_path)
    monkeypatch.setattr(hyperscan, "Database", None)
    assert ends(database(hyperscan, ONE, [0], tmp_path), b"xab1") == [(0, 4)]


def test_the_file_is_its_owners_only(tmp_path):
    database(hyperscan, ONE, [0], tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_other_patterns_and_other_flags_take_its_place(tmp_path):
    seen = set()
    for expressions, flags in ((ONE, 0), (OTHER, 0), (ONE, hyperscan.HS_FLAG_CASELESS)):
        database(hyperscan, expressions, [flags], tmp_path)
        assert len(files(tmp_path)) == 1
        seen.update(files(tmp_path))
    assert len(seen) == 3
    assert ends(database(hyperscan, ONE, [hyperscan.HS_FLAG_CASELESS], tmp_path), b"AB1") == [(0, 3)]


@pytest.mark.parametrize(
    "damage", [lambda raw: b"", lambda raw: raw[:100], lambda raw: raw[:-9] + b"xxxxxxxxx", lambda raw: b"z" * len(raw)]
)
def test_a_damaged_file_is_not_believed_and_is_written_anew(tmp_path, damage):
    database(hyperscan, ONE, [0], tmp_path)
    (path,) = tmp_path.iterdir()
    good = path.read_bytes()
    path.write_bytes(damage(good))
    assert ends(database(hyperscan, ONE, [0], tmp_path), b"xab1") == [(0, 4)]
    assert path.read_bytes() == good


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    assert ends(database(hyperscan, ONE, [0], tmp_path / "none"), b"xab1") == [(0, 4)]
    assert files(tmp_path) == []
