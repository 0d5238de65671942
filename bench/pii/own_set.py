"""The project's own Hong Kong set, `sets/own/*.txt`, split in two halves by the hash of each text.

A file holds records; each begins with a line `%% LANGUAGE` or `%% LANGUAGE hard` (a hard negative: nothing may be masked).
What is sensitive stands in the text as `«KIND|value»`; `KIND!` is known to everybody and need not be found.
"""

import hashlib
import pathlib
import re
from typing import NamedTuple

FOLDER = pathlib.Path(__file__).resolve().parent / "sets" / "own"
MARK = re.compile(r"«([A-Z_]+)(!?)\|([^«»]+)»")
HALVES = ("own-dev", "own-held")
"""The first half was looked at while developing, the second only measured."""


class Record(NamedTuple):
    """One text. spans: (start, end, kind, public) with offsets into `text`."""

    text: str
    spans: list[tuple[int, int, str, bool]]
    hard: bool
    language: str
    genre: str


def parse(block, genre):
    """A record from its lines, the first of them the language."""
    head, _, marked = block.partition("\n")
    language, *hard = head.split()
    text, at, spans = "", 0, []
    for mark in MARK.finditer(marked.rstrip("\n")):
        text += marked[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[3]), mark[1], bool(mark[2])))
        text, at = text + mark[3], mark.end()
    return Record(text + marked[at:].rstrip("\n"), spans, bool(hard), language, genre)


def half(text):
    """Which half a text belongs to."""
    return HALVES[hashlib.sha256(text.encode()).digest()[0] % 2]


def records(which):
    """The records of `own-dev` or `own-held`, in the order of the files."""
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("%% ")[1:]:
            record = parse(block, path.stem)
            if half(record.text) == which:
                yield record
