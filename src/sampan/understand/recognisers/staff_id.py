"""Staff numbers: what stands right behind "staff no.", 員工編號 and the like. Source: no common form, so the word decides."""

from sampan.contract.labels import Kind
from sampan.understand.meanings import strong, weak
from sampan.understand.named import Form, Named, number, pattern_of

NAME, VERSION = "staff_id", "1.0"

_FORM = Form(
    number(r"[A-Za-z]{0,5}[-_/]?\d{3,10}[A-Za-z]?|[A-Z]{1,5} \d{3,8}|[A-Za-z]{1,4}-[A-Za-z]{0,4}-?\d{2,8}"),
    score=0.85,
    reach=24,
)
_TELLING = Form(number(r"[A-Z]{1,5}[-_]?\d{4,8}"), score=0.75, reach=16)

RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [Named(Kind.STAFF_ID, strong(Kind.STAFF_ID), _FORM), Named(Kind.STAFF_ID, weak(Kind.STAFF_ID), _TELLING)],
)
