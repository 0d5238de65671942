"""What a request asks for, in every dialect."""

import pytest

from sampan.contract.request import Dialect
from sampan.decide.verify.asked import asked_of, text_of
from tests.decide.verify.builders import request

SCHEMA = {"type": "object"}


def test_the_last_question_and_what_was_said_before():
    asked = asked_of(
        request(
            Dialect.CHAT,
            {
                "messages": [
                    {"role": "system", "content": "Be kind."},
                    {"role": "user", "content": [{"type": "text", "text": "Read this."}, {"type": "image_url"}]},
                    {"role": "tool", "content": "a document"},
                    {"role": "user", "content": "How long is it?"},
                ]
            },
        )
    )
    assert (asked.question, asked.context) == ("How long is it?", "Be kind.\nRead this.\na document")


@pytest.mark.parametrize(
    "dialect,body",
    [
        (Dialect.COMPLETIONS, {"prompt": "Why?"}),
        (Dialect.RESPONSES, {"input": "Why?"}),
        (Dialect.RESPONSES, {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Why?"}]}]}),
        (Dialect.MESSAGES, {"messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}]}]}),
    ],
)
def test_every_dialect(dialect, body):
    assert asked_of(request(dialect, body)).question == "Why?"


def test_results_of_tools_and_instructions_are_context():
    body = {
        "instructions": "Be kind.",
        "input": [{"type": "function_call_output", "output": "cold"}, {"role": "user", "content": "So?"}],
    }
    assert asked_of(request(Dialect.RESPONSES, body)).context == "Be kind.\ncold"
    block = {"type": "tool_result", "content": [{"type": "text", "text": "cold"}]}
    asked = asked_of(request(Dialect.MESSAGES, {"system": "S", "messages": [{"role": "user", "content": [block]}]}))
    assert (asked.question, asked.context) == ("cold", "S")


@pytest.mark.parametrize(
    "more,told",
    [
        ({}, (False, None)),
        ({"response_format": {"type": "text"}}, (False, None)),
        ({"response_format": {"type": "json_object"}}, (True, None)),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}}, (True, SCHEMA)),
        ({"text": {"format": {"type": "json_schema", "schema": SCHEMA}}}, (True, SCHEMA)),
        ({"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}, (True, SCHEMA)),
    ],
)
def test_json_is_asked_for(more, told):
    asked = asked_of(request(Dialect.CHAT, {"messages": [], **more}))
    assert (asked.wants_json, asked.schema) == told


def test_tools_of_both_vendors():
    openai = {"type": "function", "function": {"name": "a", "parameters": SCHEMA}}
    flat, claude = {"type": "function", "name": "b", "parameters": SCHEMA}, {"name": "c", "input_schema": SCHEMA}
    body = {"messages": [], "tools": [openai, flat, claude, {"type": "web_search"}, "?"]}
    assert asked_of(request(Dialect.CHAT, body)).tools == {"a": SCHEMA, "b": SCHEMA, "c": SCHEMA}


def test_a_limit_is_the_callers_where_the_dialect_does_not_ask_for_one():
    assert asked_of(request(Dialect.CHAT, {"messages": [], "max_tokens": 5})).limited
    assert not asked_of(request(Dialect.CHAT, {"messages": []})).limited
    assert not asked_of(request(Dialect.MESSAGES, {"messages": [], "max_tokens": 5})).limited


@pytest.mark.parametrize("content", [None, 7, [7], [{"type": "image_url", "text": "no"}], {"text": "no"}])
def test_what_is_no_text(content):
    assert text_of(content) == ""


@pytest.mark.parametrize(
    "body", [{}, {"messages": None}, {"messages": ["x"]}, {"messages": [{"content": 1}]}, {"tools": 3}]
)
def test_shapes_that_are_none(body):
    assert asked_of(request(Dialect.CHAT, body)).question == ""
