"""Careful reading of JSON that somebody else wrote.

Of a caller's: the right type, or BadRequest naming the field. Of a model's endpoint: the right type, or nothing.
"""

from collections.abc import Iterable
from typing import Any

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json


def objects(value: Any, name: str) -> list[Json]:
    """Return `value` as a list of objects; an absent one is empty.

    Raises:
        BadRequest: it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadRequest(f"`{name}` has to be a list of objects.", param=name)
    return value


def object_of(value: Any, name: str) -> Json:
    """Return `value` as an object; an absent one is empty.

    Raises:
        BadRequest: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest(f"`{name}` has to be an object.", param=name)
    return value


def string(value: Any, name: str) -> str:
    """Return `value` as a string.

    Raises:
        BadRequest: it is something else, or absent.
    """
    if not isinstance(value, str):
        raise BadRequest(f"`{name}` has to be a string.", param=name)
    return value


def blocks(value: Any, name: str, kind: str = "text") -> list[Json]:
    """Return content as a list of parts: a string becomes one part of type `kind`.

    Raises:
        BadRequest: neither a string nor a list of objects.
    """
    if isinstance(value, str):
        return [{"type": kind, "text": value}]
    return objects(value, name)


def unknown_part(part: Json, where: str) -> BadRequest:
    """The error for a part that has no counterpart: content is never dropped silently."""
    kind = part.get("type")
    shown = kind if isinstance(kind, str) and len(kind) <= 64 else "without a type"
    return BadRequest(
        f"A content part `{shown}` in `{where}` cannot be translated for this model.",
        hint="Leave the part out, or choose a model that speaks this API.",
        param=where,
    )


def not_offered_tool(tool: Json) -> BadRequest:
    """The error for a tool that runs at the vendor's."""
    kind = tool.get("type")
    shown = kind if isinstance(kind, str) and len(kind) <= 64 else "of an unknown type"
    return BadRequest(
        f"The built-in tool `{shown}` is not offered with this model.",
        hint="Offer a function tool of your own instead.",
        param="tools",
    )


def copied(source: Json, names: Iterable[str]) -> Json:
    """The members of `source` with these names, where they are given and not null."""
    return {name: source[name] for name in names if source.get(name) is not None}


def data_url(url: str) -> tuple[str, str] | None:
    """Split `data:<media type>;base64,<data>`; None when it is no such URL (RFC 2397)."""
    head, comma, data = url.partition(",")
    if not comma or head[:5].lower() != "data:" or not head.lower().endswith(";base64"):
        return None
    return head[5:-7].split(";")[0].lower(), data


def said_object(value: Any) -> Json:
    """What an endpoint says where an object belongs; empty when it is none."""
    return value if isinstance(value, dict) else {}


def said_objects(value: Any) -> list[Json]:
    """The objects an endpoint says where a list of them belongs."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def said_text(value: Any) -> str:
    """What an endpoint says where a string belongs; empty when it is none."""
    return value if isinstance(value, str) else ""


def said_number(value: Any, otherwise: int = 0) -> int:
    """What an endpoint says where a count or an index belongs."""
    return value if isinstance(value, int) and value >= 0 else otherwise
