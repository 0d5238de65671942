"""What one reading may take in."""

import pytest

from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading


def test_what_comes_in():
    reading = Reading(Limits(pictures=1), pictures=True)
    reading.text("a")
    reading.text(" \n")
    reading.picture(b"p", "it is one")
    assert (reading.texts, reading.pictures) == (["a"], [b"p"])
    with pytest.raises(CannotRead, match="more than 1 pictures"):
        reading.picture(b"p", "it is one")


@pytest.mark.parametrize(
    ("limits", "take"),
    [
        ({"chars": 3}, lambda reading: reading.text("word")),
        ({"unpacked": 3}, lambda reading: reading.unpacked(4)),
        ({"members": 0}, lambda reading: reading.member()),
        ({}, lambda reading: reading.picture(b"", "it is one")),
        ({}, lambda reading: reading.inner(b"x", "")),
    ],
)
def test_what_does_not(limits, take):
    with pytest.raises(CannotRead):
        take(Reading(Limits(**limits), pictures=False))
