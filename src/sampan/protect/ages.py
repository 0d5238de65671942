"""How old somebody is who was born on a date as it is written: in figures or words, English or Chinese."""

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_YEAR_FIRST = re.compile(r"((?:18|19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_TOGETHER = re.compile(r"(?<!\d)((?:18|19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?((?:18|19|20)\d\d)(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?([A-Za-z]{3})[a-z]*\.?,?[ -]((?:18|19|20)\d\d)(?!\d)"
)
_MONTH_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? ((?:18|19|20)\d\d)(?!\d)")
_TOP = 90
"""From here on only `90+`: few people are older. Source: 45 CFR 164.514(b)(2)(i)(C), which groups ages over 89."""


def age_of(written: str, today: date) -> str:
    """`34`, `90+`, or nothing when the date cannot be told or its readings do not agree.

    3/5/1990 is read as the third of May and as the fifth of March.
    """
    ages = {_years(born, today) for born in _dates(written)}
    if len(ages) != 1:
        return ""
    years = ages.pop()
    return "" if not 0 <= years < 130 else f"{_TOP}+" if years >= _TOP else str(years)


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _dates(written: str) -> Iterator[date]:
    for year, month, day in _readings(written):
        try:
            yield date(year, month, day)
        except ValueError:  # no such day, so it is no reading
            continue


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    if found := _YEAR_FIRST.search(text) or _TOGETHER.search(text):
        year, month, day = map(int, found.groups())
        yield year, month, day
    elif found := _YEAR_LAST.search(text):
        one, two, year = map(int, found.groups())
        yield year, two, one
        yield year, one, two
    elif found := _DAY_MONTH.search(text):
        yield int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1])
    elif found := _MONTH_DAY.search(text):
        yield int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2])
