"""Business registration and company numbers. Source: Inland Revenue Department (eight digits, branch, date, check), Companies Registry."""

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "business_registration", "1.0"

_WHOLE = r"\d{8}-\d{3}-\d{2}-\d{2}-[0-9A-Z]"
_FORM = Form(
    number(
        rf"{_WHOLE}|\d{{8}}(?:[ -]?\d{{3}})?|\d{{4}} \d{{4}}|[0-9A-HJ-NPQRTUWXY]{{2}}\d{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}|\d{{7}}"
    ),
    score=0.9,
)
_ALONE = number(_WHOLE)


def _alone(text: str, place: int) -> Finding | None:
    match = _ALONE.match(text, place)
    return None if match is None else finding(text, match.span(), Kind.BUSINESS_REGISTRATION, 0.9)


RECOGNISER = pattern_of(
    NAME, VERSION,
    [Named(Kind.BUSINESS_REGISTRATION, strong(Kind.BUSINESS_REGISTRATION), _FORM)],
    Alone([Trigger("[^0-9A-Za-z][0-9]{8}-[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9A-Z]", skip=1)], _alone),
)  # fmt: skip
