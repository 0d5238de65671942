"""How old somebody is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.protect.ages import age_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("written", "age"),
    [
        ("1990-05-03", "36"), ("1990年5月3日", "36"), ("3 May 1990", "36"), ("3rd May, 1990", "36"), ("May 3, 1990", "36"),
        ("19900503", "36"), ("25/11/1990", "35"), ("24/11/1990", "36"), ("11/24/1990", "36"), ("3/5/1990", "36"),
        ("24 November 2026", "0"), ("11-02-1930", "90+"), ("1936-11-24", "90+"), ("1936-11-25", "89"),
        # two readings that do not agree (12 January, 1 December), no date, no such day, not born yet
        ("12/1/1990", ""), ("1990", ""), ("31/2/1990", ""), ("2027-01-01", ""), ("3 Foo 1990", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_what_the_date_says(written, age):
    assert age_of(written, TODAY) == age


@given(st.dates(date(1937, 1, 1), date(2026, 11, 24)))
def test_the_age_is_the_number_of_birthdays_that_were(born):
    birthdays = sum(
        (year, born.month, born.day) <= (TODAY.year, TODAY.month, TODAY.day) for year in range(born.year + 1, 2027)
    )
    assert age_of(born.isoformat(), TODAY) == age_of(born.strftime("%Y年%m月%d日"), TODAY) == str(birthdays)


@given(st.text())
def test_no_text_is_too_odd(text):
    assert isinstance(age_of(text, TODAY), str)
