"""Mainland travel permits: 回鄉證 (H or M and eight or ten digits), 台胞證 (eight digits), permits to Hong Kong and Macau (C, W).

Source: National Immigration Administration, forms of the permit since 1999 and 2013.
"""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "home_return_permit", "1.0"

_FORM = Form(
    number(r"[HM][ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{2})?|[CWT][A-Z]?[ -]?\d{7,8}|\d{8}(?:\d{2})?", re.IGNORECASE), score=0.9
)

_ON_THE_CARD = number(r"[HM]\d{8}(?:\d{2})?")
_HEAD = re.compile(r"通行證|通行证|回鄉|回乡|往來內地|往来内地|home return|mainland travel", re.IGNORECASE)
_BACK = 160
"""Characters before the number in which the card's head may stand."""


def _alone(text: str, place: int) -> Finding | None:
    """The number of a card that was copied line by line."""
    match = _ON_THE_CARD.match(text, place)
    if match is None or not _HEAD.search(text, max(0, place - _BACK), place):
        return None
    return finding(text, match.span(), Kind.HOME_RETURN_PERMIT, 0.85)


RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [Named(Kind.HOME_RETURN_PERMIT, strong(Kind.HOME_RETURN_PERMIT), _FORM)],
    Alone([Trigger("[^A-Za-z0-9][HM][0-9]{8}", skip=1)], _alone),
)
