"""`sampan chat`: a conversation in the terminal."""

import contextlib
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from sampan.cli.asking import answer, client_of_server, place_line
from sampan.cli.completing import model_names
from sampan.cli.enclosing import part_of, question
from sampan.cli.running import Client
from sampan.cli.voice import Voice, colour, options, voice
from sampan.cli.words import word
from sampan.contract.errors import SampanError, Unreadable
from sampan.settings import load

with contextlib.suppress(ImportError):  # line editing and history; a Python without it still chats
    importlib.import_module("readline")


@click.command()
@click.option("-m", "--model", default="auto", show_default=True, shell_complete=model_names, help="A model, or auto.")
@click.option("-s", "--system", default="", help="Instructions that stand before the conversation.")
@options
def chat(*, model: str, system: str) -> None:
    """Chat. Ctrl-C stops an answer, Ctrl-D or /bye ends."""
    speaker = voice()
    http = client_of_server(load(), speaker)
    speaker.say(word("chat_help"))
    Conversation(http, speaker, model, system).run()


class Conversation:
    """Turns so far; a turn whose answer was stopped or failed is taken back."""

    def __init__(self, http: Client, speaker: Voice, model: str, system: str) -> None:
        self._http, self._speaker, self._model = http, speaker, model
        self._messages: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
        self._files: list[dict[str, Any]] = []

    def run(self) -> None:
        """Until the person ends it."""
        while (text := self._line()) is not None:
            if text.startswith("/model"):
                self._model = text.removeprefix("/model").strip() or "auto"
            elif text in {"/bye", "/exit", "/quit"}:
                return
            elif text.startswith("/file "):
                self._add(Path(text.removeprefix("/file ").strip().strip("'\"")).expanduser())
            elif text:
                self._turn(text)

    def _line(self) -> str | None:
        prompt = f"{colour(self._model, 'cyan')}> " if sys.stdin.isatty() else ""
        try:
            if prompt:
                click.echo(prompt, nl=False, err=True)
            return input().strip()
        except EOFError:
            return None
        except KeyboardInterrupt:
            click.echo(err=True)
            return ""

    def _add(self, path: Path) -> None:
        try:
            self._files.append(part_of(path))
        except OSError as error:
            self._speaker.error(Unreadable(f"{path} cannot be read: {error.strerror}.", hint=word("check_path")))
        else:
            self._speaker.say(word("file_added", name=path.name))

    def _turn(self, text: str) -> None:
        self._messages.append({"role": "user", "content": question(text, self._files)})
        try:
            said = answer(self._http, {"model": self._model, "messages": self._messages})
        except KeyboardInterrupt:
            self._speaker.say(f"\n{word('answer_stopped')}")
            self._messages.pop()
        except SampanError as error:
            self._speaker.error(error)
            self._messages.pop()
        else:
            self._files = []
            self._messages.append({"role": "assistant", "content": said})
            place_line(self._http, self._speaker)
