"""Whether two answers of one model to one question come to the same, and whether a second one could turn a verdict."""

import re

from sampan.decide.estimate.combine import FEATURES
from sampan.decide.estimate.odds import logit

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
_CHOICE = re.compile(r"(?:[Aa]nswer|ANSWER|答案)\W{0,6}(?:is|係|是|為)?\W{0,4}([A-H])\b")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
SHORT = 400
"""Characters up to which the words of two answers are compared: two good long ones say the same in other words."""
_NO_CONTENT = frozenset(
    re.findall(
        r"\S+",
        "the a an is are was were be it its that this these those there of to in on at for with by as and or so has have had can you "
        "we they he she do does did will would not no yes correct answer 的 是 係 嘅 了 在 喺 和 同 有 個 一 為 叫 做 即 呢 這 那 嗰 也 都 就 "
        "等 於 到 以 及 或 與",
    )
)
_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMERALS = dict(zip(_ENGLISH.split(" "), range(13), strict=True))
_NUMERALS |= dict(zip("零二三四五六七八九十", (0, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_MOST, _LEAST = FEATURES["agreement"].high, FEATURES["agreement"].low


def agreement(one: str, other: str, question: str = "") -> float | None:
    """0 (they differ) to 1 (they agree); None without a second answer, and where neither is short enough to compare.

    The choice or the last number, of those that were not in the question, decides where both have one. Else the share of
    what the shorter one says that the other says too, of words that were not in the question: those both repeat.
    """
    if not other.strip():
        return None
    given = _NUMBER.findall(question)
    for left, right in ((_choice(one), _choice(other)), (_number(one, given), _number(other, given))):
        if left and right:
            return float(left == right)
    if min(len(one), len(other)) > SHORT:
        return None
    asked = _words(question)
    left_words, right_words = _words(one), _words(other)
    new_left, new_right = left_words - asked - _NO_CONTENT, right_words - asked - _NO_CONTENT
    if not (new_left and new_right):  # what was asked holds the answer: this or that, yes or no
        both = left_words | right_words
        return len(left_words & right_words) / len(both) if both else 1.0
    return len(new_left & new_right) / min(len(new_left), len(new_right))


def could_turn(score: float, accept_at: float) -> bool:
    """Whether a second answer that agrees, or one that differs, would put a score on the other side of the line."""
    weight, line, now = FEATURES["agreement"], logit(accept_at), logit(score)
    best, worst = weight.by * (_MOST - weight.middle), weight.by * (_LEAST - weight.middle)
    return now + best >= line if score < accept_at else now + worst < line


def _words(text: str) -> set[str]:
    return {str(_NUMERALS.get(word, word)) for word in _WORD.findall(text.lower())}


def _choice(text: str) -> str:
    found = _CHOICE.findall(text)
    if found:
        return str(found[-1]).upper()
    plain = text.strip(" .()*")
    return plain.upper() if len(plain) == 1 and plain.upper() in "ABCDEFGH" else ""


def _number(text: str, given: list[str]) -> str:
    found = [number for number in _NUMBER.findall(text) if number not in given]
    return found[-1].replace(",", "").rstrip(".") if found else ""
