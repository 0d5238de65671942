"""Reading the record: from the running server, else from the files of this home."""

from typing import Any, Protocol

from sampan.cli.running import Client, find
from sampan.cli.words import word
from sampan.contract.errors import Unavailable
from sampan.settings import load


class Reader(Protocol):
    """Answers `/sampan/…` reads."""

    def get(self, path: str) -> Any:
        """The JSON at a path."""


def reader() -> Reader:
    """Whoever can answer now."""
    settings = load()
    running = find(settings.home)
    if running is not None:
        return Client(running, settings.home)
    raise Unavailable(word("not_running"), hint=word("start_it"))
