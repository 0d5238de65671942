"""Hong Kong identity card numbers: `A123456(3)`.

Source: the check digit as the Immigration Department uses it (weights 9 to 2, a missing first letter is a space = 36, A = 10).
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.context import Words, beside
from sampan.understand.meanings import nearest
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "hkid", "1.0"

_WORDS = Words(
    "hkid, hkic, hkid no, hk id, identity card, id card, id no, id number, identity number, identification",
    "身份證 身分證 身份证 身証 身份証 身分証",
)
_GAP = r"[ \t.-]{0,2}"
_FORM = re.compile(
    rf"([A-Za-z]{{1,2}})({_GAP})(\d(?:{_GAP}\d){{5}}){_GAP}/?[ ]?(?:([(\[{{]) ?([0-9Aa]) ?[)\]}}]|([0-9Aa])(?![A-Za-z0-9]))"
)
_NO_CHECK = re.compile(r"[A-Za-z]{1,2}[ ]?(?:\d{6}|\d{3} \d{3})(?![A-Za-z0-9]|[ ]?[-.(/]?\d|[ ]?\()")
_FIRST = re.compile(r"WX|X[A-Z]|EC|[A-Z]")
"""Letters that cards begin with; others before a number without brackets and with a wrong check digit are something else's."""
_EXAMPLE = re.compile(
    r"(?:例如|譬如|比如|格式|樣本|示例|範例|(?<![\w@./-])(?:e\.?g\.?|example|such as|format|sample))[^\n\d。]{0,14}\Z",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"\D*(?:123456|000000|999999|654321|111111)")
"""Digits that forms print as an example."""
_GLUED = re.compile(r"(?:HKID|hkid|Hkid|ID|no|NO|No)\Z")

# Its letters begin a word, or stand behind one of `_GLUED`; else "card 41637595" would be looked at in every text.
TRIGGERS = tuple(
    Trigger(f"{before}[A-Za-z]{gap}[0-9][0-9 .-]{{5}}", skip=skip)
    for before, skip in (("[^A-Za-z0-9]", 1), ("[^A-Za-z0-9][A-Za-z]", 2), ("[DdOo]", 1), ("[DdOo][A-Za-z]", 2))
    for gap in ("", "[ .-]", "[ .-]{2}")
)


def check_character(letters: str, digits: str) -> str:
    """The character in brackets that belongs to `letters` (one or two, A–Z) and six `digits`."""
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters] + [int(digit) for digit in digits]
    rest = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "0A987654321"[rest]


def at(text: str, place: int) -> Finding | None:
    """The number whose last letter stands at `place`."""
    match = _match(text, place)
    if match is None:
        return _without_check(text, place)
    letters, gap, digits, bracket, inside, bare = match.groups()
    digits = re.sub(r"\D", "", digits)
    span = match.span()
    if check_character(letters.upper(), digits) != (inside or bare).upper():
        slip = _is_named(text, span) and (bracket or _FIRST.fullmatch(letters.upper()))
        return finding(text, span, Kind.HKID, 0.6) if slip and not _is_shown(text, match) else None
    # "in 202411 2" has a valid check digit one time in eleven: without brackets only the official spelling counts
    if bracket or (letters.isupper() and (not gap or gap == " ")) or beside(text, span, _WORDS):
        return finding(text, span, Kind.HKID, 1.0)
    return None


def _is_shown(text: str, match: re.Match[str]) -> bool:
    """Whether it only shows how such a number looks. Asked of wrong check digits alone: a right one is somebody's."""
    return bool(_SHOWN.match(match.group()) and _EXAMPLE.search(text, max(0, match.start() - 24), match.start()))


def _is_named(text: str, span: tuple[int, int]) -> bool:
    """Whether an identity word stands near, and no word for another number nearer."""
    return beside(text, span, _WORDS) and nearest(text, span[0]) in {None, Kind.HKID}


def _without_check(text: str, place: int) -> Finding | None:
    """Letter and six digits, the check digit left away: right behind an identity word."""
    start = place - 1 if place and text[place - 1].isascii() and text[place - 1].isalpha() else place
    if start and text[start - 1].isascii() and text[start - 1].isalnum():
        return None
    match = _NO_CHECK.match(text, start)
    if match is None or nearest(text, start, 20) is not Kind.HKID or _EXAMPLE.search(text, max(0, start - 24), start):
        return None
    return finding(text, match.span(), Kind.HKID, 0.6)


def _match(text: str, place: int) -> re.Match[str] | None:
    start = place
    while start > 0 and place - start < 6 and text[start - 1].isascii() and text[start - 1].isalnum():
        start -= 1
    prefix = text[start:place]
    if not prefix or (len(prefix) == 1 and prefix.isalpha()):
        return _FORM.match(text, start)
    if _GLUED.search(prefix):
        return _FORM.match(text, place)
    if _GLUED.search(prefix[:-1]) and prefix[-1].isalpha():
        return _FORM.match(text, place - 1)
    return None


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
