"""Student numbers. Source: forms that Hong Kong's universities and schools print on cards (s1234567, 1155123456, 3035123456, 20123456D)."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import nearest, strong, weak
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "student_id", "1.0"

_FORM = Form(
    number(
        r"(?:[A-Za-z]{1,3}-?|[A-Z]{1,3} )?\d{5,10}[A-Za-z]?|[A-Za-z]{1,3}\d{2}[A-Z-]{1,4}\d{3,6}|\d{4}[-/]\d{3,6}|\d{4}-\d{2}-\d{3}"
    ),
    score=0.9,
)
_TELLING = Form(number(r"[sS]\d{7,10}|1155\d{6}|3035\d{6}|[12]\d{7}[A-Za-z]|20\d{6}(?=\))"), score=0.8, reach=24)
_SCHOOL = re.compile(
    r"[大中小]學|學號|學生|學[生位分期費系院校士籍]|同學|休學|退學|入學|畢業|校園|課程|選課|成績|功課|考試|導師|老師|圖書館|宿舍|"
    r"\b(?:students?|courses?|campus|university|college|school|exam|GPA|semester|tuition|lecturer|undergrad\w*|enrol\w*|transcript|library|thesis|tutor\w*|dorm|uid)\b",
    re.IGNORECASE,
)
_AROUND = 48


def _alone(text: str, place: int) -> Finding | None:
    """A telling form where the talk is of a school."""
    match = _TELLING.pattern.match(text, place)
    if match is None or nearest(text, place) not in {None, Kind.STUDENT_ID}:
        return None
    if not _SCHOOL.search(text, max(0, place - _AROUND), match.end() + _AROUND):
        return None
    return finding(text, match.span(), Kind.STUDENT_ID, 0.75)


_TRIGGERS = (
    Trigger("[^A-Za-z0-9][Ss][0-9]{7}", skip=1),
    Trigger("[^A-Za-z0-9]1155[0-9]{6}", skip=1),
    Trigger("[^A-Za-z0-9]3035[0-9]{6}", skip=1),
)

RECOGNISER = pattern_of(
    NAME, VERSION,
    [Named(Kind.STUDENT_ID, strong(Kind.STUDENT_ID), _FORM), Named(Kind.STUDENT_ID, weak(Kind.STUDENT_ID), _TELLING)],
    Alone(_TRIGGERS, _alone),
)  # fmt: skip
