"""Files, read in processes of their own."""

import hashlib
import random

import pytest

from sampan.contract.files import FileText
from sampan.understand.files.frames import Outcome
from sampan.understand.files.limits import Limits
from sampan.understand.files.pool import SLOW
from sampan.understand.files.reader import Files
from tests.support import files

HKID = "A123456(3)"


@pytest.fixture(scope="module")
def reader():
    reader = Files(ocr=False)
    yield reader
    reader.close()


@pytest.mark.parametrize("name", sorted(files.every("x")))
def test_every_type(reader, name):
    found = reader.read(files.every(f"HKID {HKID}")[name], name)
    assert (found.reason, HKID in "\n".join(found.texts)) == ("", True)


@pytest.mark.parametrize("cut", range(0, 1100, 37))
def test_a_cut_pdf(reader, cut):
    assert isinstance(reader.read(files.pdf(HKID, picture=True)[:cut], ""), FileText)


@pytest.mark.parametrize("seed", range(25))
def test_a_changed_pdf(reader, seed):
    luck = random.Random(seed)
    data = bytearray(
        files.pdf(HKID, page=b"/Annots [7 0 R] ", extra=b"<< /Subtype /Widget /FT /Tx /V (x) /Rect [0 0 1 1] >>")
    )
    for _ in range(luck.randint(1, 30)):
        data[luck.randrange(len(data))] = luck.randrange(256)
    assert isinstance(reader.read(bytes(data), ""), FileText)
    assert reader.read(b"hello", "a.txt").texts == ("hello",)


def test_too_large():
    assert Files(Limits(input=10), ocr=False).read(b"x" * 11).reason == "it is larger than 0 MB"


class Looking:
    def __init__(self, outcome):
        self.outcome, self.seen = outcome, []

    def ask(self, job):
        self.seen.append(hashlib.sha256(job.data).hexdigest())
        return self.outcome

    def close(self):
        pass


def with_looking(outcome):
    reader = Files(ocr=True)
    reader.pictures = Looking(outcome)
    return reader


def test_pictures_are_looked_at():
    reader = with_looking(Outcome(texts=[HKID]))
    try:
        assert reader.read(files.png(), "a.png") == FileText("PNG picture", (HKID,))
        found = reader.read(files.docx("hello", **{"word/media/a.png": files.png()}), "a.docx")
        assert found.texts[-2:] == ("hello", HKID) or found.texts[-1] == HKID
        assert reader.pictures.seen == [hashlib.sha256(files.png()).hexdigest()] * 2
        assert reader.read(files.pdf("x", picture=True), "a.pdf").texts == ("x", HKID)
    finally:
        reader.close()


LONG = "a page with so many letters that its picture says them once more"


def test_what_a_reader_sees():
    reader = with_looking(Outcome(texts=["lines", "from the camera"], shown=[0]))
    try:
        assert reader.read(files.png(), "a.png").said == "lines"
        assert reader.read(files.pdf("x", picture=True), "a.pdf").said == "x\n\nlines"
        again = reader.read(files.pdf(LONG, picture=True), "a.pdf")
        assert (again.said, again.texts) == (LONG, (LONG, "lines", "from the camera"))
    finally:
        reader.close()


def test_what_could_be_read_of_it():
    reader = with_looking(Outcome(texts=["half"], shown=[0], reason="a line in it could not be made out"))
    try:
        found = reader.read(files.pdf("x", picture=True), "a.pdf")
        assert found.said == "x\n\nhalf"
        assert found.reason == "a picture in it cannot be read: a line in it could not be made out"
    finally:
        reader.close()


@pytest.mark.parametrize(("reason", "passing"), [("it is damaged", False), (SLOW, True)])
def test_what_cannot_be_made_out(reason, passing):
    reader = with_looking(Outcome(reason=reason))
    try:
        assert reader.read(files.png(), "a.png") == FileText("PNG picture", (), reason, passing)
        found = reader.read(files.pdf("x", picture=True), "a.pdf")
        assert (found.reason, found.passing) == (f"a picture in it cannot be read: {reason}", passing)
        assert found.said == "x"
    finally:
        reader.close()
