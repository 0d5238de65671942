"""From bytes to JSON, strictly: UTF-8, an object, no member twice, bounded depth."""

import json
from typing import Any

import orjson

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.wording import worded

MAX_DEPTH = 120
_SPACES = b" \t\r\n"
_HOLDERS = (dict, list)


def parse_object(body: bytes) -> Json:
    """Parse a request body.

    Raises:
        BadRequest: not UTF-8, not JSON (with line and column), not an object, a member twice, too deep, an integer that
            could only be passed on rounded.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(_where(body, error)) from None
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object.")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        _refuse_deep(value)
    if not _said_once(body, value):
        _refuse_twice(body)
    return value


def _said_once(body: bytes, value: Json) -> bool:
    """Whether the body, written anew from what was read, is the same but for spaces: then nothing in it was lost.

    Taking the spaces out of strings too changes no member, so as many members as were read were written.
    """
    written = orjson.dumps(value)
    return written == body or written.translate(None, _SPACES) == body.translate(None, _SPACES)


def _where(body: bytes, error: orjson.JSONDecodeError) -> str:
    if not body.strip():
        return worded("The body is empty; a JSON object is wanted.")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as bad:
        return worded(f"The body is not valid UTF-8 (byte {bad.start}).")
    return worded(f"The body is not valid JSON: {error.msg.split(':')[0]} (line {error.lineno}, column {error.colno}).")


def _refuse_twice(body: bytes) -> None:
    """Other parsers would read another of the two values than we scanned."""

    def members(pairs: list[tuple[str, Any]]) -> Json:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise BadRequest("A member of the JSON object appears twice.")
        return found

    try:
        json.loads(body, object_pairs_hook=members, parse_int=_exact, parse_float=str)
    except RecursionError:
        raise BadRequest("The JSON is nested too deeply.") from None


def _exact(digits: str) -> str:
    """Refuse what would be rounded on the way: whoever wrote it meant every digit."""
    if len(digits) > 18 and (len(digits) > 20 or not -(1 << 63) <= int(digits) < 1 << 64):
        raise BadRequest("An integer of more than 64 bits cannot be passed on exactly; write it as text.")
    return digits


def _refuse_deep(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for each in level:
            if isinstance(each, dict):
                below.extend([v for v in each.values() if isinstance(v, _HOLDERS)])
            elif isinstance(each, list):
                below.extend([v for v in each if isinstance(v, _HOLDERS)])
        if not below:
            return
        level = below
    raise BadRequest(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
