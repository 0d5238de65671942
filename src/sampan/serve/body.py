"""Small JSON bodies, of Sampan's own API and of its pages' scripts."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from sampan.contract.errors import BadRequest
from sampan.serve import wire
from sampan.serve.parse import parse_object

_SMALL = 1 << 20
"""Bytes that a request to `/sampan/` may have, where it is not a vendor request."""

T = TypeVar("T", bound=msgspec.Struct)


async def body_of(request: Request, kind: type[T], limit: int = _SMALL) -> T:
    """Read a body of at most `limit` bytes into its struct.

    Raises:
        BadRequest: something in it is wrong, and what. TooLarge: it is longer.
    """
    headers = wire.headers_of(request.scope)
    wire.check_type(headers)
    value = parse_object(await wire.read_body(request.receive, headers, limit))
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
