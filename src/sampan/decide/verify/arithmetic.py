"""What a worked answer to a problem with numbers shows about itself: each step is computed again.

Nothing is run: an expression is read by a small parser of numbers, + - * / ^, brackets, % and "of".
"""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_WINDOW = 20_000
"""Characters of an answer and of a prompt that are looked at."""
_SAME = str.maketrans({
    "×": "*", "÷": "/", "−": "-", "–": "-", "·": "*", "＋": "+", "－": "-", "＊": "*", "／": "/", "＝": "=", "（": "(", "）": ")",
    "％": "%", "[": "(", "]": ")", "＄": "$", "£": "$", "€": "$", "¥": "$", "，": ",",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
})  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
NUMBER = re.compile(_NUMBER)
_SIDE = r"(?:[-(\s$]|\.(?=\d))*\d(?:[\d+\-*/^()%$ xX]|[.,](?=\d)|\bof\b)*"
_CHAIN = re.compile(rf"(?<![\w.])(?:{_SIDE}=\s*)+-?\s?\$?\s?(?:{_NUMBER})\s?%?")
_COMPUTES = re.compile(r"[\d)%]\s?(?:[-+*/^xX(]|of\b)\s?\$?\s?[-\d.(]")
_DOUBT = re.compile(
    r"(?i)\b(?:however|sorry|cannot|can't|actually|correct(?:ion|ed)|assum\w+|not possible|impossible|let's say|denote|solv\w+|equation|"
    r"round\w*|approximately|unknown|unclear|not enough)\b|≈|假設|無法|冇辦法|大約|方程|不過"
)
_NOTE = re.compile(r"<<([^<>]{1,160})>>")
_TOKEN = re.compile(rf"\s*(?:({_NUMBER})|(\*\*|[-+*/^()%xX]|of\b))")
_MARKED = re.compile(
    rf"(?:####|boxed\{{|(?:final )?answer(?: is|:)|答案(?:是|係|為|：|:)?)\s*\**\s*(-?\s?\$?\s?(?:{_NUMBER}))",
    re.IGNORECASE,
)
_RELATION = re.compile(
    r"(?i)%|\b(?:percent\w*|half|thirds?|quarters?|fraction|ratio|average|twice|times|more|less|fewer|than|older|younger|remain\w*|left|rest)\b|"
    r"百分|一半|倍|平均|多過|少過|比|剩|餘"
)
_PERCENT = re.compile(r"(?i)[%％]|\bpercent|百分")
_CLOSE = 0.011
"""How far a rounded result may be from the exact one, relative to it."""


class Step(NamedTuple):
    """at: where in the answer. comes: what is computed comes to. said: what the answer says. numbers: that went in.

    of_hundred: a percent sign, or a hundred, is part of it.
    """

    at: int
    comes: float
    said: float
    numbers: tuple[float, ...]
    of_hundred: bool = False


class _NoValue(Exception):
    """The expression is not one."""


def value_of(expression: str) -> float | None:
    """The number that an expression comes to; None when it is none, is too long, or divides by zero."""
    text = expression.translate(_SAME).replace("$", "")
    if len(text) > 120:
        return None
    try:
        tokens = list(_tokens(text))
        value, rest = _sum(tokens, 0)
    except (_NoValue, ZeroDivisionError, OverflowError, RecursionError):
        return None
    if rest != len(tokens) or isinstance(value, complex) or not math.isfinite(value):
        return None
    return value


def _tokens(text: str) -> Iterator[str]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _NoValue
        yield (found[1] or found[2]).replace(",", "").lower()
        at = found.end()


def _sum(tokens: list[str], at: int) -> tuple[float, int]:
    value, at = _product(tokens, at)
    while at < len(tokens) and tokens[at] in "+-":
        right, end = _product(tokens, at + 1)
        value = value + right if tokens[at] == "+" else value - right
        at = end
    return value, at


def _product(tokens: list[str], at: int) -> tuple[float, int]:
    value, at = _power(tokens, at)
    while at < len(tokens) and tokens[at] in {"*", "/", "x", "of", "("}:
        right, end = _power(tokens, at if tokens[at] == "(" else at + 1)
        value = value / right if tokens[at] == "/" else value * right
        at = end
    return value, at


def _power(tokens: list[str], at: int) -> tuple[float, int]:
    value, at = _one(tokens, at)
    if at < len(tokens) and tokens[at] in {"^", "**"}:
        right, at = _power(tokens, at + 1)
        if abs(right) > 64:
            raise _NoValue
        value **= right
    return value, at


def _one(tokens: list[str], at: int) -> tuple[float, int]:
    if at >= len(tokens):
        raise _NoValue
    token = tokens[at]
    if token in {"-", "+"}:
        value, at = _power(tokens, at + 1)
        return (-value if token == "-" else value), at
    if token == "(":
        value, at = _sum(tokens, at + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise _NoValue
    elif token[0].isdigit() or token[0] == ".":
        value = float(token)
    else:
        raise _NoValue
    at += 1
    while at < len(tokens) and tokens[at] == "%":
        value, at = value / 100, at + 1
    return value, at


def steps_of(answer: str) -> list[Step]:
    """The computed steps of an answer in order, those written as `<<3*60=180>>` and those in its sentences; none twice."""
    text = _plain(answer[:_WINDOW])
    found: dict[tuple[float, float], Step] = {}
    for each in _NOTE.finditer(text):
        _take(each[1], each.start(), found)
    for each in _CHAIN.finditer(_NOTE.sub(lambda note: " " * len(note[0]), text)):
        _take(each[0], each.start(), found)
    return sorted(found.values(), key=lambda step: step.at)


def _take(chain: str, at: int, found: dict[tuple[float, float], Step]) -> None:
    """Each pair of neighbours in `a = b = c` of which the left one computes something."""
    for left, right in pairwise(chain.split("=")):
        computed = _COMPUTES.search(left)
        comes, said = value_of(left) if computed else None, value_of(right)
        if comes is not None and said is not None:
            numbers = tuple(_numbers(left))
            hundred = "%" in left + right or 100 in numbers
            found.setdefault((round(comes, 6), round(said, 6)), Step(at, comes, said, numbers, hundred))


def _plain(text: str) -> str:
    return text.translate(_SAME).replace("\\times", "*").replace("\\div", "/").replace("\\cdot", "*").replace("\\", "")


def _numbers(text: str) -> list[float]:
    return [float(each.replace(",", "")) for each in NUMBER.findall(text)]


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _CLOSE * max(1.0, abs(one))


def final_number(answer: str) -> float | None:
    """The number an answer marks as its result (`#### 18`, `The answer is 18`, `答案係18`); None without one."""
    marked = _MARKED.findall(_plain(answer[-_WINDOW:]))
    return value_of(re.sub(r"[\s$]", "", marked[-1])) if marked else None


def _wrong(steps: list[Step]) -> int:
    return sum(not _same(step) for step in steps)


def _same(step: Step) -> bool:
    """Whether it comes to what is said; a share may be written as 0.3, 30 or 30 % where 100 goes in or percents are meant."""
    if _near(step.comes, step.said):
        return True
    return step.of_hundred and (_near(step.comes, 100 * step.said) or _near(100 * step.comes, step.said))


def features(prompt: str, answer: str) -> dict[str, float]:
    """Signs of a right or wrong answer to a problem with numbers.

    arithmetic_steps, arithmetic_wrong: steps computed, and those that do not come to what is said. answer_missing: no result
    is marked. unused_numbers: digits of the prompt that the answer never writes. unused_results: steps whose result nothing
    takes up. odd_result: negative, or a fraction where whole numbers went in. result_not_computed: no step came to the marked
    result. relations: words in the prompt that set numbers in relation (half, percent, more than). percents: whether it speaks
    of percent. doubt: words of doubt, of unknowns, of rounding. length: characters, log.
    """
    steps = steps_of(answer)
    final = final_number(answer)
    asked = set(_numbers(_plain(prompt[:_WINDOW])))
    return {
        "arithmetic_steps": float(len(steps)),
        "arithmetic_wrong": float(_wrong(steps)),
        "answer_missing": float(final is None),
        "unused_numbers": float(len(asked - set(_numbers(_plain(answer[:_WINDOW]))))),
        "unused_results": float(_unused(steps, final)),
        "relations": float(len(_RELATION.findall(prompt[:_WINDOW]))),
        "doubt": float(len(_DOUBT.findall(answer[:_WINDOW]))),
        "percents": float(bool(_PERCENT.search(prompt[:_WINDOW]))),
        "length": math.log1p(len(answer)),
        **_of_result(final, asked, steps),
    }


def _of_result(final: float | None, asked: set[float], steps: list[Step]) -> dict[str, float]:
    if final is None:
        return {"odd_result": 0.0, "result_not_computed": 0.0}
    odd = final < 0 or (final != round(final) and all(each == round(each) for each in asked))
    return {
        "odd_result": float(odd),
        "result_not_computed": float(bool(steps) and not any(_near(step.said, final) for step in steps)),
    }


def _unused(steps: list[Step], final: float | None) -> int:
    """How many steps come to what no later step takes up, and which is not the result."""
    unused = 0
    for at, step in enumerate(steps):
        wanted = [number for later in steps[at + 1 :] for number in later.numbers]
        if final is not None:
            wanted.append(final)
        unused += not any(_near(step.said, each) or _near(step.said / 100, each) for each in wanted)
    return unused
