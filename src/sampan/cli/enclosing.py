"""Files that go with a question: text as text, everything else as a file that the server reads."""

import base64
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sampan.cli.contents import decoded, is_wrapped
from sampan.contract.errors import BadRequest, Unreadable

files_wanted = click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that the question is about: PDF, Office, picture, text …; may be given again.",
)
_UNKNOWN = "application/octet-stream"


def part_of(path: Path) -> dict[str, Any]:
    """A file as a part of a message.

    Raises:
        OSError: it cannot be opened.
    """
    return _part(path.read_bytes(), path.name)


def question(text: str, files: Sequence[dict[str, Any]], piped: bytes = b"") -> str | list[dict[str, Any]]:
    """The content of the message. files: parts. piped: what came on standard input.

    Raises:
        BadRequest: nothing is asked.
    """
    context, more = _context(piped)
    parts = [*more, *files]
    asked = "\n\n".join(part for part in (context, text.strip()) if part)
    if not asked and not parts:
        raise BadRequest("There is no question.", hint='`sampan ask "…"`, or give text on standard input.')
    if not parts:
        return asked
    return [*parts, {"type": "text", "text": asked}] if asked else parts


def _context(piped: bytes) -> tuple[str, list[dict[str, Any]]]:
    try:
        return decoded(piped, "standard input").strip(), []
    except Unreadable:
        return "", [_part(piped, "")]


def _part(data: bytes, name: str) -> dict[str, Any]:
    if not is_wrapped(name):
        try:
            return {"type": "text", "text": f"--- {name} ---\n{decoded(data, name).strip()}\n--- end of {name} ---\n"}
        except Unreadable:
            pass
    kind = mimetypes.guess_type(name)[0] or _UNKNOWN
    address = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    if kind.startswith("image/"):
        return {"type": "image_url", "image_url": {"url": address}}
    return {"type": "file", "file": {"filename": name or "file", "file_data": address}}
