"""Help on the command line, in the person's language. `click` has no catalogue of its own.

What commands say of themselves is looked up as it is written down; `scripts/translations` collects it.
"""

import inspect
import re
from collections.abc import Iterable

import click

from sampan.cli.words import language, spoken, word
from sampan.wording import worded

_SECTIONS = {"Options": worded("Options"), "Commands": worded("Commands")}
_MORE = re.compile(r"(.*?)((?:\s+\[[^\]]*\])?)", re.DOTALL)
_SENTENCE = re.compile(r"[。！？]")
SAID_BY_CLICK = (worded("Show this message and exit."), worded("Show the version and exit."))
"""What `click` says of options of its own."""


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
