"""What a form sent: bounded, flat."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from sampan.contract.errors import BadRequest
from sampan.serve import wire

FORM_LIMIT = 256 << 10
_FIELDS = 200


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
