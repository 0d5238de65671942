"""Bodies are parsed strictly."""

import pytest

from sampan.contract.errors import BadRequest
from sampan.serve.parse import MAX_DEPTH, parse_object


def test_good():
    assert parse_object(b'{"a": 1, "b": "\xe9\x99\xb3"}') == {"a": 1, "b": "陳"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"{", "not valid JSON"),
        (b'{"a": 1,}', "line 1"),
        (b"[1]", "must be a JSON object"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"m": {"a":1,"a":2}}', "twice"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "deep"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", ""),
        (b'{"a": NaN}', "not valid JSON"),
    ],
)
def test_bad(body, said):
    with pytest.raises(BadRequest) as caught:
        parse_object(body)
    assert said in caught.value.message


def test_just_deep_enough():
    parse_object(b'{"a":' * (MAX_DEPTH - 1) + b"1" + b"}" * (MAX_DEPTH - 1))
