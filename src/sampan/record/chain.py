"""Links of the chain: canonical JSON, hash, link to the one before."""

import hashlib
import math
import re
from typing import Any

import orjson
import rfc8785

from sampan.contract.errors import Corrupt

GENESIS = "sha256:" + "0" * 64
"""What the first link points to."""
_SAFE_INTEGER = 2**53 - 1
_OPTIONS = (
    orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
)  # fmt: skip
_DOUBTFUL = re.compile(rb"[.l+-](?:0|l|(?<!\.)[0-9]{1,3})[,}\]]")
"""Ends of numbers that orjson may spell in its own way (`1.0`, `1e-6`, `1e+16`), and of `null`, which may be a NaN.

May find some more in a text, which costs time only."""


class _Unusual(Exception):
    """Content for which orjson and RFC 8785 may differ."""


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value under RFC 8785.

    orjson writes the same bytes at a seventieth of the time once the few floats it writes differently are taken care
    of, and as long as keys are ASCII and integers are safe; anything else goes to the reference encoder.

    Raises:
        Corrupt: RFC 8785 has no form for it (NaN, integers over 2^53, lone surrogates).
    """
    raw = _usual(value)
    if raw is not None:
        return raw
    try:
        return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)
    except (_Unusual, TypeError):
        pass
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, TypeError, RecursionError) as error:
        raise Corrupt("This has no canonical JSON form.") from error


def _usual(value: Any) -> bytes | None:
    """What orjson writes, where its bytes show that they are canonical: looking at each value takes five times as long."""
    if type(value) is not dict:
        return None
    try:
        raw = orjson.dumps(value, option=_OPTIONS)
    except TypeError:
        return None
    return raw if raw.isascii() and _DOUBTFUL.search(raw) is None else None


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is dict:
        return {_key(key): _plain(inner) for key, inner in value.items()}
    if kind is list or kind is tuple:
        return [_plain(inner) for inner in value]
    return _number(value)


def _key(key: Any) -> str:
    if type(key) is not str or not key.isascii():
        raise _Unusual
    return key


def _number(value: Any) -> Any:
    if type(value) is int and -_SAFE_INTEGER <= value <= _SAFE_INTEGER:
        return value
    if type(value) is not float or not math.isfinite(value):
        raise _Unusual
    if 1e-6 <= abs(value) < 1e-5:
        return orjson.Fragment(rfc8785.dumps(value))  # ECMAScript has no exponent here, orjson has
    if value != int(value):
        return value
    if abs(value) <= _SAFE_INTEGER:
        return int(value)
    raise _Unusual


def hash_of(content: bytes) -> str:
    """`sha256:<hex>`."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def linked(link: dict[str, Any]) -> bytes:
    """Put its hash into a link (which has `prev` and `n` by now) and return its canonical JSON."""
    raw = _usual(link)
    link["hash"] = hash_of(raw or canonical(link))
    return orjson.dumps(link, option=_OPTIONS) if raw else canonical(link)  # a hash makes nothing unusual
