"""What a request needs of a model: abilities, and room for its size."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

import msgspec

from sampan.contract.models import Model
from sampan.contract.request import Dialect, Json, Labelled

_PARTS = {
    **dict.fromkeys(("image", "image_url", "input_image"), "vision"),
    **dict.fromkeys(("file", "input_file", "document"), "files"),
}
_SPOKEN = ("messages", "input", "system")
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
"""Where a body limits the tokens of its answer, one for each dialect."""
_NO_TEXT = frozenset({"model", "role", "type"})
_GROWING = frozenset({Dialect.RESPONSES, Dialect.EMBEDDINGS})
"""Dialects whose bytes say nothing: earlier turns come on top, or the longest text counts alone."""
_ANSWER_MOST = 512
_DEPTH = 4


class Fit(IntEnum):
    """Whether a request fits a model's context."""

    FITS = 0
    PERHAPS = 1
    NEVER = 2


class Size(msgspec.Struct, frozen=True):
    """Tokens of a prompt: the likely number, the number it cannot be under, and room for the answer."""

    likely: int
    least: int
    answer: int

    def fit(self, model: Model) -> Fit:
        """`PERHAPS` leaves it to the model's own count; a context of 0 is unknown and tried."""
        if model.context <= 0 or self.likely + self.answer <= model.context:
            return Fit.FITS
        return Fit.NEVER if self.least > model.context else Fit.PERHAPS


def size_of(labelled: Labelled, room: int = 0) -> Size:
    """Estimate without a tokeniser.

    English prose runs at 4 characters a token and Chinese at about one, i.e. 3 bytes; long runs of one
    sign at 8 and more, common Chinese words at two characters: that is the least.

    room: a context; a request that is sure to fit it by its bytes is not counted, `likely` is then too high.
    """
    request = labelled.request
    if request.text_size and request.dialect not in _GROWING:
        most = Size(request.text_size // 2, 0, _answer(request.body))  # no script gives two tokens for three bytes
        if most.likely + most.answer <= room:
            return most
    if request.dialect is Dialect.EMBEDDINGS:
        # Each input is embedded by itself: the longest one counts, and there is no answer.
        plain, wide = max((_letters(text) for text in _texts(request.body.get("input"))), default=(0, 0), key=sum)
        return Size(plain // 4 + wide, plain // 16 + wide // 2, 0)
    plain = wide = 0
    for text in _texts(request.body):
        narrow, broad = _letters(text)
        plain += narrow
        wide += broad
    return Size(plain // 4 + wide, plain // 16 + wide // 2, _answer(request.body))


def _texts(value: object) -> Iterator[str]:
    """Every string in a JSON value, wherever it stands; what labels leave out counts here too."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend(member for name, member in each.items() if name not in _NO_TEXT and not _is_file(each, name))
        elif isinstance(each, list):
            waiting.extend(each)


def _is_file(holder: Json, name: str) -> bool:
    """Whether a member holds a file in base64: a model reads what it says, not how it is written."""
    return name == "file_data" or (name == "data" and holder.get("type") == "base64")


def _letters(text: str) -> tuple[int, int]:
    """How many narrow letters and how many wide ones; an image written out as text has none."""
    if text.isascii():
        return (0, 0) if text.startswith("data:") else (len(text), 0)
    wide = (len(text.encode("utf-8", "replace")) - len(text)) // 2
    return max(len(text) - wide, 0), wide


def _answer(body: Json) -> int:
    wanted = [body[name] for name in LIMITS if isinstance(body.get(name), int)]
    return max(0, min(_ANSWER_MOST, *wanted)) if wanted else _ANSWER_MOST


def needs_of(dialect: Dialect, body: Json) -> frozenset[str]:
    """The capabilities a model must have."""
    if dialect is Dialect.EMBEDDINGS:
        return frozenset({"embeddings"})
    needs = {"chat"}
    if body.get("tools") or body.get("functions"):
        needs.add("tools")
    for name in _SPOKEN:
        if isinstance(body.get(name), list):
            needs |= _of_parts(body[name], _DEPTH)
    return frozenset(needs)


def lacks(model: Model, needs: frozenset[str]) -> tuple[str, ...]:
    """The capabilities that a model does not have."""
    return tuple(sorted(needs - model.capabilities))


def _of_parts(parts: Iterable[Any], depth: int) -> set[str]:
    """Messages hold parts, tool results hold parts again; nothing legitimate is deeper."""
    needs: set[str] = set()
    for part in parts:
        if not isinstance(part, dict):
            continue
        kind = part.get("type")
        if isinstance(kind, str) and kind in _PARTS and not _is_text(part):
            needs.add(_PARTS[kind])
        inner = part.get("content", part.get("output"))
        if isinstance(inner, list) and depth:
            needs |= _of_parts(inner, depth - 1)
    return needs


def _is_text(part: Json) -> bool:
    """Whether an Anthropic document is written out as text: every model reads that."""
    source = part.get("source")
    return isinstance(source, dict) and source.get("type") in ("text", "content")
