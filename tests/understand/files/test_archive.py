"""Archives stay inside their bounds, whatever they claim."""

import zipfile

import pytest

from sampan.understand.files.archive import parts, read_zip
from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading
from tests.support import files


def reading(**limits):
    return Reading(Limits(**limits), pictures=False)


def why(data, **limits):
    with pytest.raises(CannotRead) as caught:
        list(parts(data, reading(**limits)))
    return str(caught.value)


def test_parts_and_names():
    data = files.zipped({"a/": "", "a/b.txt": "hello", "c.txt": "x"})
    assert list(parts(data, reading())) == [("a/b.txt", b"hello"), ("c.txt", b"x")]
    into = reading()
    into.inner = lambda content, name: into.text(content.decode())
    read_zip(data, into)
    assert into.texts == ["hello", "x", "a/b.txt\nc.txt"]


def test_a_bomb():
    bomb = files.zipped({"a": bytes(5_000_000)})
    assert len(bomb) < 10_000
    assert why(bomb, member=1_000_000) == "a part of it is larger than 1 MB"
    many = files.zipped({str(at): bytes(600_000) for at in range(5)})
    assert why(many, unpacked=2_000_000) == "it unpacks to more than 2 MB"


def test_a_bomb_that_lies_about_its_size():
    bomb = bytearray(files.zipped({"a": bytes(5_000_000)}))
    for at in range(len(bomb) - 4):
        if bomb[at : at + 4] == (5_000_000).to_bytes(4, "little"):
            bomb[at : at + 4] = (10).to_bytes(4, "little")
    why(bytes(bomb), member=1_000_000)


def test_too_many_parts():
    assert why(files.zipped({str(at): "" for at in range(20)}), members=10) == "it has more than 10 parts"


def test_damaged_and_encrypted():
    good = files.zipped({"a.txt": "hello " * 100})
    assert why(good[: len(good) // 2]) == "a part of it is damaged"
    bad = bytearray(good)
    bad[40] ^= 0xFF
    assert why(bytes(bad)) == "a part of it is damaged"
    locked = bytearray(files.zipped({"a.txt": "hello"}, zipfile.ZIP_STORED))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(magic) + place] |= 1
    assert why(bytes(locked)) == "a part of it is encrypted"
