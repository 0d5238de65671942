"""What a form or a script sent: bounded, flat."""

from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.serve import wire
from sampan.serve.parse import parse_object

FORM_LIMIT = 256 << 10
_FIELDS = 200
_T = TypeVar("_T", bound=msgspec.Struct)


async def posted(request: Request, limit: int = FORM_LIMIT) -> dict[str, str]:
    """The fields of a form, each once.

    Raises:
        BadRequest: not a form, or a field twice. TooLarge: more than `limit` bytes.
    """
    headers = wire.headers_of(request.scope)
    if headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        raise BadRequest("This takes a form.")
    raw = await wire.read_body(request.receive, headers, limit)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=_FIELDS)
    except ValueError:
        raise BadRequest("This form cannot be read.") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadRequest("A field of the form appears twice.")
    return fields


async def sent(request: Request, limit: int = FORM_LIMIT) -> Json:
    """The JSON object that a script sent; raises as `posted`."""
    headers = wire.headers_of(request.scope)
    wire.check_type(headers)
    return parse_object(await wire.read_body(request.receive, headers, limit))


def converted(value: Json, kind: type[_T]) -> _T:
    """What a script sent, as a struct; raises BadRequest."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
