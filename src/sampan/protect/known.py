"""What the stand-ins of one request stand for. Never leaves this process; the vault keeps those that must outlive it."""

from collections.abc import Iterator

from sampan.contract.labels import Kind
from sampan.contract.storage import StandIn
from sampan.protect.hints import NONE, Hints
from sampan.protect.operators import Operator


class Known:
    """Numbers values as they first appear. One text of one kind has one stand-in; two texts never share one."""

    __slots__ = ("_hints", "_numbers", "_operator", "_values", "highest")

    def __init__(self, operator: Operator, hints: Hints = NONE) -> None:
        self._operator, self._hints = operator, hints
        self._numbers: dict[tuple[Kind, str], int] = {}
        self._values: dict[tuple[Kind, int], str] = {}
        self.highest: dict[Kind, int] = {}

    def learn(self, kept: dict[str, StandIn]) -> None:
        """Take up a conversation's earlier stand-ins, so that its numbers go on."""
        for written, what in kept.items():
            for seen in self._operator.read(written):
                self._enter(seen.kind, seen.number, what.value)

    def stand_in(self, kind: Kind, value: str) -> str:
        """The stand-in of a value, a new one at its first appearance."""
        number = self._numbers.get((kind, value))
        if number is None:
            number = self.highest.get(kind, 0) + 1
            self._enter(kind, number, value)
        return self._written(kind, number, value)

    def hints_at(self, kind: Kind, value: str) -> bool:
        """Whether the stand-in of a value says something of it."""
        return self._hints.of(kind, value) != ""

    def written(self, kind: Kind, number: int) -> str:
        """A stand-in that was given out, as the model got it."""
        return self._written(kind, number, self._values[kind, number])

    def _written(self, kind: Kind, number: int, value: str) -> str:
        hint = self._hints.of(kind, value)
        return self._operator.write(kind, number, hint) if hint else self._operator.write(kind, number)

    def value(self, kind: Kind, number: int) -> str | None:
        """What number `number` of a kind stands for; None when no such stand-in was given out."""
        return self._values.get((kind, number))

    def all(self) -> Iterator[tuple[str, StandIn]]:
        """Every stand-in without hints, and what it stands for."""
        for (kind, number), value in self._values.items():
            yield self._operator.write(kind, number), StandIn(value, kind.value)

    def __len__(self) -> int:
        return len(self._values)

    def _enter(self, kind: Kind, number: int, value: str) -> None:
        self._numbers[kind, value] = number
        self._values[kind, number] = value
        self.highest[kind] = max(number, self.highest.get(kind, 0))
