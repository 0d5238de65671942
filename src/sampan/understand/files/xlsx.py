"""Excel: sheets row by row, each value beside the heading of its column; the rest of the package like Word's."""

import re

from sampan.understand.files.archive import parts
from sampan.understand.files.markup import Handler, parse, xml_text
from sampan.understand.files.office import read_part
from sampan.understand.files.reading import Reading
from sampan.understand.files.table import Rows

_SHARED = "xl/sharedstrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_COLUMN = re.compile(r"([A-Za-z]{1,3})\d*")


def read_xlsx(data: bytes, reading: Reading) -> None:
    """Read the workbook."""
    shared, sheets = _Shared(), []
    for name, content in parts(data, reading):
        if name.lower() == _SHARED:
            parse(content, shared)
        elif _SHEET.fullmatch(name):
            sheets.append(content)
        else:
            read_part(name, content, reading)
    for sheet in sheets:
        rows = Rows(reading)
        handler = _Sheet(shared.strings, rows)
        parse(sheet, handler)
        rows.close()
        reading.text("\n".join(handler.around))
        reading.text(xml_text(sheet)[1])
    reading.text("\n".join(shared.strings[at] for at in range(len(shared.strings)) if at not in shared.used))


class _Shared(Handler):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.used: set[int] = set()
        self._pieces: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self._inside = name == "t"
        if name == "si":
            self._pieces = []

    def end(self, name: str) -> None:
        self._inside = False
        if name == "si":
            self.strings.append("".join(self._pieces))

    def data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


class _Sheet(Handler):
    """Rows of one sheet. around: text outside of cells: headers, footers, rules of validation."""

    def __init__(self, shared: list[str], rows: Rows) -> None:
        self.around: list[str] = []
        self._shared, self._rows = shared, rows
        self._cells: dict[int, str] = {}
        self._column, self._kind, self._open = 0, "", ""
        self._value: list[str] = []
        self._formula: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open = name
        if name == "row":
            self._cells, self._column = {}, 0
        elif name == "c":
            self._kind, self._value, self._formula = attributes.get("t", ""), [], []
            self._column = _column(attributes.get("r", ""), self._column + 1)

    def end(self, name: str) -> None:
        self._open = ""
        if name == "c":
            written = self._written("".join(self._value))
            formula = "".join(self._formula)
            self._cells[self._column] = f"{written} ={formula}" if '"' in formula else written
        elif name == "row" and self._cells:
            self._rows.add(self._cells)

    def _written(self, value: str) -> str:
        if self._kind == "s" and value.isdigit() and int(value) < len(self._shared):
            return self._shared[int(value)]
        if not self._kind and ("E" in value or value.endswith(".0")):
            return _number(value)
        return value

    def data(self, text: str) -> None:
        if self._open in {"v", "t"}:
            self._value.append(text)
        elif self._open == "f":
            self._formula.append(text)
        elif text.strip():
            self.around.append(text)


def _number(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() and abs(number) < 1e19 else value


def _column(reference: str, otherwise: int) -> int:
    found = _COLUMN.match(reference)
    if found is None:
        return otherwise
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - 64
    return column
