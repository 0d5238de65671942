"""Plain ASGI for the hot path: bodies in, JSON and event streams out."""

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import orjson

from sampan.contract.errors import BadRequest, TooLarge, TooSlow

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
"""What every reply carries."""

PATIENCE_S = 30.0
"""How long a caller may be silent in the middle of a body."""


class ClientLeft(Exception):
    """The caller hung up."""


def headers_of(scope: Scope) -> dict[str, str]:
    """Request headers, lower-case; the values of a repeated one are joined by a comma, as RFC 9110 reads them."""
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    headers = dict(pairs)
    if len(headers) != len(pairs):
        for name in headers:
            headers[name] = ", ".join(value for each, value in pairs if each == name)
    return headers


def check_type(headers: dict[str, str]) -> None:
    """Refuse every body that is not declared as JSON: a form of another site cannot declare that.

    Raises:
        BadRequest: it is something else, or not declared.
    """
    kind = headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind != "application/json":
        raise BadRequest("Content-Type must be application/json.", hint="Send `content-type: application/json`.")


async def read_body(receive: Receive, headers: dict[str, str], limit: int) -> bytes:
    """The whole request body, decompressed, of at most `limit` bytes.

    Raises:
        TooSlow: nothing more of it came for `PATIENCE_S` seconds.
        TooLarge: the body, or what it decompresses to, is over the limit.
        BadRequest: an encoding that is not offered, or a broken one.
        ClientLeft: the caller hung up while sending.
    """
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(f"The body has {int(declared):,} bytes; the limit is {limit:,}.")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await _more(receive)
        if message["type"] == "http.disconnect":
            raise ClientLeft
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge(f"The body has more than the limit of {limit:,} bytes.")
        parts.append(part)
        if not message.get("more_body"):
            break
    body = parts[0] if len(parts) == 1 else b"".join(parts)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    return body if encoding == "identity" else _inflate(body, encoding, limit)


async def _more(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await receive()
    except TimeoutError:
        raise TooSlow("The rest of the body did not come.") from None


def _inflate(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding not in {"gzip", "deflate"}:
        raise BadRequest("This Content-Encoding is not offered.", hint="Send it plain or with gzip.")
    inflater = zlib.decompressobj(47)
    try:
        out = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise BadRequest(f"The body is not valid {encoding}.") from None
    if len(out) > limit:
        raise TooLarge(f"The body decompresses to more than the limit of {limit:,} bytes.")
    if not inflater.eof:
        raise BadRequest(f"The {encoding} body ends in the middle.")
    if inflater.unused_data:
        raise BadRequest(f"Something follows the end of the {encoding} body.")
    return out


def encoded(value: object) -> bytes:
    """JSON bytes, also of what an answer may hold beyond orjson: integers over 64 bits, halves of a surrogate pair."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def adding(send: Send, headers: Headers) -> Send:
    """A `send` that adds headers to a reply, where it does not carry them already."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(pair for pair in headers if pair[0] not in there)]
        await send(message)

    return sending


async def _told(send: Send, message: Message) -> None:
    """Some servers raise when the caller is gone, others drop what is sent."""
    try:
        await send(message)
    except OSError:
        raise ClientLeft from None


async def send_json(send: Send, status: int, value: object, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """One JSON reply."""
    body = encoded(value)
    start = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await _told(send, {"type": "http.response.start", "status": status, "headers": [*start, *SECURITY, *headers]})
    await _told(send, {"type": "http.response.body", "body": body})


async def start_stream(send: Send, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Begin a stream of server-sent events."""
    start = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
    await _told(send, {"type": "http.response.start", "status": 200, "headers": [*start, *SECURITY, *headers]})


async def send_part(send: Send, part: bytes) -> None:
    """One piece of a stream."""
    await _told(send, {"type": "http.response.body", "body": part, "more_body": True})


async def end_stream(send: Send) -> None:
    """The end of a stream."""
    await _told(send, {"type": "http.response.body", "body": b""})
