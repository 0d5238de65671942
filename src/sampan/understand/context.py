"""Words near a number that say what it is. English, 繁體中文 and written Cantonese, some 简体."""

import re
from typing import NamedTuple

from sampan.understand.normalise import SEPARATOR

BEFORE, AFTER = 28, 12


class Words(NamedTuple):
    """Context words compiled to one pattern."""

    pattern: re.Pattern[str]


def words(*latin: str, chinese: str = "") -> Words:
    """Compile context words. latin: whole words, spaces match any of ` _-`; chinese: separated by spaces."""
    spaced = "|".join(re.escape(word).replace(r"\ ", "[ _-]?") for word in sorted(latin, key=len, reverse=True))
    signs = "|".join(sorted(chinese.split(), key=len, reverse=True))
    whole = f"(?<![A-Za-z])(?:{spaced})(?![A-Za-z])" if spaced else ""
    return Words(re.compile("|".join(p for p in (whole, signs) if p), re.IGNORECASE | re.ASCII))


def distance(text: str, span: tuple[int, int], among: Words) -> int:
    """Characters between `span` and the nearest of the words, before or shortly after it; 99 when there is none."""
    start, end = span
    nearest = 99
    low = max(0, start - BEFORE, text.rfind(SEPARATOR, max(0, start - BEFORE), start) + 1)
    for match in among.pattern.finditer(text, low, start):
        nearest = start - match.end()
    high = text.find(SEPARATOR, end, end + AFTER)
    after = among.pattern.search(text, end, end + AFTER if high < 0 else high)
    if after is not None:
        nearest = min(nearest, after.start() - end + 8)
    return nearest


def beside(text: str, span: tuple[int, int], among: Words) -> bool:
    """Whether one of the words stands near."""
    return distance(text, span, among) < 99
