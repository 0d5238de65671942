"""Tables written as text."""

import pytest

from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import CannotRead, Reading
from sampan.understand.files.table import Rows, read_csv


def texts(text, **limits):
    reading = Reading(Limits(**limits), pictures=False)
    read_csv(text, reading)
    return reading.texts


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_headings_go_with_values(between):
    text = between.join(["name", "phone"]) + "\n" + between.join(["Ann", "91234567"]) + "\n"
    assert texts(text) == ["name\tphone\nname: Ann\tphone: 91234567"]


def test_without_headings():
    assert texts("Ann,91234567\nBob,61234567\n") == ["Ann\t91234567\nBob\t61234567"]


def test_quotes_and_line_breaks():
    assert texts('name,note\nAnn,"a,\nb"\n') == ["name\tnote\nname: Ann\tnote: a,\nb"]


def test_nothing():
    assert texts("\n\n") == []


def test_long_tables_come_in_blocks():
    assert len(texts("a,b\n" + "word,word\n" * 30_000)) > 1
    with pytest.raises(CannotRead):
        texts("a,b\n" + "word,word\n" * 30_000, chars=1000)


def test_a_field_that_is_too_long():
    with pytest.raises(CannotRead):
        texts("a,b\n" + "x" * 300, chars=200)


def test_rows_one_by_one():
    reading = Reading(Limits(), pictures=False)
    rows = Rows(reading)
    rows.add({3: "phone"})
    rows.add({3: "91234567", 5: " "})
    rows.close()
    assert reading.texts == ["phone\nphone: 91234567"]
