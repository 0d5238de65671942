"""What a model's endpoint says when it fails, as our errors. Pure; keeps what clients branch on.

The upstream's status, error body, Retry-After and rate-limit headers stay. Two exceptions: a 401 or 403 is about the
key in our settings, not about the caller's, so it becomes 502 `upstream_auth` and its body (which often quotes the
key) is dropped; a redirect is never followed and becomes 502.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from sampan.contract.errors import UpstreamAuth, UpstreamDown, UpstreamError, UpstreamRefused
from sampan.contract.request import Json
from sampan.wording import worded

RETRYABLE = frozenset({429, 500, 502, 503, 504, 529})
ERROR_LIMIT = 1 << 20
"""Bytes of an error body that are read."""
_VISIBLE = frozenset({"request-id", "x-request-id", "openai-processing-ms", "retry-after", "retry-after-ms"})
_VISIBLE_PREFIXES = ("anthropic-ratelimit-", "x-ratelimit-")
_TYPES = {
    "invalid_request_error": 400, "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429,
    "rate_limit_exceeded": 429, "insufficient_quota": 429, "api_error": 500, "server_error": 500,
    "timeout_error": 504, "overloaded_error": 529,
}  # fmt: skip
"""Error types of both vendors, for errors that come without a status, inside a stream."""


def visible(headers: Mapping[str, str]) -> dict[str, str]:
    """The response headers that a caller may see; names are lower-case already."""
    return {name: value for name, value in headers.items() if name in _VISIBLE or name.startswith(_VISIBLE_PREFIXES)}


def refused(who: str, status: int, headers: Mapping[str, str], raw: bytes) -> UpstreamError:
    """The error for an answer that is not 2xx. `who`: the model's name."""
    shown = visible(headers)
    if 300 <= status < 400:
        return UpstreamDown(f"{who} answered with a redirect, which is not followed.")
    if status in (401, 403):
        return UpstreamAuth(f"{who} does not accept the key that Sampan has for it.", status=502, headers=shown)
    if not 400 <= status < 600 or status == 407:
        return UpstreamDown(f"{who} answered {status}, which means nothing here.", headers=shown)
    kind = UpstreamRefused if status < 500 else UpstreamDown
    return kind(
        worded(f"{who} answered {status}."),
        status=status, upstream=_parsed(raw), headers=shown, retryable=status in RETRYABLE,
    )  # fmt: skip


def reported(who: str, value: Json, *, answered: bool) -> UpstreamError:
    """The error for one that came with status 200. `answered`: part of the answer has been handed on."""
    body = normal(value) or {}
    inner = body.get("error", {})
    status = inner.get("code") if isinstance(inner.get("code"), int) else None
    status = status or _TYPES.get(str(inner.get("type"))) or _TYPES.get(str(inner.get("code"))) or 502
    if status in (401, 403):
        return UpstreamAuth(f"{who} does not accept the key that Sampan has for it.", status=502)
    kind = UpstreamRefused if 400 <= status < 500 else UpstreamDown
    return kind(
        worded(f"{who} reported an error in the middle of its answer.") if answered else worded(f"{who} reported an error."),
        status=status, upstream=body, retryable=status in RETRYABLE and not answered,
    )  # fmt: skip


def is_error(value: Json, event: str = "") -> bool:
    """Whether an event, or a body that came with status 200, is an error in either vendor's shape."""
    if event == "error" or value.get("type") == "error":
        return True
    # A whole Responses reply has `error` beside its output; there it is the caller's to read.
    return bool(value.get("error")) and not value.get("choices") and "output" not in value


def normal(value: Any) -> Json | None:
    """An error body with its facts under `error`, whoever made it; None when it is no JSON object."""
    if not isinstance(value, dict):
        return None
    inner = value.get("error")
    if isinstance(inner, dict):
        return value
    message = inner or value.get("message") or value.get("detail")
    facts = {name: value[name] for name in ("code", "param") if value.get(name) is not None}
    text = message if isinstance(message, str) else orjson.dumps(message).decode() if message else ""
    return {**value, "error": {"message": text, **facts}} if text or facts else value


def _parsed(raw: bytes) -> Json | None:
    try:
        return normal(orjson.loads(raw))
    except orjson.JSONDecodeError:
        return None
