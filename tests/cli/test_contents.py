"""Files as texts, folders as files."""

import pytest

from sampan.cli.contents import decoded, detector_of, files_in, texts_of
from sampan.contract.errors import Unreadable
from sampan.settings import load


def test_text_is_read_as_it_is(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeff甲\r\nb".encode())
    assert texts_of(path) == ["\ufeff甲\r\nb"]


def test_what_is_no_plain_text_has_a_reader(tmp_path):
    page = tmp_path / "a.html"
    page.write_text("<p>HKID A123<b>456(3)</b></p>")
    assert "A123456(3)" in "".join(texts_of(page))
    (tmp_path / "b.bin").write_bytes(b"\x00\x01\x02")
    with pytest.raises(Unreadable):
        texts_of(tmp_path / "b.bin")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a\x00b"])
def test_what_is_no_text_is_said(data):
    with pytest.raises(Unreadable, match=r"x\.bin is not text"):
        decoded(data, "x.bin")


def test_folders_are_walked_in_order_and_tools_folders_are_not(tmp_path):
    for name in ("b/x.txt", "a/y.txt", "z.txt", ".git/config", "node_modules/m.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [(str(path.relative_to(tmp_path)), named) for path, named in files_in([tmp_path, tmp_path / "z.txt"])]
    assert found == [("z.txt", False), ("a/y.txt", False), ("b/x.txt", False), ("z.txt", True)]


def test_the_detector_knows_the_settings_words(home):
    (home.config / "sampan.toml").write_text('[privacy]\nterms = ["Project Lotus"]\n')
    assert [each.text for each in detector_of(load()).detect("about project lotus")] == ["project lotus"]
