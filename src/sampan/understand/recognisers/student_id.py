"""Student numbers. Source: forms that Hong Kong's universities and schools print on cards (s1234567, 1155123456, 3035123456, 20123456D)."""

from sampan.contract.labels import Kind
from sampan.understand.named import Form, Named, number, pattern_of
from sampan.understand.names import strong, weak

NAME, VERSION = "student_id", "1.0"

_FORM = Form(number(r"[A-Za-z]{0,3}[ -]?\d{5,10}[A-Za-z]?|[A-Za-z]{1,3}\d{2}[A-Z-]{1,4}\d{3,6}|\d{4}[-/]\d{3,6}"), score=0.9)
_TELLING = Form(number(r"[sS]\d{7,8}|1155\d{6}|3035\d{6}|[12]\d{7}[A-Za-z]"), score=0.8, reach=24)

RECOGNISER = pattern_of(
    NAME, VERSION,
    [Named(Kind.STUDENT_ID, strong(Kind.STUDENT_ID), _FORM), Named(Kind.STUDENT_ID, weak(Kind.STUDENT_ID), _TELLING)],
)  # fmt: skip
