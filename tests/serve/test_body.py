"""Small bodies, checked against their struct."""

import msgspec
import pytest
from starlette.requests import Request

from sampan.contract.errors import BadRequest, TooLarge
from sampan.serve.body import body_of


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    name: str


def request(raw, kind=b"application/json"):
    async def receive():
        return {"type": "http.request", "body": raw, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}, receive)


async def test_a_right_body():
    assert (await body_of(request(b'{"name": "x"}'), Wanted)).name == "x"


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"name": 1}', b'{"name": "x", "other": 1}', b'{"name":"x","name":"y"}']
)
async def test_wrong_bodies(raw):
    with pytest.raises(BadRequest):
        await body_of(request(raw), Wanted)


async def test_another_type_and_too_much():
    with pytest.raises(BadRequest):
        await body_of(request(b'{"name": "x"}', b"text/plain"), Wanted)
    with pytest.raises(TooLarge):
        await body_of(request(b'{"name": "%s"}' % (b"x" * (1 << 20))), Wanted)
