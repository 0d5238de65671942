"""Bank accounts of Hong Kong: forms with bank or branch code, FPS ids, and numbers that a word calls an account.

Source: HKMA list of clearing codes, the banks' own account formats, HKICL's description of the FPS identifier (7 or 9 digits).
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import nearest, strong, weak
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "bank_account", "1.0"

_PHONE = re.compile(r"[2-9]\d{3}[ -]?\d{4}\Z")
_DATE = re.compile(r"(?:19|20)\d\d[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])\Z")


def _is_account(written: str) -> bool:
    """A telephone number and a date are not, also beside a word for an account."""
    digits = sum(char.isdigit() for char in written)
    return digits >= 7 and not _PHONE.match(written) and not _DATE.match(written)


_ACCOUNT = Form(number(r"\d(?:[ -]?\d){6,19}"), score=0.9, check=_is_account)
_SORT_CODE = Form(number(r"\d{2}-\d{2}-\d{2}"), score=0.8, reach=12)
_TELLING = Form(
    number(
        r"\d{3}[ -]\d{3}[ -]\d{3,9}(?:[ -]\d{1,3})?|\d{3}[ -]\d{6}[ -]\d{3}|\d{3}[ -]\d[ -]\d{6}(?:[ -]\d)?|\d{9,12}|0\d{13,15}"
    ),
    score=0.8,
    reach=24,
)
_ALONE = number(
    r"\d{3}-\d{6}-\d{3}|\d{3}-\d{3}-\d-\d{6}(?:-\d)?|0\d{2}-\d{3}-\d{6,9}(?:-\d{1,3})?|"
    r"0\d{2}-\d{3}-\d{1,3}-\d{5,7}(?:-\d{1,3})?|\d{3}-\d-\d{6}(?:-\d)?"
)

_TRIGGERS = (
    Trigger("[^0-9A-Za-z][0-9]{3}-[0-9]{6}-[0-9]{3}", skip=1),
    Trigger("[^0-9A-Za-z][0-9]{3}-[0-9]{3}-[0-9]-[0-9]{6}", skip=1),
    Trigger("[^0-9A-Za-z]0[0-9]{2}-[0-9]{3}-[0-9]", skip=1),
    Trigger("[^0-9A-Za-z][0-9]{3}-[0-9]-[0-9]{6}", skip=1),
)


def _alone(text: str, place: int) -> Finding | None:
    match = _ALONE.match(text, place)
    if match is None:
        return None
    if nearest(text, place) not in {None, Kind.BANK_ACCOUNT}:
        return None
    return finding(text, match.span(), Kind.BANK_ACCOUNT, 0.8)


class _Accounts(Named):
    near = re.compile(r"\d(?:[ -]?\d){5}")


_NAMES = strong(Kind.BANK_ACCOUNT)
RECOGNISER = pattern_of(
    NAME, VERSION,
    [
        _Accounts(Kind.BANK_ACCOUNT, _NAMES, _ACCOUNT),
        _Accounts(Kind.BANK_ACCOUNT, _NAMES, _SORT_CODE),
        _Accounts(Kind.BANK_ACCOUNT, weak(Kind.BANK_ACCOUNT), _TELLING),
    ],
    Alone(_TRIGGERS, _alone),
)  # fmt: skip
