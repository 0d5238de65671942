import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.errors import BadRequest
from sampan.providers.local import tools

WEATHER = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
SET = {"name": "set", "parameters": {"type": "object", "properties": {"p": {"$ref": "#/$defs/P"}},
                                     "$defs": {"P": {"type": "integer"}}}}  # fmt: skip


def body(**more):
    offered = [{"type": "function", "function": function} for function in (WEATHER, SET)]
    return {"messages": [{"role": "user", "content": "hi"}], "tools": offered, **more}


def ways(schema):
    return [way["properties"].get("name", {}).get("const", "answer") for way in schema["oneOf"]]


@pytest.mark.parametrize(
    ("choice", "allowed"),
    [
        (None, ["weather", "set", "answer"]), ("auto", ["weather", "set", "answer"]), ("required", ["weather", "set"]),
        ({"type": "function", "function": {"name": "set"}}, ["set"]),
    ],
)  # fmt: skip
def test_the_choice_narrows_the_schema(choice, allowed):
    assert ways(tools.schema_for(body(tool_choice=choice))) == allowed


def test_references_point_to_where_the_schema_stands():
    schema = tools.schema_for(body())
    assert schema["$defs"]["tool1"]["properties"]["p"] == {"$ref": "#/$defs/tool1/$defs/P"}


def test_a_choice_of_nothing_is_refused():
    with pytest.raises(BadRequest, match="names no function"):
        tools.prepared(body(tool_choice={"type": "function", "function": {"name": "none"}}))


def test_no_tools_wanted():
    assert not tools.wanted(body(tool_choice="none"))
    assert not tools.wanted({"messages": [], "tools": []})
    assert tools.wanted(body())


def test_the_request_is_not_changed_and_the_tools_are_told():
    given_body = body()
    before = json.dumps(given_body)
    out = tools.prepared(given_body)
    assert json.dumps(given_body) == before
    assert "tools" not in out
    assert out["messages"][0]["role"] == "system"
    assert '"weather"' in out["messages"][0]["content"]


def test_history_with_calls_becomes_plain_turns_that_stay_the_same():
    call = {"id": "c", "type": "function", "function": {"name": "weather", "arguments": '{"city":"HK"}'}}
    history = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "29 C"}]},
    ]
    short = tools.prepared(body(messages=history))["messages"]
    longer = tools.prepared(body(messages=[*history, {"role": "user", "content": "thanks"}]))["messages"]
    assert [turn["role"] for turn in short] == ["system", "user", "assistant", "user"]
    assert json.loads(short[2]["content"]) == {"name": "weather", "arguments": {"city": "HK"}}
    assert "29 C" in short[3]["content"]
    assert longer[: len(short)] == short


def read(pieces):
    reader = tools.StepReader()
    text = "".join(reader.feed(piece) for piece in pieces)
    return text, reader.finish()


def split(text, cuts):
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


@given(st.text(), st.booleans(), st.lists(st.integers(0, 999), max_size=12))
def test_an_answer_is_read_however_it_is_split(answer, ascii_only, cuts):
    told = json.dumps({"answer": answer}, ensure_ascii=ascii_only, indent=1)
    expected = answer.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert read(split(told, cuts)) == (expected, None)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.lists(st.integers(0, 999), max_size=5))
def test_a_call_is_read_however_it_is_split(arguments, cuts):
    text, call = read(split(json.dumps({"name": "weather", "arguments": arguments}), cuts))
    assert text == ""
    assert (call.name, json.loads(call.arguments)) == ("weather", arguments)
    assert call.id.startswith("call_")


def test_answer_text_comes_at_once():
    reader = tools.StepReader()
    assert reader.feed('{ "answer" : "Hel') == "Hel"
    assert reader.feed("lo \\u4f") == "lo "
    assert reader.feed('60!"}') == "你!"


def test_an_answer_in_json_and_one_that_was_cut():
    assert read(['{"answer": {"a": 1}}']) == ("", '{"a": 1}')
    assert read(['{"name": "weather", "argum']) == ("", None)
    assert read(['{"answer": "half']) == ("half", None)
