"""What two models write for each other: the questions of a plan, and the answers that a small model notes to them."""

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

MOST_QUESTIONS = 6
_LONGEST_QUESTION = 300
_LONGEST_NOTE = 400
_NUMBERED = re.compile(r"^\W*(\d{1,2})[\"'`*_]*\s*(?:[:：.、)）]|\s-\s)\s*(.*)$")
_BULLET = re.compile(r"^\W*(?:\d{1,2}\s*[:：.、)）]|[-*•])?\s*")
_ANSWER = re.compile(r"^(?:answers?|答案|回答|答)\s*[:：]\s*", re.IGNORECASE)
_NOT_SAID = "answered|applicable|available|given|found|included|in this part|mention(?:ed)?|provided|say|specif(?:y|ied)|stated?"
_SAYS_NOTHING = re.compile(
    rf"^(?:none|n/?a|unknown|(?:(?:it|(?:this|the)(?: (?:part|document|text))?) )?(?:is |does |was )?not (?:{_NOT_SAID})|"
    r"no (?:answer|information|mention)|(?:這|这)?(?:部分|裏面|里面)?(?:並|并)?(?:沒有|没有|冇|未有|未|無|无)"
    r"(?:提及|提到|提供|說明|说明|資料|资料|信息|相關|相关|答案|回答)|無法回答|无法回答|不適用|不适用)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_TELLING = 3
"""Digits of a number that is looked for: shorter ones are often written as words."""
_LOOP = re.compile(r"(.{2,24}?)\1{2,}.{0,23}$")
"""A small model that goes round in circles does so to the end."""
_LIST = re.compile(r"[\d\s,.、;]+")
_HEADING = re.compile(
    r"^(?:asked in general|general (?:question|request)|一般的(?:問題|问题))\s*[:：]\s*", re.IGNORECASE
)
_QUOTES = {'"': '"', "「": "」", "“": "”", "『": "』"}
_ALIKE, _ALIKE_HAN = 14, 6
"""Characters that a line and a question begin with alike, from which on the line repeats the question."""
_COLON = re.compile(r"[^:：\n]{0,12}[:：]")
_SIGNS = " *_`\"',{}"
_SAYS_LITTLE = 60
"""Characters up to which an answer that begins with "not mentioned" says nothing else."""


def questions_of(plan: str) -> list[str]:
    """The questions of a plan, one a line; so many and so long, no more."""
    lines = (_BULLET.sub("", line).strip()[:_LONGEST_QUESTION] for line in plan.splitlines())
    asked = [line for line in lines if line and not line.endswith((":", "："))]
    return list(dict.fromkeys(asked))[:MOST_QUESTIONS]


def notes_of(said: str, questions: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(place of the question, answer) of each that was answered.

    Small models number their lines in many ways, repeat the question before its answer, go on in the next line, and write
    that there is no answer instead of nothing. To a single question they do not number at all.
    """
    found: dict[int, list[str]] = {}
    place = 0 if len(questions) == 1 else None
    for line in map(str.strip, said.splitlines()):
        numbered = _NUMBERED.match(line)
        place = _asked_again(line, questions, place)
        counts = numbered if numbered and 1 <= int(numbered[1]) <= len(questions) else None
        place = int(counts[1]) - 1 if counts else place
        if place is not None:
            found.setdefault(place, []).append(counts[2] if counts else line)
    for at, lines in found.items():
        note = _LOOP.sub(r"\1", _without_question(" ".join(lines), questions[at])[: 2 * _LONGEST_NOTE])
        if note and not _says_nothing(note) and not _counts_questions(note, at):
            yield at, note[:_LONGEST_NOTE]


def general_of(said: str) -> str:
    """A request as a small model rewrote it, without what it puts around it: a heading, quotation marks, a remark below."""
    text = _HEADING.sub("", said.strip()).strip()
    if text[:1] in _QUOTES:
        end = text.find(_QUOTES[text[0]], 1)
        text = text[1:end] if end > 0 else text[1:]
    return text.split("\n\n")[0].strip()


def _asked_again(line: str, questions: Sequence[str], place: int | None) -> int | None:
    """Which question a line without a number repeats, from its beginning on; else the one that was being answered."""
    said = _BULLET.sub("", line)
    most, at = max((_alike(said, question), -at) for at, question in enumerate(questions))
    return -at if most >= _least(said) else place


def _alike(one: str, other: str) -> int:
    """With how many characters both begin."""
    pairs = enumerate(zip(one.casefold(), other.casefold(), strict=False))
    return next((at for at, (this, that) in pairs if this != that), min(len(one), len(other)))


def _least(said: str) -> int:
    return _ALIKE_HAN if "\u3400" <= said[:1] <= "\u9fff" else _ALIKE


def made_up(note: str, piece: str) -> bool:
    """Whether an answer holds a number of three digits and more that its piece does not: small models invent sums.

    Only of pieces in Latin letters: elsewhere numbers may be written in other signs (八百, 800).
    """
    if any("\u3400" <= sign <= "\u9fff" for sign in piece):
        return False
    there = set(_plain_numbers(piece))
    return any(number not in there for number in _plain_numbers(note) if len(number) >= _TELLING)


def _plain_numbers(text: str) -> list[str]:
    return [number.replace(",", "") for number in _NUMBER.findall(normalize("NFKC", text))]


def _without_question(note: str, question: str) -> str:
    """The note without the question before it, whole or as far as a colon."""
    note, bare = note.strip(_SIGNS).lstrip(" -•"), question.rstrip("?？。. ")
    for _ in range(2):
        alike = _alike(note, bare)
        colon = _COLON.match(note, alike) if alike >= _least(note) else None
        if alike >= len(bare):
            note = note[alike:]
        elif colon:
            note = note[colon.end() :]
        note = note.lstrip(" ?？。.:：*_-")
    return _ANSWER.sub("", note).strip(_SIGNS)


def _counts_questions(note: str, at: int) -> bool:
    """Whether it is the numbers of the questions instead of an answer: `1, 2, 3`, or its own number."""
    if not _LIST.fullmatch(note):
        return False
    numbers = list(map(int, re.findall(r"\d{1,9}", note)))
    return numbers == [at + 1] or (len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)))


def _says_nothing(note: str) -> bool:
    return not any(sign.isalnum() for sign in note) or (len(note) <= _SAYS_LITTLE and bool(_SAYS_NOTHING.match(note)))
