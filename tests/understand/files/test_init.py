"""The two ways in."""

import pytest

from sampan.contract.errors import Unreadable
from sampan.understand.files import read_bytes, read_path, read_texts
from tests.support import files


def test_in_memory_and_on_disk(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(files.docx("hello"))
    assert read_texts(path) == read_path(str(path)) == read_bytes(path.read_bytes(), "a.docx") == ["hello"]


def test_a_reason(tmp_path):
    with pytest.raises(Unreadable, match="The text file cannot be read: it is declared as PDF"):
        read_bytes(b"hello", "a.pdf")
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(41_000_000)
    with pytest.raises(Unreadable, match="larger"):
        read_texts(path)
    with pytest.raises(OSError):
        read_texts(tmp_path / "none")
