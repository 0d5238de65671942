"""Plain ASGI for the hot path: bodies in, JSON and event streams out."""

import zlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import orjson

from sampan.contract.errors import BadRequest, TooLarge

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_SECURITY: Headers = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]


class ClientLeft(Exception):
    """The caller hung up."""


def headers_of(scope: Scope) -> dict[str, str]:
    """Request headers, lower-case; of a repeated one the last counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def read_body(receive: Receive, headers: dict[str, str], limit: int) -> bytes:
    """The whole request body, decompressed, of at most `limit` bytes.

    Raises:
        TooLarge: the body, or what it decompresses to, is over the limit.
        BadRequest: an encoding that is not offered, or a broken one.
        ClientLeft: the caller hung up while sending.
    """
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"The body has {int(declared):,} bytes; the limit is {limit:,}.")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
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
    encoding = headers.get("content-encoding", "identity")
    return body if encoding == "identity" else _inflate(body, encoding, limit)


def _inflate(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding not in {"gzip", "deflate"}:
        raise BadRequest(f"Content-Encoding {encoding!r} is not offered.", hint="Send it plain or with gzip.")
    inflater = zlib.decompressobj(47)
    try:
        out = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise BadRequest(f"The body is not valid {encoding}.") from None
    if len(out) > limit:
        raise TooLarge(f"The body decompresses to more than the limit of {limit:,} bytes.")
    if not inflater.eof:
        raise BadRequest(f"The {encoding} body ends in the middle.")
    return out


async def send_json(send: Send, status: int, value: object, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """One JSON reply."""
    body = orjson.dumps(value)
    start = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *_SECURITY, *headers]})
    await send({"type": "http.response.body", "body": body})


async def start_stream(send: Send, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Begin a stream of server-sent events."""
    start = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": [*start, *_SECURITY, *headers]})


async def send_part(send: Send, part: bytes) -> None:
    """One piece of a stream."""
    await send({"type": "http.response.body", "body": part, "more_body": True})


async def end_stream(send: Send) -> None:
    """The end of a stream."""
    await send({"type": "http.response.body", "body": b""})
