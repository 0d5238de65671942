"""Text that reads like one of our stand-ins (`[PERSON_1]`), typed by a user or standing in a document."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.patterns import Pattern, Trigger, finding

NAME, VERSION = "lookalike", "1.0"

_GAP = r"[\s\\_-]{0,4}"
_KINDS = "|".join(sorted((_GAP.join(kind.value.split("_")) for kind in Kind), key=len, reverse=True))
_HINT = rf"(?:f(?:emale)?|m(?:ale)?|aged?{_GAP}\d{{1,3}}{_GAP}\+?|\d{{1,3}}{_GAP}\+?{_GAP}[歲岁]|[女男]性?)"
_FORM = re.compile(rf"\[{_GAP}(?:{_KINDS}){_GAP}\d{{1,9}}{_GAP}(?:[,、]{_GAP}{_HINT}{_GAP})?\]", re.IGNORECASE)
_FIRST = "".join(sorted({kind.value[0] + kind.value[0].lower() for kind in Kind}))

TRIGGERS = (Trigger(rf"\[[{_FIRST}][A-Za-z]"), Trigger("\\[[ \t\r\n\\\\_-]"))


def at(text: str, place: int) -> Finding | None:
    """The stand-in whose bracket opens at `place`."""
    match = _FORM.match(text, place)
    return None if match is None else finding(text, match.span(), Kind.LOOKALIKE, 1.0)


RECOGNISER = Pattern(NAME, VERSION, TRIGGERS, at)
