"""Whether a JSON value fits a JSON schema: the keywords that APIs of models know (draft 2020-12, without references out)."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from sampan.contract.request import Json
from sampan.contract.verdict import Call

_DEEPEST = 32
_LONGEST = 1 << 20
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),), "number": (int, float),
    "integer": (int, float),
}  # fmt: skip


def json_fits(text: str, schema: Json | None) -> bool:
    """Whether a text is one JSON value, and fits the schema where there is one."""
    if len(text) > _LONGEST:
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return schema is None or fits(value, schema)


def calls_fit(calls: tuple[Call, ...], tools: Mapping[str, Json]) -> bool:
    """Whether each call names a tool that was offered, with arguments that fit its schema."""
    return all(
        call.name in tools and json_fits(call.arguments or "{}", {"type": "object", **tools[call.name]})
        for call in calls
    )


def fits(value: object, schema: object) -> bool:
    """Whether a value fits a schema. Keywords that are not known here are not held against it."""
    root = schema if isinstance(schema, dict) else {}
    return _fits(value, schema, root, 0)


def _fits(value: object, schema: object, root: Json, depth: int) -> bool:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return True
    if isinstance(target := schema.get("$ref"), str):
        return _fits(value, _referred(target, root), root, depth + 1)

    def inner(part: object, of: object) -> bool:
        return _fits(part, of, root, depth + 1)

    return (
        _is_typed(value, schema)
        and _is_listed(value, schema)
        and _joined(value, schema, inner)
        and _parts(value, schema, inner)
    )


def _referred(target: str, root: Json) -> object:
    """What `#/$defs/name` points to; anything goes where it points to nothing."""
    at: Any = root
    for step in target.removeprefix("#").strip("/").split("/") if target.startswith("#") else ():
        at = at.get(step) if isinstance(at, dict) else at
    return at if isinstance(at, dict | bool) and target.startswith("#") else True


def _is_typed(value: object, schema: Json) -> bool:
    wanted = schema.get("type")
    if wanted is None:
        return True
    return any(_is_a(value, name) for name in (wanted if isinstance(wanted, list) else [wanted]))


def _is_a(value: object, name: object) -> bool:
    kinds = _TYPES.get(str(name))
    if kinds is None:
        return True
    if isinstance(value, bool):
        return bool in kinds
    whole = not isinstance(value, float) or (math.isfinite(value) and value == int(value))
    return isinstance(value, kinds) and (name != "integer" or whole)


def _is_listed(value: object, schema: Json) -> bool:
    if "const" in schema and value != schema["const"]:
        return False
    return not isinstance(schema.get("enum"), list) or value in schema["enum"]


_Inner = Callable[[object, object], bool]


def _joined(value: object, schema: Json, inner: _Inner) -> bool:
    for name, wanted in (("allOf", all), ("anyOf", any)):
        options = schema.get(name)
        if isinstance(options, list) and options and not wanted(inner(value, option) for option in options):
            return False
    options = schema.get("oneOf")
    return not isinstance(options, list) or sum(inner(value, option) for option in options) == 1


def _parts(value: object, schema: Json, inner: _Inner) -> bool:
    if isinstance(value, dict):
        return _members(value, schema, inner)
    if isinstance(value, list):
        items = schema.get("items")
        return _within(len(value), schema, "minItems", "maxItems") and (
            items is None or all(inner(each, items) for each in value)
        )
    if isinstance(value, str):
        return _within(len(value), schema, "minLength", "maxLength")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _within(value, schema, "minimum", "maximum")
    return True


def _members(value: dict[str, Any], schema: Json, inner: _Inner) -> bool:
    known = schema.get("properties")
    known = known if isinstance(known, dict) else {}
    required = schema.get("required")
    if isinstance(required, list) and any(name not in value for name in required):
        return False
    more = schema.get("additionalProperties", True)
    return all(inner(each, known.get(name, more)) for name, each in value.items())


def _within(number: float, schema: Json, least: str, most: str) -> bool:
    low, high = schema.get(least), schema.get(most)
    return (not isinstance(low, int | float) or number >= low) and (not isinstance(high, int | float) or number <= high)
