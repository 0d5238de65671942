"""Hospital and medical record numbers.

Source: Hospital Authority forms (`HN12345678(9)`, appointment and case numbers), "MRN" as HL7 calls it.
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.names import strong, weak
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "medical_record", "1.0"

_HOSPITAL = r"HN[ -]?\d{8}(?:[ ]?\([0-9A-Z]\)|[A-Z])?"
_FORM = Form(
    number(
        rf"{_HOSPITAL}|[A-Z]{{1,4}}[ -]?\d{{5,10}}(?:\([0-9A-Z]\)|[A-Z])?|\d{{5,10}}(?:[-/]\d{{1,4}})?", re.IGNORECASE
    ),
    score=0.9,
)
_TELLING = Form(number(r"[A-Z]{2,3}[ -]?\d{6,9}(?:\([0-9A-Z]\)|[A-Z])?"), score=0.8, reach=24)
_ALONE = number(rf"{_HOSPITAL}|MRN[ :#-]{{1,2}}\d{{5,10}}")

_TRIGGERS = (Trigger("[^A-Za-z0-9]HN[0-9]{8}", skip=1), Trigger("[^A-Za-z0-9]HN[ -][0-9]{8}", skip=1))


def _alone(text: str, place: int) -> Finding | None:
    match = _ALONE.match(text, place)
    return None if match is None else finding(text, match.span(), Kind.MEDICAL_RECORD, 0.9)


RECOGNISER = pattern_of(
    NAME, VERSION,
    [Named(Kind.MEDICAL_RECORD, strong(Kind.MEDICAL_RECORD), _FORM), Named(Kind.MEDICAL_RECORD, weak(Kind.MEDICAL_RECORD), _TELLING)],
    Alone(_TRIGGERS, _alone),
)  # fmt: skip
