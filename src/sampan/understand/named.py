"""Recognisers for numbers that a word names: `學號 s1234567`, `"studentNo": "s1234567"`, a column under a heading."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from sampan.contract.labels import Finding, Kind
from sampan.understand.columns import cells
from sampan.understand.late import late
from sampan.understand.meanings import Names, nearest, said, spelled, whole
from sampan.understand.normalise import SEPARATOR
from sampan.understand.patterns import At, Pattern, Trigger, finding

REACH, BACK = 40, 28
"""Characters after a word, and before it, in which its number may stand."""
_AHEAD = 72
WIDEST = 24
"""Characters of what is in every number of a kind, at most."""
_STAND_IN = re.compile(
    r"\[[\s\\]{0,4}[A-Za-z]{2,24}(?:[\s\\_-]{1,4}[A-Za-z]{2,24}){0,2}[\s\\_-]{0,4}\d{1,9}[\s\\]{0,4}\]"
)
_SHORT = 4
_GAPS = ("", " ", "  ")
"""Forms space their labels out: `學　號`."""
_CASELESS = {"s": "ſ", "k": "\u212a", "i": "İı"}
"""What else a pattern without case takes for these letters."""
_MANY = 200
_MISSES = 5
"""Cells of a column, one after the other, that hold no number of the kind: then it is another column. So it is below another heading."""
_TAIL = re.compile(
    r"(?:(?<=[a-z])s(?![A-Za-z]))?(?:[ _-]{0,2}(?:number|num|no|nos|id|card|code|reg|cert(?:ificate)?|#|"
    r"號碼|號码|号码|編號|编号|號|号|證|证|卡|碼)"
    r"(?![a-z])\.?){0,3}",
    re.IGNORECASE,
)
_TAILS = "numberoscadegrtifi#號碼号码編编證证卡. _-"
"""Characters that `_TAIL` is made of."""
_STOP = re.compile(r"[。！？；!?;\d]|\.\s+[A-Z]|\n\s*\n|\n[^\n]*\n|" + SEPARATOR)
_REPLY = re.compile(
    r"[^。！？；!?;\d\n]{0,16}[。？?！!:：]?\s?\n\s?(?:\[[^\]\n]{1,24}\]\s?)?[^\n:：\d]{1,16}[:：][^\n\d。！？]{0,12}"
)
"""From a question's word to its answer: the next line, behind whoever speaks."""
_BETWEEN = re.compile(
    r"(?:[\s,，、:：()（）\[\]\"'「」《》=#|-]|係|是|為|呢|嗰|張|個|本|我|佢|你|嘅|的|架|部|咗|"
    r"is |was |as |my |the |your |his |her |our |their |this |a |on |for ){0,8}",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[\"']?\s{0,2}(?:[,，、/&;；]|and|or|同埋|同|及|和|或)\s{0,2}[\"']?", re.IGNORECASE)

Check = Callable[[str], bool]


class Form(msgspec.Struct, frozen=True):
    """How a number is written.

    pattern: the whole number, with what may not stand beside it. score: where a word names it.
    check: what else must hold of the text that matched. reach: how far behind its word it may stand.
    """

    pattern: re.Pattern[str]
    score: float = 0.85
    check: Check | None = None
    reach: int = REACH

    def fits(self, written: str) -> bool:
        """Whether what the pattern matched is one."""
        return self.check is None or self.check(written)


def number(inside: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern for a number that stands alone: no letter, digit or hyphenated group goes on beside it."""
    return late(rf"(?<![A-Za-z0-9@])(?<!\d[.-])(?:{inside})(?![A-Za-z0-9]|[.-]\d|,\d{{3}}(?!\d))", flags)


def _size(word: tuple[str, str]) -> int:
    return len(word[0])


class Named:
    """Looks for numbers of one kind around the words of one list.

    near: what is in every number of the kind, and much quicker to look for; at most `WIDEST` characters.
    firsts: what its words begin with.
    """

    near = re.compile(r"\d")

    def __init__(self, kind: Kind, names: Names, form: Form) -> None:
        self._kind, self._form, self.names = kind, form, names
        latin = ("[ _\\n-]{0,2}".join(map(re.escape, word.split())) for word in names.latin)
        chinese = (" {0,2}".join(map(re.escape, word)) for word in names.chinese)
        words = sorted(zip((*latin, *chinese), (*names.latin, *names.chinese), strict=True), key=_size, reverse=True)
        self._any = late("|".join(written for written, _ in words), re.IGNORECASE)
        by_first: dict[str, list[str]] = {}
        for written, word in words:
            by_first.setdefault(word[0].lower(), []).append(written)
        self._words: dict[str, re.Pattern[str]] = {}
        for first, alike in by_first.items():
            word_here = late("|".join(alike), re.IGNORECASE)
            self._words.update(dict.fromkeys(first + first.upper() + _CASELESS.get(first, ""), word_here))
        self.firsts = frozenset(self._words)
        self.triggers = tuple(_triggers(names))

    def at(self, text: str, place: int) -> list[Finding] | None:
        """Numbers that the word at `place` names: behind it, before it, or in the column below it."""
        words = self._words.get(text[place])
        word = None if words is None else words.match(text, place)
        if word is None or not whole(text, *word.span()):
            return None
        tail = _TAIL.match(text, word.end())
        end = word.end() if tail is None else tail.end()
        return self._below(text, place, end) or self._behind(text, end) or self._before(text, place)

    def _behind(self, text: str, end: int) -> list[Finding] | None:
        form = self._form
        stretch = end + form.reach
        if not self.near.search(text, end, stretch + 40):
            return None
        match = form.pattern.search(text, end, stretch + 40)
        if match is None or match.start() > stretch or not form.fits(match.group()):
            return None
        gap = text[end : match.start()]
        if (_STOP.search(gap) and not _REPLY.fullmatch(gap)) or any(kind is not self._kind for *_, kind in said(gap)):
            return None
        return [self._found(text, one) for one in self._list(text, match)]

    def _list(self, text: str, match: re.Match[str]) -> Iterator[re.Match[str]]:
        """The number, and those that follow it in a list."""
        yield match
        for _ in range(_MANY):
            comma = _NEXT.match(text, match.end())
            following = None if comma is None else self._form.pattern.match(text, comma.end())
            if following is None or not self._form.fits(following.group()):
                return
            match = following
            yield match

    def _before(self, text: str, place: int) -> list[Finding] | None:
        low = max(0, place - BACK)
        if not self.near.search(text, low, place):
            return None
        match = None
        for match in self._form.pattern.finditer(text, low, place):  # noqa: B007 - the last one counts
            pass
        if match is None or not self._form.fits(match.group()):
            return None
        if _BETWEEN.fullmatch(text, match.end(), place) is None:
            return None
        if nearest(text, match.start(), BACK) not in {None, self._kind}:
            return None
        return [self._found(text, match)]

    def _below(self, text: str, place: int, end: int) -> list[Finding] | None:
        found: list[Finding] = []
        misses = 0
        for start, stop in cells(text, place, end):
            match = self._form.pattern.search(text, start, stop)
            if match is not None and self._form.fits(match.group()):
                found.append(self._found(text, match))
                misses = 0
            else:
                misses += 1
                if misses > _MISSES or self._any.search(text, start, stop):
                    break
        return found or None

    def _found(self, text: str, match: re.Match[str]) -> Finding:
        return finding(text, match.span(), self._kind, self._form.score)


def _triggers(names: Names) -> Iterator[Trigger]:
    """Words as fixed-length patterns; one that begins with another of them needs none of its own."""
    seen: list[str] = []
    for word in sorted(names.latin, key=len):
        if any(word.startswith(shorter) and len(shorter) > _SHORT for shorter in seen):
            continue
        seen.append(word)
        for each in spelled(word):
            safe = "".join(
                char if char.isalnum() or char in " _" else f"[{char}]" if char != "-" else "[-]" for char in each
            )
            if len(each) <= _SHORT:
                yield Trigger(f"[^A-Za-z]{safe}[^A-Za-z]", skip=1, caseless=True)
                yield Trigger(f"[a-z]{safe[:1].upper()}{safe[1:]}[^a-z]", skip=1)
            else:
                yield Trigger(safe, caseless=True)
    for pair in sorted({word[:2] if len(word) > 1 else word for word in names.chinese}):
        yield from (Trigger(gap.join(pair)) for gap in (_GAPS if len(pair) > 1 else ("",)))


def _in_stand_in(text: str, place: int) -> bool:
    """Whether the word belongs to something like `[STUDENT_ID_12345]`: that is a look-alike, and masked as a whole."""
    bracket = text.rfind("[", max(0, place - BACK), place)
    return bracket >= 0 and (match := _STAND_IN.match(text, bracket)) is not None and match.end() > place


class Alone(NamedTuple):
    """What counts without a word: where to look, and what decides there."""

    triggers: Sequence[Trigger]
    at: At


def _heading(named: Sequence[Named]) -> re.Pattern[str]:
    """One of the words, and how the cell of a heading goes on behind it: any `cells` looks below is found by this."""
    words = (word for each in named for word in (*each.names.latin, *each.names.chinese))
    letters = sorted({*"".join(words), *_TAILS, "\n"})
    return late(rf"[{re.escape(''.join(letters))}]{{1,96}}[ \"'`*_)\]]{{0,4}}[\n\r\t|,;)]", re.IGNORECASE)


def pattern_of(name: str, version: str, named: Sequence[Named], alone: Alone | None = None) -> Pattern:
    """A recogniser out of several `Named` with the same `near`, tried in order, then of what counts without a word."""
    triggers = dict.fromkeys(trigger for each in named for trigger in each.triggers)
    if alone is not None:
        triggers.update(dict.fromkeys(alone.triggers))

    near, heading = named[0].near, _heading(named)
    by_first: dict[str, list[Named]] = {}
    for each in named:
        for first in each.firsts:
            by_first.setdefault(first, []).append(each)

    def named_at(text: str, place: int) -> list[Finding] | None:
        begin_so = by_first.get(text[place])
        if begin_so is None:
            return None
        if not (near.search(text, max(0, place - BACK), place + _AHEAD + WIDEST) or heading.match(text, place)):
            return None
        for each in begin_so:
            if found := each.at(text, place):
                return found
        return None

    def at(text: str, place: int) -> Finding | list[Finding] | None:
        found = named_at(text, place) or (None if alone is None else alone.at(text, place))
        return None if found is None or _in_stand_in(text, place) else found

    return Pattern(name, version, tuple(triggers), at)
