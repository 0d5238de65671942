"""Finished JSON values."""

import json

from sampan.contract.labels import Kind
from sampan.protect.channel import Mode, Way
from sampan.protect.known import Known
from sampan.protect.operators.stand_in import OPERATOR
from sampan.protect.whole import put_back

NASTY = 'a "b" \\ c\n'


def way(arguments=True):
    known = Known(OPERATOR)
    known.stand_in(Kind.PERSON, "陳大文")
    known.stand_in(Kind.PERSON, NASTY)
    return Way(known, OPERATOR, [], arguments=arguments)


def back(value, answer=Mode.TEXT, **how):
    return put_back(way(**how), value, answer=answer)


def test_what_does_not_change_is_the_same_object():
    value = {"a": ["x", 1, None, {"b": "[PERSON_9]"}], "embedding": [0.5, 0.25]}
    assert back(value) is value


def test_every_string_and_name_anywhere():
    assert back({"[PERSON_1]": [{"x": "[PERSON_1]!"}]}) == {"陳大文": [{"x": "陳大文!"}]}


def test_arguments_are_json_text():
    call = {"function": {"name": "f", "arguments": '{"who": "[PERSON_2]"}'}}
    said = back({"tool_calls": [call]})["tool_calls"][0]["function"]["arguments"]
    assert json.loads(said) == {"who": NASTY}


def test_the_input_of_a_tool_use_is_an_object_and_its_id_is_data():
    part = {"type": "tool_use", "id": "[PERSON_1]", "input": {"id": "[PERSON_2]", "n": {"text": "{[PERSON_2]"}}}
    assert back(part) == {**part, "input": {"id": NASTY, "n": {"text": "{" + NASTY}}}


def test_arguments_stay_where_policy_says_so():
    value = {
        "function": {"arguments": '{"a": "[PERSON_1]"}'},
        "part": {"type": "tool_use", "input": {"a": "[PERSON_1]"}},
        "custom": {"input": "[PERSON_1]"},
        "content": "[PERSON_1]",
    }
    assert back(value, arguments=False) == {**value, "content": "陳大文"}


def test_an_answer_that_is_json_by_wish():
    assert json.loads(back({"content": '"[PERSON_2]"'}, Mode.JSON)["content"]) == NASTY
    assert back({"content": '"[PERSON_2]"'})["content"] == f'"{NASTY}"'


def test_signatures_and_probabilities_are_left_alone():
    value = {"signature": "[PERSON_1]", "logprobs": {"content": [{"token": "[PERSON_1]"}]}}
    assert back(value) is value
