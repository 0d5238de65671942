"""A request taken apart: what is wanted, the text it is wanted of, that text in pieces; and requests made of such parts."""

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import NamedTuple

from msgspec import structs

from sampan.contract.errors import BadRequest, ContextTooLong
from sampan.contract.ids import new_id
from sampan.contract.request import Dialect, Json, Request
from sampan.decide.verify.asked import asked_of

PIECE, PIECE_LATIN = 1500, 3000
"""Characters of a piece, and of one in Latin letters: with questions and answers it fits a context of 2,048 tokens."""
_MOST_PIECES = 40
_LONGEST_TASK = 2000
_BREAK = re.compile(r"\n\s*\n|(?<=[。！？.!?])\s*|\n")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_KEPT = ("model", "stream", "stream_options", "temperature", "top_p", "max_tokens", "max_completion_tokens",
         "max_output_tokens", "stop", "stop_sequences", "seed")  # fmt: skip


class Work(NamedTuple):
    """What is wanted, and the text that it is wanted of."""

    task: str
    document: str


def work_of(request: Request) -> Work:
    """Take a request apart: the last thing said is the task, what was said before it the text.

    Of a request said in one go the first or the last paragraph is the task.

    Raises:
        BadRequest: it has no two parts.
    """
    asked = asked_of(request)
    if request.task:
        return Work(request.task, f"{asked.context}\n\n{asked.question}".strip())
    if asked.question and len(asked.context) > len(asked.question):
        return Work(asked.question, asked.context)
    first, *rest = _PARAGRAPHS.split(asked.question.strip())
    if rest and len(first) <= _LONGEST_TASK and len(first) <= len(rest[-1]):
        return Work(first, "\n\n".join(rest))
    if rest and len(rest[-1]) <= _LONGEST_TASK:
        return Work(rest[-1], "\n\n".join([first, *rest[:-1]]))
    raise BadRequest(
        "What is wanted and the text that it is wanted of cannot be told apart.",
        hint="Say it in `sampan.task`, or send the text in an earlier message than the task.",
        param="sampan.task",
    )


def pieces_of(document: str) -> list[str]:
    """The text in pieces of at most `PIECE` or `PIECE_LATIN` characters, cut between paragraphs and sentences where possible.

    Raises:
        ContextTooLong: there would be too many to read one by one.
    """
    size = PIECE_LATIN if _is_latin(document) else PIECE
    if len(document) > size * _MOST_PIECES:
        raise ContextTooLong(
            f"The text has {len(document):,} characters; {size * _MOST_PIECES:,} can be read piece by piece.",
            ways_on=("send a shorter text",),
        )
    pieces, at = [], 0
    while at < len(document):
        end = min(at + size, len(document))
        if end < len(document):
            breaks = [found.end() for found in _BREAK.finditer(document, at + size // 2, end)]
            end = breaks[-1] if breaks else end
        pieces.append(document[at:end])
        at = end
    return [piece for piece in pieces if piece.strip()]


def _is_latin(text: str) -> bool:
    """Whether nearly all of it is of signs of which several make a token."""
    return sum(sign < "\u0250" for sign in text) >= 0.95 * len(text)


def inner_request(request: Request, asked: str, text: str, most: int = 0) -> Request:
    """A plain question between the models, with a record of its own. Nothing of the caller's headers goes with it.

    most: tokens of the answer, of a model of an own device: small ones go on and on. 0: as the model likes.
    """
    body: Json = {"model": asked, "messages": [{"role": "user", "content": text}]}
    if most:
        body |= {"max_tokens": most, "temperature": 0}
    return structs.replace(
        request, id=new_id("rcp"), dialect=Dialect.CHAT, body=body, asked=asked, stream=False, headers={},
        text_size=len(text.encode()), conversation="", together=None, task="",
    )  # fmt: skip


def last_request(request: Request, asked: str, text: str) -> Request:
    """The question whose answer the caller gets: in the caller's dialect, with what the caller said of length and chance."""
    body = {name: request.body[name] for name in _KEPT if name in request.body} | {"model": asked}
    messages = [{"role": "user", "content": text}]
    if request.dialect is Dialect.COMPLETIONS:
        body["prompt"] = text
    elif request.dialect is Dialect.RESPONSES:
        body |= {"input": text, "store": False}
    else:
        body["messages"] = messages
    headers = {name: value for name, value in request.headers.items() if name != "idempotency-key"}
    return structs.replace(
        request, id=new_id("rcp"), body=body, asked=asked, headers=headers, text_size=len(text.encode()), conversation="",
        together=None, task="",
    )  # fmt: skip


@functools.cache
def words(language: str) -> Mapping[str, str]:
    """What the models are told, in a language as labels name it."""
    told = tomllib.loads(resources.files(__package__).joinpath("data", "collaborate.toml").read_text(encoding="utf-8"))
    chosen: dict[str, str] = told["en" if language in {"en", "other"} else "zh"]
    return {name: text.strip() for name, text in chosen.items()}
