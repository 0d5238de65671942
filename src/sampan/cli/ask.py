"""`sampan ask`: one question, streamed."""

import sys
from typing import Any

import click

from sampan.cli.asking import answer, client_of_server, decide, place_line
from sampan.cli.completing import model_names
from sampan.cli.voice import options, voice
from sampan.contract.errors import BadRequest
from sampan.settings import load


@click.command()
@click.argument("text", nargs=-1)
@click.option("-m", "--model", default="auto", show_default=True, shell_complete=model_names, help="A model, or auto.")
@click.option("-s", "--system", default="", help="Instructions that stand before the question.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show where it would go; send nothing. Exit code 3 when refused, 4 when it needs an approval.",
)
@options
def ask(*, text: tuple[str, ...], model: str, system: str, dry_run: bool) -> None:
    """Ask a question. What comes on standard input is its context."""
    speaker = voice()
    body: dict[str, Any] = {"model": model, "messages": _messages(" ".join(text), system)}
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


def _messages(text: str, system: str) -> list[dict[str, str]]:
    context = "" if sys.stdin.isatty() else sys.stdin.read().strip()
    question = "\n\n".join(part for part in (context, text.strip()) if part)
    if not question:
        raise BadRequest("There is no question.", hint='`sampan ask "…"`, or give text on standard input.')
    head = [{"role": "system", "content": system}] if system else []
    return [*head, {"role": "user", "content": question}]
