"""`sampan findings`: say of a finding that it is none, or of a word that it is always one. Remembered on this device."""

import time

import click

from sampan.cli.reading import keeper
from sampan.cli.voice import options, printable, table, voice
from sampan.cli.words import term, word
from sampan.contract.labels import Kind

_TEXT = click.argument("text")
_KIND = click.option(
    "--kind",
    default="",
    type=click.Choice(["", *(kind.value for kind in Kind)]),
    help="What it is; USER_TERM by default.",
)


@click.group()
def findings() -> None:
    """Your opinion of findings. It counts in your own requests, where policy lets it, and in `scan` and `mask`. Needs no server."""


@findings.command()
@options
def ls() -> None:
    """List what you said."""
    with keeper() as home:
        found = home.opinions()
    rows = [
        (
            term(one["verdict"]),
            one["kind"],
            printable(one["text"]),
            time.strftime("%Y-%m-%d", time.localtime(one["at"])),
        )
        for one in found
    ]
    voice().data({"findings": found}, table(("said", "kind", "text", "at"), rows))


@findings.command()
@_TEXT
@options
def dismiss(text: str) -> None:
    """A text that is found wrongly: let it travel. Never for keys and passwords, by the default rules."""
    _act("dismiss", text)


@findings.command()
@_TEXT
@_KIND
@options
def always(text: str, kind: str) -> None:
    """A word that is to be found wherever it stands, whatever its case or width."""
    _act("always", text, kind)


@findings.command()
@_TEXT
@options
def confirm(text: str) -> None:
    """A text that is found rightly; takes an earlier dismissal back."""
    _act("confirm", text)


@findings.command()
@_TEXT
@options
def forget(text: str) -> None:
    """Take back what you said of a text."""
    _act("forget", text)


def _act(action: str, text: str, kind: str = "") -> None:
    with keeper() as home:
        value = home.opine(action, text, kind)
    voice().data(value, word("forgotten" if action == "forget" else "remembered"))
