"""`sampan ask`: one question, streamed."""

import sys
from pathlib import Path
from typing import Any

import click

from sampan.cli.asking import answer, client_of_server, decide, place_line
from sampan.cli.completing import model_names
from sampan.cli.enclosing import files_wanted, part_of, question
from sampan.cli.voice import options, voice
from sampan.settings import load


@click.command()
@click.argument("text", nargs=-1)
@click.option("-m", "--model", default="auto", show_default=True, shell_complete=model_names, help="A model, or auto.")
@click.option("-s", "--system", default="", help="Instructions that stand before the question.")
@files_wanted
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show where it would go; send nothing. Exit code 3 when refused, 4 when it needs an approval.",
)
@options
def ask(*, text: tuple[str, ...], model: str, system: str, files: tuple[Path, ...], dry_run: bool) -> None:
    """Ask a question. What comes on standard input is its context."""
    speaker = voice()
    body: dict[str, Any] = {"model": model, "messages": _messages(" ".join(text), system, files)}
    http = client_of_server(load(), speaker)
    if dry_run:
        decide(http, body, speaker)
        return
    if speaker.json:
        reply = http.send("POST", "/v1/chat/completions", body)
        facts = {name: text for name, text in reply.headers.items() if name.startswith("sampan-")}
        speaker.data({**reply.value, "sampan": facts}, "")
        return
    answer(http, body)
    place_line(http, speaker)


def _messages(text: str, system: str, files: tuple[Path, ...]) -> list[dict[str, Any]]:
    piped = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
    head = [{"role": "system", "content": system}] if system else []
    return [*head, {"role": "user", "content": question(text, [part_of(path) for path in files], piped)}]
