"""Whether two answers of one model to one question come to the same."""

import re

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
_CHOICE = re.compile(r"(?:[Aa]nswer|ANSWER|答案)\W{0,6}(?:is|係|是|為)?\W{0,4}([A-H])\b")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_SHORT = 80


def agreement(one: str, other: str) -> float | None:
    """0 (they differ) to 1 (they agree); None without a second answer.

    The last number or the choice decides where both have one; else the share of words that both use.
    """
    if not other.strip():
        return None
    for find in (_choice, _number):
        left, right = find(one), find(other)
        if left and right:
            return float(left == right)
    left_words, right_words = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    both = left_words | right_words
    return len(left_words & right_words) / len(both) if both else 1.0


def _choice(text: str) -> str:
    found = _CHOICE.findall(text)
    if found:
        return str(found[-1]).upper()
    plain = text.strip(" .()*")
    return plain.upper() if len(plain) == 1 and plain.upper() in "ABCDEFGH" else ""


def _number(text: str) -> str:
    found = _NUMBER.findall(text)
    return found[-1].replace(",", "").rstrip(".") if found else ""
