"""Taiwan identity numbers `A123456789` and resident certificates.

Source: check digit as the Ministry of the Interior uses it (weights 1, 9, 8 … 1, 1).
"""

from sampan.contract.labels import Finding, Kind
from sampan.understand.context import Words, meaning
from sampan.understand.named import number
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "tw_id", "1.0"

_WORDS = Words(
    "taiwan id, taiwanese id, national id, identity card, id card, id no, id number, arc",
    "身份證 身分證 身份证 統一證號 居留證",
    against=(
        "order, order no, invoice, sku, part no, model, serial, tracking, ref, batch",
        "訂單 單號 型號 貨號 料號 序號 零件 發票",
    ),
)
_FORM = number(r"[A-Za-z][1289A-Da-d]\d{8}")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""In the order of their values, which begin at 10."""
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)

TRIGGERS = (Trigger("[^A-Za-z0-9][A-Za-z][1289A-Da-d][0-9]{8}[^A-Za-z0-9]", skip=1),)


def holds(written: str) -> bool:
    """Whether the check digit holds."""
    area = str(_LETTERS.index(written[0]) + 10)
    second = written[1] if written[1].isdigit() else str(_LETTERS.index(written[1]) % 10)
    return (
        sum(int(digit) * weight for digit, weight in zip(area + second + written[2:], _WEIGHTS, strict=True)) % 10 == 0
    )


def at(text: str, place: int) -> Finding | None:
    """The number that begins at `place`."""
    match = _FORM.match(text, place)
    if match is None:
        return None
    named = meaning(text, match.span(), _WORDS)
    if named >= 0 and holds(match.group().upper()):
        return finding(text, match.span(), Kind.TW_ID, 1.0)
    return finding(text, match.span(), Kind.TW_ID, 0.6) if named > 0 else None


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
