"""Mainland resident identity numbers, 18 characters. Source: GB 11643-1999 (ISO 7064 mod 11-2)."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.context import Words, beside
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "cn_id", "1.0"

_WORDS = Words(
    "id card, id no, id number, identity card",
    "身份證 身分證 身份证 證件 证件",
    against=("sample, example, dummy, test data", "範例 示範 樣本 例子 測試"),
)
_FORM = re.compile(
    r"([1-9]\d{5})[ -]?((?:1[89]|20)\d{2})[ -]?(0[1-9]|1[0-2])[ -]?(0[1-9]|[12]\d|3[01])[ -]?(\d{3})[ -]?([0-9Xx])(?![A-Za-z0-9])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

TRIGGERS = (
    Trigger("[^0-9][1-9][0-9]{5}[12][890][0-9]{2}[01][0-9]", skip=1),
    Trigger("[^0-9][1-9][0-9]{5}[ -][12][890][0-9]{2}[0-9 -]", skip=1),
)


def check_character(digits: str) -> str:
    """The 18th character that belongs to 17 `digits`."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def at(text: str, place: int) -> Finding | None:
    """The number that begins at `place`."""
    match = _FORM.match(text, place)
    if match is None:
        return None
    before = text[max(0, place - 3) : place]
    if before[-1:].isascii() and before[-1:].isalpha() and not (len(before) == 3 and before.isalpha()):
        return None
    if check_character("".join(match.groups()[:5])) == match.group(6).upper():
        return finding(text, match.span(), Kind.CN_ID, 1.0)
    return finding(text, match.span(), Kind.CN_ID, 0.6) if beside(text, match.span(), _WORDS) else None


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
