"""What of a request the router reads: what the person asked last, and a little of the instructions around it."""

from collections.abc import Iterable, Iterator
from typing import Any

from sampan.contract.request import Dialect, Request

LONGEST = 2000
"""Characters of what was asked; of a longer one the beginning and the end, where people say what they want."""
HINT = 200
"""Characters of the instructions: enough to tell a coding agent from a tutor."""

_SYSTEM = frozenset({"system", "developer"})


def prompt_text(request: Request) -> str:
    """At most `LONGEST` + `HINT` characters and a line break. Empty when nobody wrote a text."""
    body = request.body
    if request.dialect is Dialect.COMPLETIONS:
        return _short(_joined([body.get("prompt")]))
    given = body.get("input") if request.dialect is Dialect.RESPONSES else body.get("messages")
    if isinstance(given, str):
        return _with_hint(_joined([body.get("instructions")]), given)
    turns = [turn for turn in given if isinstance(turn, dict)] if isinstance(given, list) else []
    asked = next((text for turn in reversed(turns) if turn.get("role") == "user" and (text := _text(turn))), "")
    around = [body.get("system"), body.get("instructions")]
    around += [turn.get("content") for turn in turns[:2] if turn.get("role") in _SYSTEM]
    return _with_hint(_joined(around), asked)


def _with_hint(around: str, asked: str) -> str:
    hint = around[:HINT].strip()
    return f"{hint}\n{_short(asked)}" if hint else _short(asked)


def _short(text: str) -> str:
    half = LONGEST // 2
    return text if len(text) <= LONGEST else text[:half] + text[-half:]


def _text(turn: dict[str, Any]) -> str:
    return _joined([turn.get("content")])


def _joined(values: Iterable[Any]) -> str:
    return "\n".join(text for value in values for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    """The texts of a string, or of a list of parts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, str):
                yield text
