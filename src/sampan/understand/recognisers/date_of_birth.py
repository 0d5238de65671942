"""Dates of birth: a date beside a word for birth, or in a person's record. Source: ISO 8601 and the ways dates are written here.

A date elsewhere is no finding, nor is a year alone.
"""

import re
from datetime import UTC, datetime

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import Names, said, strong
from sampan.understand.named import Alone, Form, Named, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "date_of_birth", "1.0"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_M, _D = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_HAN = "[〇零○一二三四五六七八九十廿卅]"
_FULL = (
    rf"{_YEAR}\s?年\s?{_M}\s?月\s?{_D}\s?[日號号]?|{_YEAR}([-/. ]){_M}\1{_D}|{_D}([-/. ]){_M}\2{_YEAR}|{_M}([-/.]){_D}\3{_YEAR}|"
    rf"{_D}(?:st|nd|rd|th)?[ -]{{0,2}}(?:of )?{_MONTH}\.?,?[ -]{{0,2}}{_YEAR}|{_MONTH}\.? {_D}(?:st|nd|rd|th)?,? {{0,2}}{_YEAR}|"
    rf"{_YEAR}[ -]{_MONTH}[ -]{_D}|(?:民國|民国)\s?\d{{1,3}}\s?年\s?{_M}\s?月\s?{_D}\s?[日號号]?|"
    rf"(?:(?:農曆|農历|农历|民國|民国)\s?)?{_HAN}{{2,4}}年{_HAN}{{1,3}}月初?{_HAN}{{1,3}}[日號号]?|"
    rf"\d\d\s?年\s?{_M}\s?月\s?{_D}\s?[日號号]?"
)
_SPACED = r"\d \d [-/.] \d \d [-/.] \d \d \d \d|\d \d \d \d [-/.年] ?(?:\d )?\d ?[-/.月] ?(?:\d )?\d(?: ?[日號号])?"
"""Forms with a box for each digit."""
_SHORT_YEAR = (
    rf"{_D}([-/.]){_M}\4\d\d|\d\d([-/.]){_M}\5{_D}|{_D}[ -]{{0,2}}{_MONTH}[ -]{{0,2}}'?\d\d|"
    rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){_YEAR}"
)
_ANY = re.compile(rf"(?<![A-Za-z0-9])(?<!\d[./-])(?:{_FULL}|{_SHORT_YEAR}|{_SPACED})(?!\d|[./-]\d)", re.IGNORECASE)
_DAY = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_M}月{_D}[日號号]|{_D}(?:st|nd|rd|th)? {_MONTH}|{_MONTH} {_D}(?:st|nd|rd|th)?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BIRTHDAY = Names("birthday, bday, b day", "生日 牛一")
_PARTY = re.compile(
    r"part(?:y|ies)|dinner|lunch|cake|gift|present|card|celebrat|book|invit|certificate|issued|飯|派對|禮物|蛋糕|卡|訂|會|聚|食|登記|證明|紙",
    re.IGNORECASE,
)
_ITEM = re.compile(_FULL, re.IGNORECASE)
_RECORD = re.compile(r"[,，、(|/\t：:]\s{0,2}\Z")
_SOMEBODY = re.compile(
    r"(?:[A-Za-z]{0,4}\d{6,10}(?:\([0-9A-Z]\))?|男|女|[MF]|[Mm]ale|[Ff]emale)\s{0,2}[,，、|/\t]\s{0,2}\Z"
)
_AFTER = re.compile(r"\s{0,2}(?:[,，、)|/\t\n。;；]|\Z)")
_OF_A_PERSON = frozenset({Kind.MEDICAL_RECORD, Kind.STUDENT_ID, Kind.HKID, Kind.PASSPORT, Kind.STAFF_ID})
_OLD = 3
"""Years from which a date in a record is taken for one of birth."""


def _year(written: str) -> int | None:
    years = [int(each) for each in re.findall(r"(?<!\d)(?:1[89]|20)\d\d|(?:1[89]|20)\d\d(?!\d)", written)]
    return years[0] if years else None


def _is_past(written: str) -> bool:
    year = _year(written)
    return year is None or year <= datetime.now(UTC).year


class _Dates(Named):
    """Dates that a word for birth names; not those of a birthday party, or on a certificate."""

    near = re.compile(rf"\d|{_HAN}年")

    def at(self, text: str, place: int) -> list[Finding] | None:
        found = super().at(text, place)
        if (
            found
            and found[0].start > place
            and found[0].start - place < 60
            and _PARTY.search(text, place + 2, found[0].start)
        ):
            return None
        return found


def _in_record(text: str, place: int) -> Finding | None:
    """A whole date, years ago, that is an item of somebody's record: `陳大文（1155123456，1998-07-14）`."""
    match = _ITEM.match(text, place)
    if match is None or not _AFTER.match(text, match.end()):
        return None
    year = _year(match.group())
    before = text[max(0, place - 40) : place]
    if year is None or year > datetime.now(UTC).year - _OLD or not _RECORD.search(before):
        return None
    words = said(before)
    named = words[-1][2] if words else None
    if named in _OF_A_PERSON or (named is None and _SOMEBODY.search(before)):
        return finding(text, match.span(), Kind.DATE_OF_BIRTH, 0.7)
    return None


_BORN = re.compile(rf"(?:{_FULL})\Z", re.IGNORECASE)
_NOT_BORN = frozenset("日效產产意活病態态字果命效鮮鲜")
"""What goes on behind 生 in another word."""
_THEN = re.compile(rf"(?<![\d./-])(?:{_FULL})[^\d\n。，,；;:：]{{1,8}}\Z", re.IGNORECASE)


def _born(text: str, place: int) -> Finding | None:
    """`1990年5月3日生`, `2019.7.15生`: the date ends with the character at `place`."""
    if text[place + 2 : place + 3] in _NOT_BORN:
        return None
    low = max(0, place - 24)
    match = _BORN.search(text[low : place + 1])
    if match is None or not _is_past(match.group()):
        return None
    return finding(text, (low + match.start(), place + 1), Kind.DATE_OF_BIRTH, 0.9)


def _came(text: str, place: int) -> Finding | None:
    """`2018年12月25日聖誕節出世`: a few words stand between the date and the verb at `place`."""
    low = max(0, place - 36)
    match = _THEN.search(text, low, place)
    if match is None or (date := _ITEM.match(text, match.start())) is None or not _is_past(date.group()):
        return None
    return finding(text, date.span(), Kind.DATE_OF_BIRTH, 0.85)


def _alone(text: str, place: int) -> Finding | None:
    if text[place + 1 : place + 2] == "生":
        return _came(text, place) if text[place] == "出" else _born(text, place)
    return _came(text, place) if text.startswith("出世", place) else _in_record(text, place)


_TRIGGERS = (
    Trigger("日生"),
    Trigger("號生"),
    Trigger("[0-9]生"),
    Trigger("出生"),
    Trigger("出世"),
    Trigger("[^0-9A-Za-z./-]19[0-9]{2}[-/.年][0-9]", skip=1),
    Trigger("[^0-9A-Za-z./-]20[01][0-9][-/.年][0-9]", skip=1),
    *(
        Trigger(f"[^0-9A-Za-z./-]{day}[-/]{month}[-/]{year}", skip=1)
        for day in ("[0-9]", "[0-9]{2}")
        for month in ("[0-9]", "[0-9]{2}")
        for year in ("19[0-9]{2}", "20[01][0-9]")
    ),
)

_NAMES = strong(Kind.DATE_OF_BIRTH)
RECOGNISER = pattern_of(
    NAME, VERSION,
    [
        _Dates(Kind.DATE_OF_BIRTH, _NAMES, Form(_ANY, score=0.9, check=_is_past, reach=32)),
        _Dates(Kind.DATE_OF_BIRTH, _BIRTHDAY, Form(_DAY, score=0.7, reach=6)),
    ],
    Alone(_TRIGGERS, _alone),
)  # fmt: skip
