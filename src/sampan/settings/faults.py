"""What is wrong with a value in a settings file, as a clause for a person, out of what `msgspec` says of it."""

import difflib
import re
import types
from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

import msgspec

from sampan.wording import worded

Path = Sequence[str | int]
_TYPES = {
    "int": worded("a whole number"),
    "float": worded("a number"),
    "str": worded('a text in quotes, such as "this"'),
    "bool": worded("true or false, without quotes"),
    "array": worded('a list, such as ["a", "b"]'),
    "object": worded("a table"),
    "null": "",
}
_GOT = re.compile(r"expected `([^`]*)`, got `[^`]*`")
_LACKING = re.compile(r"object missing required field `(.*)`")
_BOUND = re.compile(r"expected `\w+` (<=|>=|<|>) ([\d.]+)")


def path_of(dotted: str) -> list[str | int]:
    """The steps of a path as `msgspec` writes it: `model[0].realm`."""
    found = re.findall(r"([\w-]+)|\[(\d+)\]", dotted.rstrip("`"))
    return [int(index) if index else name for name, index in found]


def names_at(tables: Any, path: Path) -> list[str]:
    """What may stand in the table at this path."""
    kind = _struct(type_at(tables, path))
    return [field.name for field in msgspec.structs.fields(kind)] if kind is not None else []


def clause(tables: Any, path: Path, what: str, value: object) -> str:
    """What is wrong with this value. what: as `msgspec` says it. tables: the type of the whole file."""
    what = what[:1].lower() + what[1:]
    if "invalid enum value" in what:
        return _none_of(value, _choices(type_at(tables, path)))
    if lacking := _LACKING.fullmatch(what):
        return worded(f"`{lacking[1]}` is missing here")
    if bound := _BOUND.fullmatch(what):
        return _bounded(bound[1], bound[2].removesuffix(".0"))
    if (got := _GOT.fullmatch(what)) and (wanted := [_TYPES[name] for name in got[1].split(" | ") if _TYPES.get(name)]):
        return worded(f"this must be {' or '.join(wanted)}")
    return what


def _bounded(sign: str, limit: str) -> str:
    match sign:
        case "<=":
            return worded(f"it must be {limit} or less")
        case ">=":
            return worded(f"it must be {limit} or more")
        case "<":
            return worded(f"it must be less than {limit}")
        case _:
            return worded(f"it must be more than {limit}")


def type_at(tables: Any, path: Path) -> Any:
    """The type of the value at this path; None where there is none."""
    kind = tables
    for step in path:
        if isinstance(step, int):
            kind = next((each for each in get_args(_plain(kind)) if each is not type(None)), None)
            continue
        struct = _struct(kind)
        kind = None if struct is None else _field(struct, step)
    return kind


def _field(struct: Any, name: str) -> Any:
    return next((field.type for field in msgspec.structs.fields(struct) if field.name == name), None)


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _struct(kind: Any) -> Any:
    """The struct of a table, also where it may be left out or stands in a list."""
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    if isinstance(kind, types.GenericAlias | types.UnionType):
        return next((found for each in get_args(kind) if (found := _struct(each)) is not None), None)
    return None


def _choices(kind: Any) -> list[str]:
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(each.value) for each in kind]
    return list(dict.fromkeys(choice for each in get_args(kind) for choice in _choices(each)))


def _none_of(value: object, choices: list[str]) -> str:
    close = difflib.get_close_matches(str(value), choices, 1, 0.5)
    if close:
        return worded(f"`{value}` is none of {', '.join(choices)}; did you mean `{close[0]}`?")
    return worded(f"`{value}` is none of {', '.join(choices)}")
