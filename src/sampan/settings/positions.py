"""Where a value stands in a TOML text. `tomllib` keeps no positions, so the headers and keys are read again."""

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_FENCE = re.compile(r'"""|\'\'\'')

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> tuple[int, int]:
    """Line and column, both from 1, of the longest part of `path` that can be found.

    Args:
        text: a TOML document that `tomllib` accepts.
        path: keys, and indices into arrays of tables.
    """
    found = {(): (1, 1)} | _positions(text)
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return _inside(text, found[path[:length]], path[length:])
    return found[()]


def _inside(text: str, at: tuple[int, int], rest: Path) -> tuple[int, int]:
    """Go on to a key of an inline table on the same line, when it is there."""
    line, column = at
    whole = text.splitlines()[line - 1] if text.splitlines() else ""
    for step in rest:
        if isinstance(step, str) and (key := re.search(rf"[{{,\s]{re.escape(step)}\s*=", whole[column:])):
            column += key.start() + 2
    return line, column


def _positions(text: str) -> dict[Path, tuple[int, int]]:
    found: dict[Path, tuple[int, int]] = {}
    counts: dict[Path, int] = {}
    base: Path = ()
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        fence, was_open = _fence_after(line, fence), bool(fence)
        if was_open:
            continue
        if header := _HEADER.match(line):
            base = _with_indices(_keys(header[2]), counts, opens=header[1] == "[[")
            found.setdefault(base, (number, header.start(2) + 1))
        elif key := _KEY.match(line):
            found.setdefault((*base, *_keys(key[1])), (number, key.start(1) + 1))
    return found


def _fence_after(line: str, fence: str) -> str:
    """The multi-line quote that is open at the end of a line, empty when none is."""
    for quote in _FENCE.findall(line):
        fence = "" if fence == quote else fence or quote
    return fence


def _keys(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted))


def _with_indices(keys: Path, counts: dict[Path, int], *, opens: bool) -> Path:
    """Put the index of the current element after every array of tables on the way."""
    path: Path = ()
    for depth, key in enumerate(keys, 1):
        path = (*path, key)
        if opens and depth == len(keys):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
