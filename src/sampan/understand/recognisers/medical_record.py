"""Hospital and medical record numbers.

Source: Hospital Authority forms (`HN12345678(9)`, appointment and case numbers), "MRN" as HL7 calls it.
"""

import re

import msgspec

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import Names, strong, weak
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "medical_record", "1.0"

_HOSPITAL = r"HN[ -]?\d{8}(?:[ ]?\([0-9A-Z]\)|[A-Z])?"
_DATE = re.compile(r"\d{1,2}[-/]\d{1,2}[-/](?:\d\d){1,2}|(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}")
_FORM = Form(
    number(
        rf"{_HOSPITAL}|[A-Z]{{1,4}}-\d{{4,10}}|(?:[A-Z]{{1,4}}-?|(?-i:[A-Z]{{1,4}}) )\d{{5,10}}(?:\([0-9A-Z]\)|[A-Z])?|"
        r"\d{5,10}(?:[-/]\d{1,4})?(?:\([0-9A-Z]\)|[A-Z])?|"
        r"[A-Z]{0,4}[-/]?\d{1,6}(?:[-/][A-Z]?\d{1,8}){1,3}(?:\([0-9A-Z]\)|-?[A-Z])?",
        re.IGNORECASE,
    ),
    score=0.9,
    check=lambda written: (
        sum(char.isdigit() for char in written) >= (4 if written[0].isalpha() else 5) and not _DATE.fullmatch(written)
    ),
)
_FILES = Names(
    "case no, case number, file no, file number, registration no, reg no, ref no",
    "個案編號 個案號碼 檔案編號 檔案號碼 登記號碼",
)
_CARE = re.compile(
    r"醫院|診所|病人|患者|病房|門診|急症|覆診|專科|護士|醫生|住院|入院|"
    r"\b(?:hospital|clinic|patient|ward|admitted|doctor|nurse|gp|a&e|outpatient|diagnos\w*|surgery)\b",
    re.IGNORECASE,
)
_AROUND = 48
_TELLING = Form(number(r"[A-Z]{2,3}[ -]?\d{6,9}(?:\([0-9A-Z]\)|[A-Z])?"), score=0.8, reach=24)
_ALONE = number(rf"{_HOSPITAL}|MRN[ :#-]{{1,2}}\d{{5,10}}")

_TRIGGERS = (Trigger("[^A-Za-z0-9]HN[0-9]{8}", skip=1), Trigger("[^A-Za-z0-9]HN[ -][0-9]{8}", skip=1))


def _alone(text: str, place: int) -> Finding | None:
    match = _ALONE.match(text, place)
    return None if match is None else finding(text, match.span(), Kind.MEDICAL_RECORD, 0.9)


class _InCare(Named):
    """Words for any file, which name a medical one where the talk is of a hospital."""

    def at(self, text: str, place: int) -> list[Finding] | None:
        if not _CARE.search(text, max(0, place - _AROUND), place + _AROUND):
            return None
        return super().at(text, place)


RECOGNISER = pattern_of(
    NAME, VERSION,
    [
        Named(Kind.MEDICAL_RECORD, strong(Kind.MEDICAL_RECORD), _FORM),
        Named(Kind.MEDICAL_RECORD, weak(Kind.MEDICAL_RECORD), _TELLING),
        _InCare(Kind.MEDICAL_RECORD, _FILES, msgspec.structs.replace(_FORM, score=0.8, reach=16)),
    ],
    Alone(_TRIGGERS, _alone),
)  # fmt: skip
