"""Cues of a prompt that no single word tells: length, numbers, options, negations, formulae, code, script."""

import math
import re
from collections.abc import Sequence

_OPTION = re.compile(r"\n[ \t]*\(?[A-Ea-e][.):、][ \t]*(\S.*)")
_OPTIONS = 12
_WORDS = {
    "shares": "percent percentage half third quarter twice times double triple fraction ratio average %",
    "compared": "more less fewer than older younger remain remains remaining left rest",
    "each": "each every per",
    "if": "if suppose assume assuming assumes given",
    "not": "not except least false incorrect never no t",
    "following": "following which",
    "both": "all none both neither",
    "make": "write draft make create generate design plan compose implement",
    "explain": "why explain prove derive compare analyse analyze discuss show",
    "statements": "statement statements i ii iii reason reasoning",
    "ends": ". ? ! ; 。 ？ ！ ；",
    "asked": "? ？",
    "signs": "= + * / ^ < > { } [ ] | \\",
    "formulae": "$ ∑ ∫ √ ≤ ≥ ≠ ∞ π ∈ ∀ ∃ frac sqrt sum int cdot",
    "code": "` def return import function class select void const let async elif",
    "quoted": "\" “ ” ' 「 」",
}
# none for "not": the signs are parts of many words that deny nothing (唔該, 不如, 無論)
_CHINESE = {
    "shares": "倍半%％",
    "compared": "多少比剩餘",
    "each": "每各",
    "if": "若如倘",
    "make": "寫作設擬",
    "explain": "點解證較析",
}
_GROUPS = list(_WORDS)
_WHICH = {word: _GROUPS.index(group) for group, words in _WORDS.items() for word in words.split(" ")}
_SIGNS = [(_GROUPS.index(group), tuple(signs)) for group, signs in _CHINESE.items()]
_DIGITS, _CAPITALS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ASCII = bytes(range(128))
_CANTONESE = "嘅咗喺冇唔佢哋啲嚟嗰咁乜嘢"

NAMES = (
    "length", "question", "lines", "options", "option_length", "option_spread", "option_digits", "word_length", "variety",
    "digits", "capitals", "beyond_ascii", "cantonese", "numbers", "blank", *_GROUPS,
)  # fmt: skip
"""What each number of `cues_of` is, in order."""


def cues_of(text: str, tokens: Sequence[str]) -> list[float]:
    """One number for each of `NAMES`: counts as logarithms, shares from 0 to 1. tokens: `ngrams.tokens_of(text)`."""
    options: list[str] = []
    start = len(text)
    for each in _OPTION.finditer(text):
        start = min(start, each.start())
        options.append(each[1])
        if len(options) == _OPTIONS:
            break
    lengths = [len(each) for each in options]
    size, many = 1 + len(text), 1 + len(tokens)
    raw = text.encode("utf-8", "surrogatepass")
    beyond = len(raw.translate(None, _ASCII)) / 3
    return [
        math.log1p(len(text)),
        math.log1p(start),
        math.log1p(text.count("\n")),
        float(len(options)),
        math.log1p(_mean(lengths)),
        math.log1p(_spread(lengths)),
        _mean([any(map(str.isdigit, each)) for each in options]),
        math.log1p(len(text) / many),
        len(set(tokens)) / many,
        math.log1p(len(raw) - len(raw.translate(None, _DIGITS))),
        (len(raw) - len(raw.translate(None, _CAPITALS))) / size,
        beyond / size,
        sum(map(text.count, _CANTONESE)) / size if beyond else 0.0,
        math.log1p(sum(map(str.isdigit, tokens))),
        float("__" in text),
        *map(math.log1p, _counted(text, tokens, beyond > 0)),
    ]


def _counted(text: str, tokens: Sequence[str], chinese: object) -> list[int]:
    counts = [0] * len(_GROUPS)
    for token in tokens:
        group = _WHICH.get(token)
        if group is not None:
            counts[group] += 1
    if chinese:
        for group, signs in _SIGNS:
            counts[group] += sum(map(text.count, signs))
    return counts


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _spread(values: Sequence[float]) -> float:
    middle = _mean(values)
    return math.sqrt(sum((each - middle) ** 2 for each in values) / len(values)) if values else 0.0
