"""Policy text as people write it: files, statements, and where in them a fault lies."""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec


class Layer(StrEnum):
    """Whose policies; each present layer is asked separately and all must permit."""

    CEILING = "ceiling"
    USER = "user"
    APPLICATION = "application"


class Source(msgspec.Struct, frozen=True):
    """One file of Cedar text. `file` is how people know it; errors name it."""

    layer: Layer
    file: str
    text: str


class Fault(msgspec.Struct, frozen=True):
    """Something wrong in a policy file. line and column count from 1, column in characters."""

    file: str
    line: int
    column: int
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: problem; hint`."""
        return f"{self.file}:{self.line}:{self.column}: {self.problem}" + (f"; {self.hint}" if self.hint else "")


class Statement(msgspec.Struct, frozen=True):
    """One policy of a file: `source.text[start:end]`."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The policy's text, with its final semicolon."""
        return self.source.text[self.start : self.end]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset into the statement."""
        before = self.source.text[: self.start + offset]
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def fault(self, offset: int, problem: str, hint: str = "") -> Fault:
        """A fault at an offset into the statement."""
        line, column = self.place(offset)
        return Fault(self.source.file, line, column, problem, hint)


# Source: Cedar's lexical grammar. An unclosed string runs to the end of its line.
_TOKEN = re.compile(
    r'(?P<space>\s+|//[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*"?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>::|==|!=|<=|>=|&&|\|\||.)',
    re.DOTALL,
)


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each token; spaces and comments left out."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield match.start(), match.group()


def statements(source: Source) -> list[Statement]:
    """Split a file at the semicolons that end policies."""
    found: list[Statement] = []
    start: int | None = None
    end = 0
    for at, token in tokens(source.text):
        start, end = at if start is None else start, at + len(token)
        if token == ";":
            found.append(Statement(source, start, end))
            start = None
    if start is not None:
        found.append(Statement(source, start, end))
    return found
