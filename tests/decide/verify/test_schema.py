"""JSON against a schema, tool calls against their tools."""

import pytest

from sampan.contract.verdict import Call
from sampan.decide.verify.schema import calls_fit, fits, json_fits

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 1}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "value,schema,told",
    [
        ({"name": "Chan", "age": 3}, PERSON, True),
        ({"name": "Chan", "age": 3.0}, PERSON, True),
        ({"age": 3}, PERSON, False),
        ({"name": ""}, PERSON, False),
        ({"name": "Chan", "age": -1}, PERSON, False),
        ({"name": "Chan", "age": True}, PERSON, False),
        ({"name": "Chan", "age": 2.5}, PERSON, False),
        ({"name": "Chan", "more": 1}, PERSON, False),
        ([PERSON], PERSON, False),
        ([1, 2], {"type": "array", "items": {"type": "number"}, "maxItems": 2}, True),
        ([1, "2"], {"type": "array", "items": {"type": "number"}}, False),
        ([1, 2, 3], {"type": "array", "maxItems": 2}, False),
        (None, {"type": ["string", "null"]}, True),
        (1, {"type": ["string", "null"]}, False),
        ("a", {"enum": ["a", "b"]}, True),
        ("c", {"enum": ["a", "b"]}, False),
        (2, {"const": 1}, False),
        (1, {"anyOf": [{"type": "string"}, {"type": "integer"}]}, True),
        (1.5, {"anyOf": [{"type": "string"}, {"type": "integer"}]}, False),
        (1, {"oneOf": [{"type": "number"}, {"type": "integer"}]}, False),
        (1, {"allOf": [{"minimum": 0}, {"maximum": 0}]}, False),
        ({"a": {"b": 1}}, {"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"required": ["b"]}}}, True),
        ({"a": {}}, {"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"required": ["b"]}}}, False),
        (1, {"$ref": "#/nowhere"}, True),
        (1, {"$ref": "https://example.com/other"}, True),
        (1, False, False),
        (1, True, True),
        (1, {"type": "who knows"}, True),
    ],
)
def test_values(value, schema, told):
    assert fits(value, schema) is told


def test_a_schema_that_goes_round_in_circles_ends():
    assert fits([[[]]], {"$ref": "#"}) is True
    assert fits({"a": 1}, {"$defs": {"A": {"$ref": "#/$defs/A"}}, "$ref": "#/$defs/A"}) is True


@pytest.mark.parametrize(
    "text,told",
    [
        ('{"name": "Chan"}', True),
        ('```json\n{"name": "Chan"}\n```', False),
        ("{", False),
        ("", False),
        ("[" * 100_000, False),
    ],
)
def test_texts(text, told):
    assert json_fits(text, PERSON) is told


def test_without_a_schema_any_json_will_do():
    assert json_fits("[1]", None)
    assert not json_fits("one", None)


@pytest.mark.parametrize(
    "name,arguments,told",
    [("find", '{"name": "Chan"}', True), ("find", '{"age": 1}', False), ("find", "{", False), ("find", "[]", False),
     ("other", '{"name": "Chan"}', False), ("free", "", True), ("free", '{"any": 1}', True)],
)  # fmt: skip
def test_calls(name, arguments, told):
    assert calls_fit((Call(name, arguments),), {"find": PERSON, "free": {}}) is told
