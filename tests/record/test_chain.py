import hashlib
import math

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.errors import Corrupt
from sampan.record.chain import canonical, hash_of, linked

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
ROUNDED = st.floats(0, 1e7, allow_nan=False).map(lambda x: round(x, 9))
LEAVES = st.none() | st.booleans() | TEXT | NUMBERS | ROUNDED
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_the_bytes_are_those_of_the_reference_encoder(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_written_as_ecmascript_does(number):
    assert canonical({"x": number}) == rfc8785.dumps({"x": number})


@given(st.floats(-25, 25), st.booleans())
def test_floats_of_every_size(exponent, negative):
    number = (-1 if negative else 1) * 10.0**exponent
    for value in (number, round(number, 9), float(f"{number:.2e}")):
        assert canonical([value]) == rfc8785.dumps([value])


@pytest.mark.parametrize("number", [0.0, -0.0, 1e-7, 1e-6, 1.2e-5, 1e15, 2.0**53, 1e16, 1e20, 1e21, 1e22, 5e-324, 0.1])
def test_edges_of_numbers(number):
    assert canonical([number]) == rfc8785.dumps([number])


def test_keys_sort_by_utf16_units():
    value = {"\U00010000": 1, "\ue000": 2, "a": 3}
    assert canonical(value) == rfc8785.dumps(value)
    assert canonical(value).index("\U00010000".encode()) < canonical(value).index("\ue000".encode())


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\ud800", {"a": {1: 2}}, b"x", object()])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(Corrupt):
        canonical({"a": value})


def small(value):
    """JSON has no floats over 2^53 that read back as such."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return all(map(small, inner)) and not (isinstance(value, float) and abs(value) >= 2**53)


@given(st.dictionaries(TEXT.filter(lambda k: k != "hash"), VALUES, max_size=4).filter(small))
def test_a_link_carries_the_hash_of_everything_else(value):
    content = linked(value)
    read = orjson.loads(content)
    stated = read.pop("hash")
    assert stated == "sha256:" + hashlib.sha256(rfc8785.dumps(read)).hexdigest()
    assert stated == hash_of(canonical(read))
