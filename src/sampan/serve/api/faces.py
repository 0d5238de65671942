"""One face per vendor dialect: which fields matter, how a stream ends, how errors look."""

from typing import Any, NamedTuple

from sampan.contract.answer import Frame
from sampan.contract.errors import ApprovalPending, BadRequest, PolicyRefused, SampanError, UpstreamError
from sampan.contract.request import Dialect, Json
from sampan.serve.wire import encoded

_OPENAI_TYPES = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
                 404: "invalid_request_error", 413: "invalid_request_error", 429: "rate_limit_error"}  # fmt: skip
_ANTHROPIC_TYPES = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
                    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error",
                    501: "not_supported_error", 504: "timeout_error", 529: "overloaded_error"}  # fmt: skip


class Face(NamedTuple):
    """A dialect at its path. needs: the member that a body must have, and the types it may be of.

    streams: `stream` means something here. done: a stream ends with `[DONE]`.
    """

    dialect: Dialect
    needs: str
    types: tuple[type, ...]
    anthropic: bool = False
    named_events: bool = False
    done: bool = False
    streams: bool = True


FACES = {
    "/v1/chat/completions": Face(Dialect.CHAT, "messages", (list,), done=True),
    "/v1/completions": Face(Dialect.COMPLETIONS, "prompt", (str, list), done=True),
    "/v1/responses": Face(Dialect.RESPONSES, "input", (str, list), named_events=True),
    "/v1/embeddings": Face(Dialect.EMBEDDINGS, "input", (str, list), streams=False),
    "/v1/messages": Face(Dialect.MESSAGES, "messages", (list,), anthropic=True, named_events=True),
    "/v1/messages/count_tokens": Face(Dialect.COUNT_TOKENS, "messages", (list,), anthropic=True, streams=False),
}


def shape_of(path: str, headers: dict[str, str]) -> Face | None:
    """The face in whose shape an error at this path is told; None stands for OpenAI's."""
    if path.startswith("/v1/messages") or "anthropic-version" in headers:
        return FACES.get(path) or FACES["/v1/messages"]
    return FACES.get(path)


def check_shape(face: Face, body: Json) -> None:
    """Check the members that Sampan itself relies on; the rest is the model's to judge.

    Raises:
        BadRequest: one is missing or of the wrong type, named in `param`.
    """
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise BadRequest("`model` must be a string; `auto` lets Sampan choose.", param="model")
    if face.needs not in body:
        raise BadRequest(f"`{face.needs}` is missing.", param=face.needs)
    value = body[face.needs]
    if not isinstance(value, face.types):
        wanted = " or ".join({"str": "a string", "list": "an array"}[t.__name__] for t in face.types)
        raise BadRequest(f"`{face.needs}` must be {wanted}.", param=face.needs)
    if face.needs == "messages" and isinstance(value, list):
        _check_messages(value)
    if "stream" in body and body["stream"] is not None and not isinstance(body["stream"], bool):
        raise BadRequest("`stream` must be true or false.", param="stream")


def _check_messages(messages: list[Any]) -> None:
    if not messages:
        raise BadRequest("`messages` must not be empty.", param="messages")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise BadRequest(f"`messages[{number}]` must be an object with a `role`.", param=f"messages[{number}]")
        if not isinstance(message.get("content"), str | list | None):
            raise BadRequest(
                f"`messages[{number}].content` must be a string or an array.", param=f"messages[{number}].content"
            )


def event_bytes(face: Face, frame: Frame) -> bytes:
    """One server-sent event."""
    name = frame.event or (str(frame.data.get("type", "")) if face.named_events else "")
    if not name or not name.isprintable():  # a line break in a name would begin another field
        return b"data: %s\n\n" % encoded(frame.data)
    return b"event: %s\ndata: %s\n\n" % (name.encode(), encoded(frame.data))


def error_value(face: Face | None, error: SampanError) -> Json:
    """The error in the vendor's shape; an upstream's own error object is kept."""
    if face is not None and face.anthropic:
        inner = _upstream_error(error, anthropic=True) or _own_error(error, _ANTHROPIC_TYPES)
        return {"type": "error", "error": inner, "request_id": error.receipt or None, "sampan": _extras(error)}
    inner = _upstream_error(error, anthropic=False) or _own_error(error, _OPENAI_TYPES)
    inner.setdefault("param", None)
    inner.setdefault("code", error.code)
    return {"error": inner, "sampan": _extras(error)}


def error_event(face: Face, error: SampanError, number: int = 0) -> bytes:
    """The error as the last event of a stream. number: its place among the events of a Responses stream.

    The Responses API's reference has the facts beside `type`; its SDKs raise only when they stand in `error`.
    """
    value = error_value(face, error)
    if face.dialect is Dialect.RESPONSES:
        inner = value["error"]
        value = {"type": "error", "code": inner["code"], "message": inner["message"], "param": inner["param"],
                 "error": inner, "sequence_number": number, "sampan": value["sampan"]}  # fmt: skip
    name = b"event: error\n" if face.named_events else b""
    return name + b"data: %s\n\n" % encoded(value)


def _upstream_error(error: SampanError, *, anthropic: bool) -> Json | None:
    """The upstream's error object; what it lacks, or has of the other vendor, is said in ours."""
    if not isinstance(error, UpstreamError) or not isinstance(error.upstream, dict):
        return None
    inner = error.upstream.get("error")
    if not isinstance(inner, dict):
        return None
    kept = dict(inner)
    if not isinstance(kept.get("message"), str) or not kept["message"]:
        kept["message"] = error.message
    if not isinstance(kept.get("type"), str) or (anthropic and error.upstream.get("type") != "error"):
        kept["type"] = _type_of(error, _ANTHROPIC_TYPES if anthropic else _OPENAI_TYPES)
    return kept


def _own_error(error: SampanError, types: dict[int, str]) -> Json:
    said = f"{error.message} {' '.join(_sentence(way) for way in error.ways_on)}".strip()
    if not error.ways_on and error.way_on:
        said = f"{error.message} {error.way_on}"
    return {"message": said, "type": _type_of(error, types), "param": error.param or None, "code": error.code}


def _type_of(error: SampanError, types: dict[int, str]) -> str:
    status = error.http_status
    other = "server_error" if types is _OPENAI_TYPES else "api_error"
    return types.get(status, "invalid_request_error" if status < 500 else other)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "。", "?", "!")) else ".")


def _extras(error: SampanError) -> Json:
    extras: Json = {"code": error.code, "ways_on": list(error.ways_on), "receipt": error.receipt or None}
    if isinstance(error, PolicyRefused):
        extras["rules"] = list(error.rules)
    if isinstance(error, ApprovalPending):
        extras["approval"] = {"id": error.approval, "until": error.until}
    return extras
