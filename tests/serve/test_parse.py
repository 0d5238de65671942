"""Bodies are parsed strictly."""

import contextlib
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (b'{"a": 1e999}', "not valid JSON"),
        (b'{"a": "\\ud800"}', "not valid JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "not valid JSON"),
        (b'{"a": 1} {"a": 1}', "not valid JSON"),
        # as long as what it is read as: 1e3 is written as 1000.0
        (b'{"a":1,"a":1,"n":[1e3,1e3]}', "twice"),
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b'{\n  "a": 1,\n  "a": 1\n}', "twice"),
        (b'{"a ": 1, "a": {"b" : 2, "b" : 2}}', "twice"),
        (b'{"a":1,"b":{"c":[{"d":1,"d":1}]}}', "twice"),
    ],
)
def test_bad(body, said):
    with pytest.raises(BadRequest) as caught:
        parse_object(body)
    assert said in caught.value.message


@given(st.recursive(st.none() | st.text(" :,\"{}ab\n") | st.integers(0, 9),
                    lambda inner: st.lists(st.tuples(st.text(' ab":', max_size=2), inner), max_size=4)),
       st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\n\t", ":\r\n")]))  # fmt: skip
def test_a_member_that_is_there_twice_is_found_in_every_spelling(value, separators):
    twice = False

    def written(value):
        nonlocal twice
        if not isinstance(value, list):
            return json.dumps(value)
        twice = twice or len(dict(value)) != len(value)
        return "{" + separators[0].join(json.dumps(k) + separators[1] + written(v) for k, v in value) + "}"

    body = written([("m", value)]).encode()
    with pytest.raises(BadRequest, match="twice") if twice else contextlib.nullcontext():
        parse_object(body)


def test_just_deep_enough():
    assert parse_object(b'{"a":' * (MAX_DEPTH - 1) + b"1" + b"}" * (MAX_DEPTH - 1))["a"]


def test_the_case_of_equal_length_is_one():
    body = b'{"a":1,"a":1,"n":[1e3,1e3]}'
    assert len(orjson.dumps(orjson.loads(body))) == len(body)


def test_long_numbers_are_no_failure():
    assert parse_object(b'{"a": 1e300, "b": 1e5}') == {"a": 1e300, "b": 1e5}
    with pytest.raises(BadRequest):
        parse_object(b'{"a": ' + b"1" * 5000 + b"}")
    parse_object(b'{"a": 0.' + b"1" * 5000 + b"}")


def test_a_body_written_otherwise_is_the_same():
    assert parse_object(b'{ "a" : [ 1.50, "\\u9673" ] }\n') == {"a": [1.5, "陳"]}


@pytest.mark.parametrize("number", ["18446744073709551616", "-9223372036854775809", "1" * 30, "1" * 300])
def test_an_integer_that_would_be_rounded_is_refused(number):
    with pytest.raises(BadRequest, match="64 bits"):
        parse_object(b'{"n": %s}' % number.encode())


@pytest.mark.parametrize("number", [2**64 - 1, -(2**63), 10**18])
def test_an_integer_that_fits_is_kept(number):
    assert parse_object(b'{"n": %d}' % number) == {"n": number}
