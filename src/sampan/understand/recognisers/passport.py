"""Passport numbers beside a word for one, and machine-readable zones with their check digits.

Source: Immigration Department (K, H and KJ series), National Immigration Administration (E, G, D, S, P), ICAO Doc 9303 part 4 (zone TD3).
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import nearest, strong
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "passport", "1.0"

_FORM = Form(
    number(
        r"(?:[A-Z]{1,2}-?|(?-i:[A-Z]{1,2}) )\d(?:[ -]?\d){5,8}[A-Z]?|\d{3}[ -]?\d{3}[ -]?\d{3}|\d{8}|"
        r"[A-Z]\d{2}[A-Z0-9]{6}|\d{2}[A-Z]{2}\d{5}",
        re.IGNORECASE,
    ),
    score=0.9,
    check=lambda written: sum(char.isdigit() for char in written) >= 5,
)
_TELLING = number(r"K\d{8}|KJ\d{7}|H[A-Z]?\d{8}|[EG]\d{8}|E[A-Z]\d{7}")
_TRAVEL = re.compile(
    r"證件|证件|簽證|签证|入境|出境|國籍|国籍|機票|机票|航班|旅客|酒店|護照|护照|"
    r"\b(?:check-?in|visa|immigration|nationality|passengers?|pax|flight|booking|doc|travel|hotel|guest|passport)\b",
    re.IGNORECASE,
)
_AROUND = 64
_ZONE = re.compile(
    r"P[A-Z<][A-Z]{3}[A-Z<]{39}\s{0,2}([A-Z0-9<]{9})(\d)[A-Z<]{3}(\d{6})(\d)[MFX<](\d{6})(\d)[A-Z0-9<]{14}[0-9<]\d"
)
_WEIGHTS = (7, 3, 1)


def check_digit(field: str) -> str:
    """Of a field of a machine-readable zone (Doc 9303 part 3, 4.9)."""
    values = (0 if char == "<" else int(char, 36) for char in field)
    return str(sum(value * _WEIGHTS[at % 3] for at, value in enumerate(values)) % 10)


def _zone(text: str, place: int) -> Finding | None:
    match = _ZONE.match(text, place)
    if match is None:
        return None
    fields = match.groups()
    holds = all(check_digit(field) == digit for field, digit in zip(fields[::2], fields[1::2], strict=True))
    return finding(text, match.span(), Kind.PASSPORT, 1.0 if holds else 0.8)


def _alone(text: str, place: int) -> Finding | None:
    """A machine-readable zone; a number of Hong Kong's or the mainland's form where the talk is of travel."""
    match = _TELLING.match(text, place)
    if match is None:
        return _zone(text, place)
    if nearest(text, place) not in {None, Kind.PASSPORT}:
        return None
    if not _TRAVEL.search(text, max(0, place - _AROUND), match.end() + _AROUND):
        return None
    return finding(text, match.span(), Kind.PASSPORT, 0.8)


RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [Named(Kind.PASSPORT, strong(Kind.PASSPORT), _FORM)],
    Alone([Trigger("P[A-Z<][A-Z]{3}[A-Z<]{10}"), Trigger("[^A-Za-z0-9][EGHK][A-Z0-9][0-9]{6}", skip=1)], _alone),
)
