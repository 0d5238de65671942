"""How commands speak: data on stdout, talk on stderr."""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

import click

from sampan.cli.words import read, spoken, word
from sampan.contract.errors import SampanError
from sampan.settings import environment
from sampan.wording import worded

Command = TypeVar("Command", bound=Callable[..., Any])


class Voice:
    """The options that every command has, and the two streams."""

    def __init__(self) -> None:
        self.json = self.verbose = self.quiet = False

    def data(self, value: object, text: str) -> None:
        """The result: JSON with `--json`, else text. Always on stdout."""
        out = json.dumps(value, ensure_ascii=False, indent=2) if self.json else text
        click.echo(printable(out) if not self.json else out)

    def each(self, value: object, text: str) -> None:
        """One of several results: with `--json` a line each."""
        click.echo(json.dumps(value, ensure_ascii=False) if self.json else printable(text))

    def say(self, text: str) -> None:
        """Talk, on stderr; silent with `-q`."""
        if not self.quiet:
            click.echo(text, err=True)

    def error(self, error: SampanError) -> None:
        """One clear line and the ways on; with `--json` an object."""
        if self.json:
            value = {"code": error.code, "message": error.message, "hint": error.way_on,
                     "ways_on": list(error.ways_on), "receipt": error.receipt or None}  # fmt: skip
            click.echo(json.dumps({"error": value}, ensure_ascii=False), err=True)
            return
        click.echo(f"{colour(word('error'), 'red')}: {printable(read(error.message))}", err=True)
        for way in error.ways_on or ((error.way_on,) if error.way_on else ()):
            click.echo(f"  {word('hint')}: {printable(read(way))}", err=True)

    @property
    def lively(self) -> bool:
        """Whether progress may be drawn: talk goes to a terminal and nobody asked for quiet."""
        return sys.stderr.isatty() and not self.quiet and not self.json and environment().get("TERM") != "dumb"


def voice() -> Voice:
    """The voice of the command that runs."""
    found = click.get_current_context().find_root().ensure_object(Voice)
    if not isinstance(found, Voice):
        raise TypeError("another object sits in the context")
    return found


def options(command: Command) -> Command:
    """Give a command `--json`, `-v` and `-q`."""
    for flags, name, text in (
        (("-q", "--quiet"), "quiet", worded("No talk on stderr.")),
        (("-v", "--verbose"), "verbose", worded("Show tracebacks of failures.")),
        (("--json",), "json", worded("Print JSON on stdout.")),
    ):
        command = click.option(*flags, is_flag=True, expose_value=False, callback=_remember(name), help=text)(command)
    return command


def _remember(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def remember(_context: click.Context, _parameter: click.Parameter, given: bool) -> None:
        if given:
            setattr(voice(), name, True)

    return remember


def colour(text: str, name: str) -> str:
    """Colour for talk, unless NO_COLOR is set or stderr is no terminal."""
    return text if environment().get("NO_COLOR") or not sys.stderr.isatty() else click.style(text, fg=name, bold=True)


def printable(text: str) -> str:
    """Text without control characters that could steer a terminal; newlines and tabs stay."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} else "\ufffd" for c in text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Aligned columns; a Chinese character counts as two."""
    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        return word("nothing")
    lines = [[spoken().text(title).upper() for title in head], *cells]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def padded(text: str, width: int) -> str:
    """Text with spaces up to a width; a Chinese character counts as two."""
    return text + " " * (width - _width(text))


def parted(state: object) -> tuple[str, str]:
    """A model's state as a word and the rest: `down: no key` becomes `down` and `no key`."""
    first, _, rest = str(state or "").partition(":")
    return first, rest.strip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def end(code: int) -> NoReturn:
    """End the command with an exit code after its output is said."""
    raise click.exceptions.Exit(int(code))
