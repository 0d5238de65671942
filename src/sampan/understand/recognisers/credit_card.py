"""Payment card numbers. Source: ISO/IEC 7812 (Luhn), issuer ranges as published by the card schemes."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import Names
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "credit_card", "1.0"

_RUN = re.compile(r"\d(?:[ .-]{0,2}\d){12,18}", re.ASCII)
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_BETWEEN = {ord(char): None for char in " .-"}
_ISSUERS = (
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"4"), (16, 19, 13)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"62|81"), (16, 19, 18, 17)),
    (re.compile(r"6011|64[4-9]|65|60|50|5[678]|63|67|6"), (16, 19, 18, 17, 13)),
    (re.compile(r"352[89]|35[3-8]"), (16, 19, 18, 17)),
    (re.compile(r"30[0-5]|309|36|38|39"), (14, 16, 19)),
)

_IN_FOURS = re.compile(r"[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}(?![A-Za-z0-9]|[ -]\d)")
_CHINESE = re.compile(r"(?:(?<![員员通書书分])卡[號号]碼?|信用卡|[扣付]賬卡|銀聯卡?)[^\d\n]{0,8}\Z")

# Longer than a telephone number with what follows it; as long as the shortest card, compiling all patterns would take a third more.
TRIGGERS = (Trigger("[^0-9][2-6][0-9 .-]{10}", skip=1),)


def luhn(digits: str) -> bool:
    """Whether the check digit at the end of `digits`, ASCII ones, holds."""
    written = digits.encode("ascii")[::-1]
    odd = written[::2]
    return (sum(odd) - ord("0") * len(odd) + sum(written[1::2].translate(_DOUBLED))) % 10 == 0


def at(text: str, place: int) -> Finding | None:
    """The card number that begins at `place`."""
    run = _RUN.match(text, place)
    if run is None or not _may_begin(text, place):
        return None
    number = run.group().translate(_BETWEEN)
    for length in _lengths(number):
        if length > len(number) or number.count(number[0], 0, length) == length or not luhn(number[:length]):
            continue
        end = _end(text, place, length)
        if not (text[end : end + 1].isalnum() and text[end : end + 1].isascii()):
            return finding(text, (place, end), Kind.CREDIT_CARD, 1.0)
    return _named(text, place)


def _named(text: str, place: int) -> Finding | None:
    """Sixteen digits right behind a Chinese word for a payment card, with a slip in them."""
    match = _IN_FOURS.match(text, place)
    if match is None or not _CHINESE.search(text, max(0, place - 14), place):
        return None
    return finding(text, match.span(), Kind.CREDIT_CARD, 0.7)


def _end(text: str, place: int, count: int) -> int:
    """Where the `count`th digit from `place` on ends."""
    end = place
    while count:
        count -= text[end].isdigit()
        end += 1
    return end


def _lengths(number: str) -> tuple[int, ...]:
    for prefix, lengths in _ISSUERS:
        if prefix.match(number):
            return lengths
    return ()


def _may_begin(text: str, place: int) -> bool:
    """After a word ("card4111…") yes; inside a hexadecimal string or a decimal number no."""
    before = text[max(0, place - 3) : place]
    if before[-1:].isascii() and before[-1:].isalpha():
        return len(before) == 3 and before.isalpha()
    return not (before[-1:] in {".", ","} and before[-2:-1].isdigit())


_GROUPS = r"\d(?:[ -]?\d){11,18}"
_CALLED = Form(number(_GROUPS), score=0.7, reach=16, check=lambda written: len(re.sub(r"\D", "", written)) >= 13)
"""Beside a word for a payment card, a wrong check digit is a slip."""
_HOLDS = Form(number(_GROUPS), score=0.9, reach=16, check=lambda written: luhn(re.sub(r"\D", "", written)))
_CARDS = Names("credit card, debit card, payment card, visa, mastercard, amex, american express")
_ANY_CARD = Names("card, cc")


class _Cards(Named):
    near = re.compile(r"\d(?:[ -]?\d){11}")


RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [
        _Cards(Kind.CREDIT_CARD, _CARDS, _CALLED),
        _Cards(Kind.CREDIT_CARD, _CARDS, _HOLDS),
        _Cards(Kind.CREDIT_CARD, _ANY_CARD, _HOLDS),
    ],
    Alone(TRIGGERS, at),
)
