"""Whether the code of an answer can be parsed. Nothing is run."""

import ast
import json
import re
import tomllib
import warnings
from collections.abc import Callable
from typing import Any

_BLOCK = re.compile(r"^[ \t]*```[ \t]*(\w*)[^\n]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
_LONGEST = 30_000
_DEEPEST = 80
_MOST = 8
_PROMPT = re.compile(r"^(?:>>>|\.\.\. ?)|^\s*\.\.\.\s*$|^[$%!]\s?\w", re.MULTILINE)


def _python(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "python": _python, "py": _python, "python3": _python, "json": json.loads, "toml": tomllib.loads,
}  # fmt: skip


def code_parses(answer: str) -> float | None:
    """Share of the code blocks in a known language that parse, 0 to 1; None where there is none to look at.

    Looked at: Python, JSON, TOML, the first blocks. Left out: what is too long or too deep to be parsed at no risk,
    and sessions at a prompt.
    """
    checked = parsed = 0
    for language, text in _BLOCK.findall(answer)[:_MOST]:
        parse = _PARSERS.get(language.lower())
        if parse is None or not _safe(text):
            continue
        checked += 1
        try:
            parse(_flush(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        parsed += 1
    return parsed / checked if checked else None


def _safe(text: str) -> bool:
    depth = deepest = 0
    for sign in text[:_LONGEST]:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    return len(text) <= _LONGEST and deepest <= _DEEPEST and not _PROMPT.search(text)


def _flush(text: str) -> str:
    """A block in a list is indented as a whole."""
    lines = text.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)
