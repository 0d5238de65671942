"""What two models write for each other: the questions of a plan, and the answers that a small model notes to them."""

import re
from collections.abc import Iterator, Sequence

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
        counts = numbered if numbered and 1 <= int(numbered[1]) <= len(questions) else None
        place = int(counts[1]) - 1 if counts else place
        if place is not None:
            found.setdefault(place, []).append(counts[2] if counts else line)
    for at, lines in found.items():
        note = _without_question(" ".join(lines), questions[at])
        if note and not _says_nothing(note):
            yield at, note[:_LONGEST_NOTE]


def _without_question(note: str, question: str) -> str:
    note = note.strip(_SIGNS)
    if note.casefold().startswith(question.casefold().rstrip("?？。. ")):
        note = note[len(question.rstrip("?？。. ")) :].lstrip(" ?？。.:：*_-")
    return _ANSWER.sub("", note).strip(_SIGNS)


def _says_nothing(note: str) -> bool:
    return not any(sign.isalnum() for sign in note) or (len(note) <= _SAYS_LITTLE and bool(_SAYS_NOTHING.match(note)))
