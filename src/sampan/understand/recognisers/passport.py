"""Passport numbers beside a word for one, and machine-readable zones with their check digits.

Source: Immigration Department (K, H and KJ series), National Immigration Administration (E, G, D, S, P), ICAO Doc 9303 part 4 (zone TD3).
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "passport", "1.0"

_FORM = Form(
    number(r"[A-Z]{1,2}[ -]?\d(?:[ -]?\d){5,8}[A-Z]?|\d{3}[ -]?\d{3}[ -]?\d{3}|[A-Z]\d{2}[A-Z0-9]{6}", re.IGNORECASE),
    score=0.9,
    check=lambda written: sum(char.isdigit() for char in written) >= 5,
)
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


RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [Named(Kind.PASSPORT, strong(Kind.PASSPORT), _FORM)],
    Alone([Trigger("P[A-Z<][A-Z]{3}[A-Z<]{10}")], _zone),
)
