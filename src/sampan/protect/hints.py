"""What a stand-in says of its value besides the kind, where the settings allow it: `[PERSON_1, f]`, `[DATE_OF_BIRTH_1, age 34]`.

Whatever the settings say, a hint is given for these two kinds alone. It depends on the value and on nothing around it, so
that an unchanged history still masks to the same bytes; an age changes on a birthday.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sampan.contract.labels import RESTRICTED_KINDS, Kind
from sampan.protect.ages import age_of
from sampan.protect.genders import gender_of

GENDER, AGE = "gender", "age"
_HINTED = {Kind.PERSON: GENDER, Kind.DATE_OF_BIRTH: AGE}
if RESTRICTED_KINDS & _HINTED.keys():
    raise AssertionError("no hint is given about a value that must be kept closest")


class Hints:
    """Which hints may be given; `today` is this machine's."""

    __slots__ = ("_kinds", "_today")

    def __init__(self, allowed: Iterable[str] = (), today: date | None = None) -> None:
        wanted = frozenset(allowed)
        self._kinds = {kind: hint for kind, hint in _HINTED.items() if hint in wanted}
        self._today = today

    def of(self, kind: Kind, value: str) -> str:
        """What may be said of a value: `f`, `m`, `age 34`; empty when nothing may be said, or nothing is known."""
        hint = self._kinds.get(kind)
        if hint is None:
            return ""
        if hint is GENDER:
            return gender_of(value)
        age = age_of(value, self._today or datetime.now().astimezone().date())
        return f"age {age}" if age else ""


NONE = Hints()
