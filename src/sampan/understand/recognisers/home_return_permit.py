"""Mainland travel permits: 回鄉證 (H or M and eight or ten digits), 台胞證 (eight digits), permits to Hong Kong and Macau (C, W).

Source: National Immigration Administration, forms of the permit since 1999 and 2013.
"""

import re

from sampan.contract.labels import Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Form, Named, number, pattern_of

NAME, VERSION = "home_return_permit", "1.0"

_FORM = Form(
    number(r"[HM][ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{2})?|[CWT][A-Z]?[ -]?\d{7,8}|\d{8}(?:\d{2})?", re.IGNORECASE), score=0.9
)

RECOGNISER = pattern_of(NAME, VERSION, [Named(Kind.HOME_RETURN_PERMIT, strong(Kind.HOME_RETURN_PERMIT), _FORM)])
