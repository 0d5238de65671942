"""Help and mistakes on the command line, in the person's language. `click` has no catalogue of its own.

What commands say of themselves is looked up as it is written down; `scripts/translations` collects it.
"""

import inspect
import re
from collections.abc import Iterable

import click

from sampan.cli.words import language, spoken, word
from sampan.contract.errors import BadRequest
from sampan.wording import worded

_SECTIONS = {"Options": worded("Options"), "Commands": worded("Commands")}
_MORE = re.compile(r"(.*?)((?:\s+\[[^\]]*\])?)", re.DOTALL)
_SENTENCE = re.compile(r"[。！？]")
SAID_BY_CLICK = (
    worded("No such command {name}."), worded("No such option {name}."), worded("Did you mean {name}?"),
    worded("(Did you mean one of: {names}?)"),
    worded("Missing argument {name}."), worded("Missing option {name}."), worded("Missing argument {name}. Choose from: {choices}"),
    worded("Missing command."), worded("Option {name} requires an argument."),
    worded("Invalid value for {name}: {reason}"), worded("{value} is not one of {choices}."),
    worded("{value} is not a valid integer."), worded("{value} is not a valid integer range."), worded("{value} is not a valid float."),
    worded("{value} is not in the range {limits}."), worded("File {name} does not exist."),
    worded("Path {name} does not exist."), worded("File {name} is a directory."),
    worded("Got unexpected extra argument ({values})"), worded("Got unexpected extra arguments ({values})"),
    worded("Show this message and exit."), worded("Show the version and exit."),
)  # fmt: skip
"""What `click` says of itself, as far as people meet it."""


class Formatter(click.HelpFormatter):
    """Writes help in the person's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line with the command and what it takes."""
        super().write_usage(prog, args, f"{word('usage')}: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """The title of a list."""
        super().write_heading(spoken().text(heading) if heading in _SECTIONS else heading)

    def write_text(self, text: str) -> None:
        """What a command says of itself."""
        super().write_text(spoken().text(inspect.cleandoc(text)))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands, and what each is for."""
        super().write_dl([(name, _told(text)) for name, text in rows], col_max, col_spacing)


def _told(text: str) -> str:
    """The text of an option, and what `click` puts behind it; of a command perhaps its first sentence alone."""
    found = _MORE.fullmatch(text)
    said, more = (found[1], found[2]) if found else (text, "")
    told = spoken().text(said)
    if told == said and language() != "en":
        told = _beginning(said)
    return told + more


def _beginning(said: str) -> str:
    """`click` shows the first sentence of a help text, or cuts it off."""
    start = said.removesuffix("...").rstrip()
    for known in spoken().known:
        if known.startswith(start) or " ".join(known.split()).startswith(start):
            told = spoken().text(known)
            end = _SENTENCE.search(told)
            return told[: end.end()] if end else told
    return said


def mistake(error: click.UsageError) -> BadRequest:
    """What is wrong with a command line, as any other error, and how to see what it takes."""
    path = error.ctx.command_path if error.ctx else "sampan"
    said = " ".join(error.format_message().split())
    said = said if said.endswith((".", "?", ")")) else f"{said}."
    return BadRequest(said, hint=f"`{path} --help` shows what it takes.")
