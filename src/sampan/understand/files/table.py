"""Tables: each value is written beside the heading of its column, which says what its digits mean."""

import csv
import io
from collections.abc import Mapping

from sampan.understand.files.reading import CannotRead, Reading

_BLOCK = 100_000
_HEADING = 60
_SAMPLE = 8000


class Rows:
    """Takes rows and gives out blocks of text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._headings: dict[int, str] | None = None
        self._lines: list[str] = []
        self._size = 0

    def add(self, cells: Mapping[int, str]) -> None:
        """One row: column -> value."""
        filled = {at: cell for at, cell in cells.items() if cell.strip()}
        if not filled:
            return
        line = "\t".join(self._beside(at, cell) for at, cell in filled.items())
        if self._headings is None:
            self._headings = filled if all(map(_is_heading, filled.values())) else {}
        self._lines.append(line)
        self._size += len(line)
        if self._size > _BLOCK:
            self._give()

    def _beside(self, at: int, cell: str) -> str:
        heading = (self._headings or {}).get(at)
        return f"{heading}: {cell}" if heading else cell

    def _give(self) -> None:
        self._reading.show("\n".join(self._lines))
        self._lines, self._size = [], 0

    def close(self) -> None:
        """Give out the rest."""
        self._give()


def _is_heading(cell: str) -> bool:
    return len(cell) <= _HEADING and sum(map(str.isdigit, cell)) <= 2


def read_csv(text: str, reading: Reading) -> None:
    """Read a table written as text."""
    csv.field_size_limit(reading.limits.chars)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:_SAMPLE], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = Rows(reading)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), dialect):
            rows.add(dict(enumerate(row)))
    except csv.Error as error:
        raise CannotRead("a line of it is damaged") from error
    rows.close()
