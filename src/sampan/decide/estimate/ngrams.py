"""Text as rows of hashed tables: words and pairs of words, characters and pairs of characters of Chinese.

Training and running use exactly this code. A row tells a word as little as a hash of 13 bits does: several share it.
"""

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache

BUCKETS = 1 << 13
MOST = 400
"""Distinct rows kept of one text."""
HEAD, TAIL = 3000, 1500
"""Characters read at the beginning and the end; what lies between is not looked at."""

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W\d_{_HAN}]+|\d+|[^\w\s]")
_HAN_RUN = re.compile(rf"[{_HAN}]")
_LONGEST = 24


def window(text: str) -> str:
    """The beginning and the end of a long text, the whole of a short one."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def tokens_of(text: str) -> list[str]:
    """Runs of Chinese, of letters, of digits, and single signs, in small letters. text: at most `window` long."""
    return _TOKEN.findall(text.lower())


def rows_of(tokens: Sequence[str]) -> list[int]:
    """The distinct rows of a text, in the order of their first appearance."""
    found: dict[int, None] = {}
    before = ""
    for token in tokens:
        for row in _token(token):
            found[row] = None
        found[_pair(before, token)] = None
        before = token
        if len(found) >= MOST:
            break
    return list(found)[:MOST]


def _row(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % BUCKETS


@lru_cache(maxsize=16384)
def _token(token: str) -> tuple[int, ...]:
    if _HAN_RUN.match(token):
        singles = [_row(each) for each in token[:64]]
        return (*singles, *(_row(token[at : at + 2]) for at in range(min(len(token), 64) - 1)))
    if token.isdigit():
        return (_row(f"digits{min(len(token), 5)}"), _row(token[:_LONGEST]))
    if len(token) < 5:
        return (_row(token),)
    return (_row(token[:_LONGEST]), _row(f"{token[:4]}-"), _row(f"-{token[-3:]}"))


@lru_cache(maxsize=32768)
def _pair(before: str, token: str) -> int:
    return _row(f"{before[-8:]} {token[:8]}")
