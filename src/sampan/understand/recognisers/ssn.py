"""Social security numbers: of the United States, and the United Kingdom's national insurance number.

Source: SSA Program Operations Manual RM 10201.035 (never issued: 000, 666, 900–999, 00, 0000); HMRC NIM39110.
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.context import Words, beside
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "ssn", "1.0"

_WORDS = Words(
    "ssn, ssn no, social security, social security number, social, tax id, itin",
    "社安號 社會安全號碼 社保號",
)
_GROUPED = re.compile(r"(?!000|666|9)\d{3}([ .-])(?!00)\d{2}\1(?!0000)\d{4}(?![ .-]?\d)(?![A-Za-z0-9])")
_COMPACT = re.compile(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}(?![A-Za-z0-9])")
_INSURANCE = re.compile(
    r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]([ -]?)\d{2}\1\d{2}\1\d{2}\1[A-D](?![A-Za-z0-9])"
)
_IN_NUMBER = re.compile(r"\d[ .,-]\Z|[$#/_]\Z")

TRIGGERS = (
    Trigger("[^0-9A-Za-z][0-8][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{4}", skip=1),
    Trigger("[^0-9A-Za-z][0-8][0-9]{8}[^0-9]", skip=1),
    Trigger("[^0-9A-Za-z][A-Z]{2}[0-9]{6}[A-D]", skip=1),
    Trigger("[^0-9A-Za-z][A-Z]{2}[ -][0-9]{2}[ -][0-9]{2}[ -]", skip=1),
)


def at(text: str, place: int) -> Finding | None:
    """The number that begins at `place`."""
    if text[place].isalpha():
        match = _INSURANCE.match(text, place)
        return None if match is None else finding(text, match.span(), Kind.SSN, 0.9)
    if _IN_NUMBER.search(text[max(0, place - 2) : place]):
        return None
    match = _GROUPED.match(text, place)
    if match is not None:
        # dashes are how it is written; spaces and dots also group other numbers
        sure = match.group(1) == "-" or beside(text, match.span(), _WORDS)
        return finding(text, match.span(), Kind.SSN, 0.9) if sure else None
    match = _COMPACT.match(text, place)
    if match is None or not beside(text, match.span(), _WORDS):
        return None
    return finding(text, match.span(), Kind.SSN, 0.8)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
