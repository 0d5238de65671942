"""Persons that are taken back, and those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Finding, Kind
from sampan.understand.not_people import without_things

TABLE = [
    ("I got John Deere boots", "John Deere", False),
    ("two Tim Tams left", "Tim Tams", False),
    ("Ben & Jerry's is sold out", "Jerry", False),
    ("老乾媽好辣", "老乾媽", False),
    ("老干妈好辣", "老干妈", False),
    ("Ruby, Julia, Perl and Haskell", "Julia", False),
    ("Trello同Asana、Max", "Max", False),
    ("Ask John Deerevale", "John Deerevale", True),
    ("Julia and Perl", "Julia", True),
    ("Julia Chan, Perl and Haskell", "Julia Chan", True),
    ("陳大文好辣", "陳大文", True),
]


@pytest.mark.parametrize(("text", "name", "stays"), TABLE)
def test_what_is_nobody_is_taken_back(text, name, stays):
    start = text.index(name)
    found = [Finding(start, start + len(name), Kind.PERSON, 0.9, name)]
    assert without_things(text, found) == (found if stays else [])


def test_other_kinds_stay():
    found = [Finding(0, 10, Kind.ORG, 0.9, "John Deere"), Finding(11, 14, Kind.PERSON, 0.9, "Ann")]
    assert without_things("John Deere Ann", found) == found


@given(st.text(max_size=200))
def test_any_text(text):
    found = [Finding(0, len(text), Kind.PERSON, 0.9, text)]
    assert without_things(text, found) in ([], found)
