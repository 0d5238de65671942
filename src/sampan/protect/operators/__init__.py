"""Mask operators, one per file: how a stand-in is written, and how it is known again in an answer."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from sampan.contract.labels import Kind


class Seen(NamedTuple):
    """A stand-in in a text: `text[start:end]` says number `number` of `kind`."""

    start: int
    end: int
    kind: Kind
    number: int


class Operator(Protocol):
    """Writes stand-ins and reads them. What `write` gives, `read` finds, however a model respells it."""

    name: str

    def write(self, kind: Kind, number: int, hint: str = "") -> str:
        """The stand-in; `number` counts from 1 within its kind. hint: what it says of the value (`f`, `m`, `age 34`)."""

    def opens(self, text: str) -> bool:
        """Whether a stand-in, or the beginning of one, may be in the text. Cheap, and never wrongly False."""

    def read(self, text: str) -> Iterator[Seen]:
        """Every stand-in in the text, in order, not overlapping."""

    def pending(self, text: str, highest: dict[Kind, int]) -> int:
        """Where the longest suffix starts that could yet become a stand-in; `len(text)` when none could.

        highest: kind -> the highest number given out.
        """
