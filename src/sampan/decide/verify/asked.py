"""What a request asks for, as far as an answer can be held against it."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sampan.contract.request import Dialect, Json, Request
from sampan.decide.needs import LIMITS

_TEXT = ("text", "input_text", "output_text")


class Asked(msgspec.Struct, frozen=True):
    """question: the last thing that the user said. context: all other text, tool results included.

    wants_json: an answer in JSON is asked for; schema: its JSON schema, where one is given.
    tools: name -> JSON schema of its arguments. limited: the caller set a limit of tokens.
    """

    question: str = ""
    context: str = ""
    wants_json: bool = False
    schema: Json | None = None
    tools: Mapping[str, Json] = {}
    limited: bool = False


def asked_of(request: Request) -> Asked:
    """Read a request of any dialect; what has another shape than the vendors' counts as not there."""
    body = request.body
    turns = list(_turns(request.dialect, body))
    last = next((at for at in range(len(turns) - 1, -1, -1) if turns[at][0] == "user"), len(turns) - 1)
    wants_json, schema = _format(body)
    return Asked(
        question=turns[last][1] if turns else "",
        context="\n".join(text for at, (_, text) in enumerate(turns) if at != last and text),
        wants_json=wants_json,
        schema=schema,
        tools=dict(_tools(body)),
        limited=any(isinstance(body.get(name), int) for name in LIMITS) and request.dialect is not Dialect.MESSAGES,
    )


def _turns(dialect: Dialect, body: Json) -> Iterator[tuple[str, str]]:
    """(role, text) of everything that was said so far."""
    if dialect is Dialect.COMPLETIONS:
        yield "user", text_of(body.get("prompt"))
        return
    for name in ("system", "instructions"):
        if body.get(name):
            yield "system", text_of(body[name])
    turns = body.get("input") if dialect is Dialect.RESPONSES else body.get("messages")
    if isinstance(turns, str):
        yield "user", turns
        return
    for turn in turns if isinstance(turns, list) else ():
        if isinstance(turn, dict):
            is_result = turn.get("type") == "function_call_output"
            said = turn.get("output") if is_result else turn.get("content")
            yield str(turn.get("role") or ("tool" if is_result else "")), text_of(said)


def text_of(content: object) -> str:
    """The text of a message's content: a string, or parts of which some are text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "\n".join(filter(None, (_part(part) for part in content)))


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        return ""
    if part.get("type") == "tool_result":
        return text_of(part.get("content"))
    return str(part.get("text") or "") if part.get("type", "text") in _TEXT else ""


def _format(body: Json) -> tuple[bool, Json | None]:
    """Whether JSON is asked for, and its schema, in whichever place the dialect has for that."""
    for place in ("response_format", "output_format"):
        if isinstance(wish := body.get(place), dict):
            return _wish(wish)
    for place in ("text", "output_config"):
        outer = body.get(place)
        if isinstance(outer, dict) and isinstance(wish := outer.get("format"), dict):
            return _wish(wish)
    return False, None


def _wish(wish: Json) -> tuple[bool, Json | None]:
    inner = wish.get("json_schema")
    schema = inner.get("schema") if isinstance(inner, dict) else wish.get("schema")
    return str(wish.get("type", "")).startswith("json"), schema if isinstance(schema, dict) else None


def _tools(body: Json) -> Iterator[tuple[str, Json]]:
    for tool in body["tools"] if isinstance(body.get("tools"), list) else ():
        if not isinstance(tool, dict):
            continue
        inner: Any = tool.get("function") if isinstance(tool.get("function"), dict) else tool
        schema = inner.get("parameters", inner.get("input_schema"))
        if isinstance(inner.get("name"), str):
            yield inner["name"], schema if isinstance(schema, dict) else {}
