"""Columns of a table written as text: CSV, TSV, Markdown, pipes, SQL inserts. A heading says what stands below it."""

import re
from collections.abc import Iterator

_WIDEST = 2000
"""Characters of a line that are looked at."""
_DELIMITERS = ("\t", "|", ",", ";")
_INSERT = re.compile(r"INSERT\s{1,4}(?:INTO|OR)[^()]{1,200}\(([^()]*)\Z", re.IGNORECASE)
_VALUES = re.compile(r"[^()]{0,2000}\)\s{0,4}VALUES?\s{0,4}", re.IGNORECASE)
_TUPLE = re.compile(r"\s{0,4},?\s{0,4}\(")
_MEMBER = re.compile(r"\s{0,4}(?:N?'(?:[^'\n]|''){0,500}'|\"[^\"\n]{0,500}\"|[^',()\n]{0,500})\s{0,4}(?=[,)])")
_RULE = re.compile(r"[\s|:+=-]+\Z")
_ENDS = re.compile(r"[ \"'`*_)\]]{0,4}[\n\r\t|,;)]|[ \"'`]{0,2}\)")
_BEGINS = re.compile(r"(?:^|[\n\t|,;(])[ \"'`*]{0,4}(?:[A-Za-z_\u4e00-\u9fff][A-Za-z_ \u4e00-\u9fff-]{0,23})?\Z")
_MOST = 64
"""Columns of a table that is read."""
_DATA = re.compile(r"\d{4}")


def cells(text: str, place: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the cells below the heading `text[place:end]` stand; nothing when it is no heading of a table.

    A heading is little besides the word, its line has other cells and no data, and the lines below have as many cells.
    """
    if not _ENDS.match(text, end) or not _BEGINS.search(text, max(0, place - 32), place):
        return
    inserted = _inserting(text, max(0, place - _WIDEST), place)
    if inserted is not None and (values := _VALUES.match(text, end)) is not None:
        yield from _inserted(text, values.end(), inserted.group(1).count(","))
        return
    start = text.rfind("\n", max(0, place - _WIDEST), place) + 1
    stop = text.find("\n", end, end + _WIDEST)
    if stop < 0 or (not start and place > _WIDEST):
        return
    delimiter = _delimiter(text[start:stop])
    if not delimiter or _DATA.search(text, start, stop):
        return
    line = text[start:stop]
    column, columns = line.count(delimiter, 0, place - start), line.count(delimiter)
    while stop < len(text):
        start = stop + 1
        stop = _line_end(text, start)
        if not 0 < stop - start < _WIDEST:
            return
        if _RULE.match(text, start, stop):
            continue
        cell = _cell(text, (start, stop), delimiter, column)
        if cell is None or not _as_many(text.count(delimiter, start, stop), columns):
            return
        yield cell


def _inserting(text: str, low: int, place: int) -> re.Match[str] | None:
    """The head of an SQL insert whose list of columns is open at `place`; most text has no open bracket there."""
    opening = text.rfind("(", low, place)
    if opening < 0 or text.find(")", opening, place) >= 0:
        return None
    return _INSERT.search(text, low, place)


def _inserted(text: str, start: int, column: int) -> Iterator[tuple[int, int]]:
    """The members of each tuple of an SQL insert that belong to a column."""
    while (opening := _TUPLE.match(text, start)) is not None:
        start = opening.end()
        at = 0
        while (member := _MEMBER.match(text, start)) is not None:
            if at == column:
                yield member.span()
            at, start = at + 1, member.end() + 1
            if text[member.end()] == ")":
                break
        else:
            return


def _as_many(found: int, wanted: int) -> bool:
    """A delimiter inside a value is forgiven in a wide table."""
    return found == wanted or (wanted > 2 and abs(found - wanted) <= 2)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start, start + _WIDEST)
    return min(len(text), start + _WIDEST) if end < 0 else end


def _delimiter(line: str) -> str:
    counted = [(line.count(each), -rank, each) for rank, each in enumerate(_DELIMITERS)]
    most = max(counted)
    return most[2] if 0 < most[0] <= _MOST else ""


def _cell(text: str, line: tuple[int, int], delimiter: str, column: int) -> tuple[int, int] | None:
    start, stop = line
    for _ in range(column):
        start = text.find(delimiter, start, stop) + 1
        if not start:
            return None
    end = text.find(delimiter, start, stop)
    return start, stop if end < 0 else end
