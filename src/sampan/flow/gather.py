"""Gather what a request refers to: earlier turns of the Responses API, kept by Sampan itself."""

from typing import Any, Protocol

import msgspec

from sampan.contract.answer import Frame
from sampan.contract.errors import BadRequest
from sampan.contract.request import Dialect, Json, Request

_CLOSING = frozenset({"response.completed", "response.incomplete"})


class Conversations(Protocol):
    """Where the Responses API's state is kept, one scope per principal."""

    def get(self, scope: str, response_id: str) -> Json:
        """`{"items": [...], "response": {...}}` kept for this principal; raises NotFound."""

    def put(self, scope: str, response_id: str, state: Json) -> None:
        """Keep a state."""

    def delete(self, scope: str, response_id: str) -> None:
        """Drop a state; raises NotFound."""


def scope_of(request: Request) -> str:
    """The name under which a principal's state is kept."""
    return f"{request.principal.user}/{request.principal.key}"


class Turns:
    """Puts earlier turns before a Responses request, and keeps the new one."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def gather(self, request: Request) -> Request:
        """The request with the full history in `input`; other dialects carry theirs already."""
        if request.dialect is not Dialect.RESPONSES:
            return request
        previous = request.body.get("previous_response_id")
        if not previous:
            return request
        if not isinstance(previous, str):
            raise BadRequest("`previous_response_id` must be a string.", param="previous_response_id")
        history = self._conversations.get(scope_of(request), previous)["items"]
        body = {k: v for k, v in request.body.items() if k != "previous_response_id"}
        body["input"] = [*history, *as_items(request.body.get("input"))]
        return msgspec.structs.replace(request, body=body)

    def keep(self, request: Request, reply: Frame) -> Frame:
        """Keep a finished response unless the caller said `store: false`."""
        if request.dialect is not Dialect.RESPONSES:
            return reply
        response = _finished(request, reply)
        if response is None:
            return _as_seen(request, reply)
        seen = _as_seen(request, reply)
        response = _response_of(seen)
        if request.body.get("store") is not False and isinstance(response.get("id"), str):
            items = [*self._history(request), *as_items(request.body.get("input")), *response.get("output", [])]
            self._conversations.put(scope_of(request), response["id"], {"items": items, "response": response})
        return seen

    def kept(self, scope: str, response_id: str) -> Json:
        """A response that was kept for this principal."""
        response: Json = self._conversations.get(scope, response_id)["response"]
        return response

    def forget(self, scope: str, response_id: str) -> None:
        """Drop a kept response."""
        self._conversations.delete(scope, response_id)

    def _history(self, request: Request) -> list[Any]:
        previous = request.body.get("previous_response_id")
        return self._conversations.get(scope_of(request), previous)["items"] if previous else []


def as_items(value: object) -> list[Any]:
    """A Responses `input` as a list of items."""
    if isinstance(value, str):
        return [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": value}]}]
    return list(value) if isinstance(value, list) else []


def _response_of(reply: Frame) -> Json:
    inner = reply.data.get("response")
    return inner if isinstance(inner, dict) else reply.data


def _finished(request: Request, reply: Frame) -> Json | None:
    if not request.stream:
        return reply.data
    return _response_of(reply) if reply.data.get("type") in _CLOSING else None


def _as_seen(request: Request, reply: Frame) -> Frame:
    """Upstreams are told `store: false`; the caller sees what the caller asked for."""
    response = _response_of(reply)
    if response.get("object") != "response":
        return reply
    seen = {
        **response,
        "store": request.body.get("store") is not False,
        "previous_response_id": request.body.get("previous_response_id"),
    }
    return Frame({**reply.data, "response": seen} if response is not reply.data else seen, reply.event)
