"""Hardware addresses of network cards. Source: IEEE 802, the three ways to write an EUI-48."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "mac", "1.0"

_FORM = re.compile(
    r"(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![A-Za-z0-9]|\1)|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![A-Za-z0-9]|\.)"
)

TRIGGERS = (
    Trigger("[^0-9A-Za-z:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]", skip=1),
    Trigger(r"[^0-9A-Za-z.][0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}", skip=1),
)


def at(text: str, place: int) -> Finding | None:
    """The address that begins at `place`. All zeros or all ones is nobody's, and digits alone are a time or a date."""
    match = _FORM.match(text, place)
    if match is None:
        return None
    digits = re.sub(r"[^0-9A-Fa-f]", "", match.group()).lower()
    if digits in {"0" * 12, "f" * 12} or (digits.isdigit() and match.group(1) is None):
        return None
    return finding(text, match.span(), Kind.MAC, 0.9)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
