"""Numbers that a word names: behind it, before it, below it, and whose word it is."""

import re

import pytest

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import Names, strong
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger

PASSPORT = pattern_of("x", "1", [Named(Kind.PASSPORT, strong(Kind.PASSPORT), Form(number(r"[A-Z]\d{7,8}"), score=0.9))])


def found(text):
    return [each.text for each in PASSPORT.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("passport K1234567", ["K1234567"]),
        ("Passport Nos.: K1234567 and K7654321", ["K1234567", "K7654321"]),
        ('{"passportNumber": ["K1234567", "K7654321"]}', ["K1234567", "K7654321"]),
        ("K1234567 is the passport", ["K1234567"]),
        ("K1234567（呢本護照）", ["K1234567"]),
        ("護  照：K1234567", ["K1234567"]),
        ("passport of a very long name that goes on and on and on K1234567", []),
        ("passport. Then K1234567", []),
        ("passport\n\nK1234567", []),
        ("passport 2 K1234567", []),
        ("passport, octopus K1234567", []),
        ("order K1234567 for a passport", []),
        ("passport_no,name\nK1234567,a\n,b\nK7654321,c\n", ["K1234567", "K7654321"]),
        ("passport xK1234567", []),
        ("passport K1234567-8", []),
        ("passport", []),
    ],
)
def test_finds_exactly_these(text, expected):
    assert found(text) == expected


def test_a_form_may_ask_for_more_than_its_pattern():
    form = Form(number(r"\d{4}"), check=lambda written: written != "0000")
    pattern = pattern_of("x", "1", [Named(Kind.USER_TERM, Names("secret number"), form)])
    assert [each.text for each in pattern.find("secret number 1234! secret number 0000")] == ["1234"]


def test_what_counts_without_a_word():
    alone = Alone([Trigger("Z[0-9]")], lambda text, at: Finding(at, at + 2, Kind.USER_TERM, 1.0, text[at : at + 2]))
    pattern = pattern_of("x", "1", [Named(Kind.USER_TERM, Names("zed"), Form(re.compile("Q"))),], alone)  # fmt: skip
    assert [each.text for each in pattern.find("Z1 Z2")] == ["Z1", "Z2"]
