"""Numbers that a word names: behind it, before it, below it, and whose word it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import Names, strong
from sampan.understand.named import WIDEST, Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger
from sampan.understand.recognisers import (
    bank_account,
    coordinates,
    credit_card,
    date_of_birth,
    phone,
    staff_id,
)

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


NEAR = [
    (credit_card._Cards, credit_card._CALLED), (credit_card._Cards, credit_card._HOLDS), (bank_account._Accounts, bank_account._ACCOUNT),
    (bank_account._Accounts, bank_account._SORT_CODE), (bank_account._Accounts, bank_account._TELLING),
    (Named, phone._CALLED), (Named, staff_id._FORM), (Named, coordinates._NAMED_PAIR),
    (date_of_birth._Dates, Form(date_of_birth._ANY)), (date_of_birth._Dates, Form(date_of_birth._DAY)),
]  # fmt: skip


@pytest.mark.parametrize(("named", "form"), NEAR, ids=lambda each: getattr(each, "__name__", None))
@given(data=st.data())
def test_what_is_near_is_in_every_number_of_the_kind(named, form, data):
    text = data.draw(st.from_regex(re.compile(form.pattern.pattern, re.IGNORECASE | re.ASCII)))
    match = form.pattern.search(text)
    if match is not None and form.fits(match.group()):
        near = named.near.search(match.group())
        assert near is not None and len(near.group()) <= WIDEST


@pytest.mark.parametrize(
    "heading", ["Passport", "PASSPORT NO.", "passport card #", "護照號碼", "passport_number", "Passport **"]
)
def test_a_heading_is_looked_below_however_far_the_first_number_stands(heading):
    rows = "".join(f"K123456{n},{'x' * 90},b\n" for n in range(3))
    assert found(f"{heading},{'name ' * 20},x\n{rows}") == ["K1234560", "K1234561", "K1234562"]
