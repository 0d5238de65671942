import pytest

from sampan.contract.errors import BadRequest
from sampan.providers.translate import shape


@pytest.mark.parametrize("value", [5, "x", {}, [1], [{}, None]])
def test_objects_refuses(value):
    with pytest.raises(BadRequest) as caught:
        shape.objects(value, "tools")
    assert caught.value.param == "tools"


def test_what_is_absent_is_empty():
    assert shape.objects(None, "x") == []
    assert shape.object_of(None, "x") == {}
    with pytest.raises(BadRequest):
        shape.object_of([], "x")
    with pytest.raises(BadRequest):
        shape.string(None, "x")


def test_blocks():
    assert shape.blocks("a", "x") == [{"type": "text", "text": "a"}]
    assert shape.blocks([{"type": "b"}], "x") == [{"type": "b"}]


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("data:image/png;base64,QUJD", ("image/png", "QUJD")),
        ("DATA:image/PNG;name=x;BASE64,QUJD", ("image/png", "QUJD")),
        ("data:text/plain,hi", None),
        ("https://x/;base64,QUJD", None),
        ("data:image/png;base64", None),
    ],
)
def test_data_url(url, parts):
    assert shape.data_url(url) == parts


def test_what_an_endpoint_says_is_never_an_error():
    assert shape.said_object([]) == {}
    assert shape.said_objects([{"a": 1}, 2]) == [{"a": 1}]
    assert shape.said_objects({}) == []
    assert shape.said_text(5) == ""
    assert shape.said_number("5") == 0
    assert shape.said_number(5) == 5
