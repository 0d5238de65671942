"""Progress: a bar on a terminal, a line every tenth elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sampan.cli.voice import Voice
from sampan.cli.words import read, word


class Meter(Protocol):
    """Shows how far things are."""

    def show(self, name: str, done: int, total: int, note: str = "") -> None:
        """`done` of `total` bytes of `name`."""


class Lines:
    """One line of talk per tenth."""

    def __init__(self, speaker: Voice) -> None:
        self._speaker = speaker
        self._tenths: dict[str, int] = {}

    def show(self, name: str, done: int, total: int, note: str = "") -> None:
        """Say it when another tenth is done."""
        tenth = 10 * done // max(total, 1)
        if self._tenths.get(name) != tenth:
            self._tenths[name] = tenth
            text = f"{word('fetching', name=name)}: {done / 1e6:,.0f} / {total / 1e6:,.0f} MB {read(note)}"
            self._speaker.say(text.rstrip())


class Bars:
    """A bar per name."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, name: str, done: int, total: int, note: str = "") -> None:
        """Move the bar."""
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(word("fetching", name=name), total=total)
        self._progress.update(self._tasks[name], completed=done, total=total, note=read(note))


@contextmanager
def meter(speaker: Voice) -> Iterator[Meter]:
    """A meter that fits where talk goes to."""
    if not speaker.lively:
        yield Lines(speaker)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bars(progress)
