"""Whether an answer says nothing, or the same again and again."""

import zlib
from collections import Counter

_LOOKED_AT = 16_384
_LONG = 160
"""Characters below which repeating is no sign: `哈哈哈`, a list of three."""
_PACKED = 0.12
"""Share of its size that a text of people hardly ever packs to; a loop does. Chinese in UTF-8 packs a little better."""


def empty(answer: str) -> float:
    """1 where there is nothing but space and marks."""
    return float(not any(sign.isalnum() for sign in answer[:_LOOKED_AT]))


def repeating(answer: str) -> float:
    """1 where a loop fills most of the answer, else 0."""
    text = answer[-_LOOKED_AT:]
    if len(text) < _LONG:
        return 0.0
    raw = text.encode()
    if len(zlib.compress(raw, 6)) / len(raw) < _PACKED:
        return 1.0
    lines = Counter(line for line in map(str.strip, text.split("\n")) if len(line) > 8)
    most, times = lines.most_common(1)[0] if lines else ("", 0)
    return float(times >= 4 and len(most) * times > len(text) / 2)


def echo(question: str, answer: str) -> float:
    """1 where the answer is the question once more."""
    plain = ["".join(text.split()).casefold() for text in (question[:_LOOKED_AT], answer[:_LOOKED_AT])]
    return float(len(plain[0]) > 20 and plain[0] == plain[1])
