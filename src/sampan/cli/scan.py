"""`sampan scan`: what is sensitive in files. Made for the terminal, for pre-commit and for CI."""

import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from sampan.cli.contents import decoded, files_in, kinds_wanted, texts_of
from sampan.cli.exit_codes import Exit
from sampan.cli.searching import Search, Wanted, search_wanted
from sampan.cli.voice import end, options, printable, voice
from sampan.cli.words import read, word
from sampan.contract.errors import SampanError, Unreadable
from sampan.contract.labels import TOLD_KINDS, Finding, Kind, Sensitivity, sensitivity_of
from sampan.settings import environment, load
from sampan.understand.files import read_bytes
from sampan.wording import worded

_MARGIN = 60
"""Characters of a long line that are shown around a finding."""
_COLOURS = {Sensitivity.RESTRICTED: "red", Sensitivity.CONFIDENTIAL: "yellow"}


class Found(msgspec.Struct, frozen=True):
    """The findings of one text of one file. starts: where its lines begin."""

    path: str
    text: str
    findings: tuple[Finding, ...]
    starts: tuple[int, ...]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, from 1."""
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1


@click.command()
@click.argument(
    "paths", metavar="FILE|DIR|-", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True)
)
@kinds_wanted
@search_wanted
@click.option("--told", is_flag=True, help="Also what is only told and never masked by default, such as ORG.")
@click.option("--values", is_flag=True, help="Show the values also where output is no terminal, and in JSON.")
@options
def scan(*, paths: tuple[Path, ...], kinds: tuple[str, ...], how: Wanted, told: bool, values: bool) -> None:
    """Find what is sensitive in files, folders or standard input.

    Exit code 0 when nothing was found, 1 when something was, when a file that was named could not be read,
    or when a detector did not run.
    """
    wanted = frozenset(map(Kind, kinds)) or frozenset(Kind) - {Kind.LOOKALIKE} - (frozenset() if told else TOLD_KINDS)
    search = how.search(load())
    found: list[Found] = []
    unread: list[str] = []
    files = skipped = 0
    for path, named in files_in(paths):
        try:
            texts = _texts(path)
        except (SampanError, OSError) as error:
            skipped += not named
            if named:
                unread.append(f"{path}: {error.message if isinstance(error, SampanError) else error.strerror}")
            continue
        files += 1
        found += (one for text in texts if (one := _scanned(search, str(path), text, wanted)).findings)
    unread += search.missing()
    _report(found, unread, files, values=values)
    if skipped:
        voice().say(word("scan_skipped", count=skipped))
    if found or unread:
        end(Exit.ERROR)


def _texts(path: Path) -> list[str]:
    if str(path) != "-":
        return texts_of(path)
    piped = sys.stdin.buffer.read()
    try:
        return [decoded(piped, worded("standard input"))]
    except Unreadable:
        return read_bytes(piped)


def _scanned(search: Search, path: str, text: str, wanted: frozenset[Kind]) -> Found:
    findings = tuple(each for each in search.findings(text) if each.kind in wanted)
    starts = (0, *(at + 1 for at, char in enumerate(text) if char == "\n")) if findings else (0,)
    return Found(printable(path), text, findings, starts)


def _report(found: list[Found], unread: list[str], files: int, *, values: bool) -> None:
    speaker = voice()
    counts = Counter(each.kind.value for one in found for each in one.findings)
    rows = [row for one in found for row in _rows(one, values=values)]
    facts = {"files": files, "found": dict(sorted(counts.items())), "findings": rows, "unread": unread}
    shown = values or (sys.stdout.isatty() and not speaker.json)
    if speaker.json:
        speaker.data(facts, "")
    else:
        for line in (line for one in found for line in (_coloured(one) if shown else _plain(one))):
            click.echo(line)  # made printable in its parts: the colours are ours
    for reason in unread:
        speaker.say(word("not_read", reason=printable(read(reason))))
    if counts:
        told = ", ".join(f"{kind} ×{number}" for kind, number in counts.most_common())
        speaker.say(word("scan_found", count=counts.total(), files=len({one.path for one in found}), kinds=told))
    elif not unread:
        speaker.say(word("scan_clean", files=files))


def _rows(one: Found, *, values: bool) -> Iterator[dict[str, Any]]:
    for each in one.findings:
        line, column = one.place(each.start)
        row = {"path": one.path, "line": line, "column": column, "start": each.start, "end": each.end, "kind": each.kind.value,
               "score": each.score}  # fmt: skip
        yield {**row, "text": each.text} if values else row


def _plain(one: Found) -> Iterator[str]:
    """Without values: what goes into a build's log stays there."""
    for each in one.findings:
        line, column = one.place(each.start)
        yield f"{one.path}:{line}:{column}: {each.kind.value}"


def _coloured(one: Found) -> Iterator[str]:
    """Each place with a piece of its line, the finding in colour."""
    colour = sys.stdout.isatty() and not environment().get("NO_COLOR")
    for each in one.findings:
        line, column = one.place(each.start)
        low = max(one.starts[line - 1], each.start - _MARGIN)
        high = one.text.find("\n", each.end, each.end + _MARGIN)
        high = min(len(one.text), each.end + _MARGIN) if high < 0 else high
        value = each.text.replace("\n", "⏎")
        shade = _COLOURS.get(sensitivity_of(frozenset({each.kind})), "cyan")
        middle = click.style(printable(value), fg=shade, bold=True) if colour else f"»{printable(value)}«"
        around = (printable(one.text[low : each.start]), printable(one.text[each.end : high]).rstrip("\r"))
        yield f"{one.path}:{line}:{column}: {each.kind.value}  {around[0]}{middle}{around[1]}"
