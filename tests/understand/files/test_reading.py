"""What one reading may take in."""

import pytest

from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading


def test_what_comes_in():
    reading = Reading(Limits(pictures=1), pictures=True)
    reading.text("a")
    reading.text(" \n")
    reading.picture(b"p", "it is one")
    assert (reading.texts, reading.pictures, reading.missed) == (["a"], [b"p"], "")
    reading.picture(b"p", "it is one")
    assert (reading.pictures, reading.missed) == ([b"p"], "it holds more than 1 pictures")


def test_a_picture_that_nobody_looks_at():
    reading = Reading(Limits(), pictures=False)
    reading.picture(b"p", "page 1 shows a picture")
    reading.picture(b"p", "page 2 shows a picture")
    assert reading.pictures == []
    with pytest.raises(CannotRead, match="page 1"):
        reading.ended()
    assert reading.missed == "page 1 shows a picture, and text recognition (`sampan[ocr]`) is not installed"


def test_what_a_reader_sees_stands_in_its_place():
    reading = Reading(Limits(), pictures=False)
    reading.text("Author: Ann")
    reading.show("slide 10", 20)
    reading.show(" ", 1)
    reading.show("slide 2", 4)
    reading.file = 1
    reading.show("attached", 0)
    reading.file = 0
    reading.show("slide 3", 6)
    assert [reading.texts[at] for at in reading.shown] == ["slide 2", "slide 3", "slide 10", "attached"]


def test_a_page_whose_text_is_known():
    reading = Reading(Limits(), pictures=True)
    reading.picture(b"p", "it is one")
    reading.repeat(b"q")
    assert (reading.pictures, reading.repeats) == ([b"p", b"q"], {1})
    reading.ended()


@pytest.mark.parametrize(
    ("limits", "take"),
    [
        ({"chars": 3}, lambda reading: reading.text("word")),
        ({"unpacked": 3}, lambda reading: reading.unpacked(4)),
        ({"members": 0}, lambda reading: reading.member()),
        ({}, lambda reading: reading.inner(b"x", "")),
    ],
)
def test_what_does_not(limits, take):
    with pytest.raises(CannotRead):
        take(Reading(Limits(**limits), pictures=False))
