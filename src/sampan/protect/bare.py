r"""Stand-ins that a model wrote without their brackets: `"name": "PERSON_1"`. Small models do, in JSON, SQL and short answers.

Only `KIND_n` with its underscore, in capitals or as `Person_1`, as a word of its own, and only one that was given out. Never when the
request itself says it without brackets, in any case: then it is somebody's word. Nor where it stands as a name in code:
`self.PERSON_1`, `PERSON_1 = …`, `PERSON_1(`, `{PERSON_1}`, `$PERSON_1`, `--PERSON_1`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from sampan.contract.labels import Kind
from sampan.protect.operators import Seen

_ALONE = r"(?<![\w\[{<$%@#./\\&+-])"
_WHOLE = re.compile(rf"{_ALONE}([A-Z][A-Za-z_\\]*)_([0-9]{{1,9}})(?![\w(\[\]}}>]|\.\w| ?=| ?:=)")
_SUFFIX = re.compile(rf"{_ALONE}([A-Z][A-Za-z_\\]*)([0-9]{{1,9}}(?:\.| ?:?)?)?\Z")
_LONGEST = 80


@lru_cache(256)
def _spelled(kinds: tuple[Kind, ...]) -> tuple[dict[str, Kind], frozenset[str]]:
    """The names as they may be written, and everything that one begins with."""
    names = {name: kind for kind in kinds for name in (kind.value, kind.value.title())}
    return names, frozenset(f"{name}_"[:end] for name in names for end in range(1, len(name) + 2))


class Bare:
    """Finds them in one request's answer. highest: kind -> the highest number given out. said: every text of the request."""

    __slots__ = ("_begun", "_free", "_highest", "_names", "_said")

    def __init__(self, highest: Mapping[Kind, int], said: Iterable[str]) -> None:
        self._highest = highest
        self._names, self._begun = _spelled(tuple(sorted(kind for kind in highest if kind is not Kind.LOOKALIKE)))
        self._said = said
        self._free: dict[str, bool] = {}

    def opens(self, text: str) -> bool:
        """Whether one, or the beginning of one, may be in the text. Cheap, and never wrongly False."""
        # each has a capital; most keys and values of the dialects themselves have none, nor has Chinese
        if not self._names or text == text.lower():
            return False
        return ("_" in text and _WHOLE.search(text) is not None) or self.pending("", text) < len(text)

    def read(self, before: str, text: str, end: int) -> Iterator[Seen]:
        """Every one that is over by `end`; from there on the next piece could undo it. before: the character before the text."""
        if "_" not in text or not self._names:
            return
        whole = before[-1:] + text
        shift = len(whole) - len(text)
        for match in _WHOLE.finditer(whole, shift):
            kind, number = self._names.get(match[1].replace("\\", "")), int(match[2])
            start, stop = match.start() - shift, match.end() - shift
            if kind and stop <= end and 0 < number <= self._highest[kind] and self._is_free(f"{kind.value}_{number}"):
                yield Seen(start, stop, kind, number)

    def pending(self, before: str, text: str) -> int:
        """Where the suffix starts that could become one; `len(text)` when none could."""
        tail = text[-_LONGEST:]
        whole = before[-1:] + tail if len(tail) == len(text) else text[-_LONGEST - 1 :]
        match = _SUFFIX.search(whole, len(whole) - len(tail))
        if match is None:
            return len(text)
        name = match[1].replace("\\", "")
        could = name.removesuffix("_") in self._names and name.endswith("_") if match[2] else name in self._begun
        return len(text) - (len(whole) - match.start()) if could else len(text)

    def _is_free(self, written: str) -> bool:
        free = self._free.get(written)
        if free is None:
            own = re.compile(rf"(?<![\w\[]){written}(?!\w)", re.IGNORECASE)
            free = self._free[written] = not any(own.search(text) for text in self._said)
        return free
