"""Names beside names: in `張敏儀、王海同志偉` what stands in the row with a person is one too."""

import re
from collections.abc import Iterator

from sampan.contract.labels import Finding, Kind
from sampan.understand import words
from sampan.understand.chinese_names import closes, is_family, is_small, opens, rare_given

_GLUE = r"(?:[ ]?[、,，/&;；][ ]?(?:\d{1,2}[.、)][ ]?)?|同埋|[同和與与跟及]|[ ]\d{1,2}[.、)][ ]?)"
_AHEAD, _BACK = re.compile(_GLUE), re.compile(rf"{_GLUE}\Z")
_LONGEST = 5
_MOST = 40
"""Names that a row is followed for."""
_SCORE = 0.7


def beside(text: str, found: list[Finding]) -> list[Finding]:
    """Persons in Chinese that stand in a row with one of `found`, and are not there yet."""
    taken = [(each.start, each.end) for each in found]
    more: list[Finding] = []
    waiting = [each for each in found if each.kind is Kind.PERSON]
    while waiting and len(more) < _MOST:
        last = waiting.pop()
        for start, end in _neighbours(text, last.start, last.end):
            if not any(start < b and a < end for a, b in taken):
                one = Finding(start, end, Kind.PERSON, _SCORE, text[start:end])
                taken.append((start, end))
                more.append(one)
                waiting.append(one)
    return more


def _neighbours(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    low = max(0, start - 16)
    window = text[low : end + 16]
    folded = words.folded(window)
    if (glue := _AHEAD.match(window, end - low)) is not None:
        first = glue.end()
        for size in (3, 2):
            if _reads_so(folded, first, first + size, glue.group()) and closes(window, folded, first + size):
                yield low + first, low + first + size
                break
    if (glue := _BACK.search(window[: start - low])) is not None:
        last = glue.start()
        for size in (3, 2):
            if (
                last >= size
                and _reads_so(folded, last - size, last, glue.group())
                and opens(window, folded, last - size)
            ):
                yield low + last - size, low + last
                break


def _reads_so(folded: str, start: int, end: int, glue: str) -> bool:
    """Whether a name of two or three characters stands there: a surname and what people are called, or a given name."""
    name = folded[start:end]
    if is_small(name[-1:]) or folded[end - 1 : end + 1] in words.common():
        return False
    if len(name) < end - start or name in words.common() or not all("\u3400" <= char <= "\u9fff" for char in name):
        return False
    given = words.given()[0] | rare_given()
    if is_family(name[0]):
        return any(char in given for char in name[1:])
    return (
        len(name) == 2
        and glue.strip() not in {",", "，", ";", "；"}
        and all(char in words.given()[0] and not is_small(char) for char in name)
    )
