"""The package's own interface: every pair, identity, and input of any shape."""

import copy
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.answer import Frame, Usage
from sampan.contract.errors import BadRequest, NotOffered, SampanError
from sampan.contract.request import Dialect
from sampan.providers.translate import Incoming, outgoing
from tests.providers.translate.vendor import CHAT_USAGE, MESSAGE_USAGE, chunk, message, sent

SOURCES = [Dialect.CHAT, Dialect.COMPLETIONS, Dialect.RESPONSES, Dialect.MESSAGES]
TARGETS = [Dialect.CHAT, Dialect.MESSAGES]
PAIRS = [(source, target) for source in SOURCES for target in TARGETS if source != target]


@pytest.mark.parametrize("dialect", list(Dialect))
def test_identity(dialect):
    body = {"model": "m", "anything": [1]}
    assert outgoing(dialect, dialect, body) is body
    incoming = Incoming(dialect, dialect, body)
    frame = Frame({"x": 1}, "e")
    assert incoming.frame(frame) == [frame]
    assert incoming.finish() == []
    assert incoming.whole(body) is body


def test_identity_counts_too():
    incoming = Incoming(Dialect.CHAT, Dialect.CHAT, {})
    incoming.frame(Frame(chunk(None, usage=CHAT_USAGE)))
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    incoming = Incoming(Dialect.MESSAGES, Dialect.MESSAGES, {})
    incoming.frame(Frame({"type": "message_start", "message": message([])}))
    incoming.frame(Frame({"type": "message_delta", "delta": {}, "usage": {"output_tokens": 9}}))
    assert incoming.usage == Usage(input=100, output=9, cached=40)
    incoming = Incoming(Dialect.RESPONSES, Dialect.RESPONSES, {})
    counts = {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 7}
    incoming.frame(Frame({"type": "response.completed", "response": {"usage": counts}}))
    assert incoming.usage == Usage(input=100, output=7, cached=40)


def test_no_such_translation():
    with pytest.raises(NotOffered):
        outgoing(Dialect.EMBEDDINGS, Dialect.MESSAGES, {})
    with pytest.raises(NotOffered):
        Incoming(Dialect.CHAT, Dialect.RESPONSES, {})


def test_a_conversation_goes_there_and_back():
    """Anthropic to OpenAI and back: what both can say is said the same again."""
    body = {
        "model": "m",
        "max_tokens": 9,
        "system": "be brief",
        "stop_sequences": ["END"],
        "metadata": {"user_id": "u"},
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "幫我睇"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}},
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "ok"},
                    {"type": "tool_use", "id": "t1", "name": "a", "input": {"q": 1}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "content": "r"},
                    {"type": "text", "text": "so?"},
                ],
            },
        ],
        "tools": [{"name": "a", "description": "d", "input_schema": {"type": "object", "properties": {}}}],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
        "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}},
    }
    there = sent(Dialect.MESSAGES, Dialect.CHAT, body)
    assert sent(Dialect.CHAT, Dialect.MESSAGES, there) == body


def test_a_reply_goes_there_and_back():
    body = message(
        [
            {"type": "text", "text": "Hello"},
            {"type": "tool_use", "id": "t1", "name": "a", "input": {"q": 1}},
        ],
        "tool_use",
    )
    chat = Incoming(Dialect.CHAT, Dialect.MESSAGES, {}).whole(body)
    again = Incoming(Dialect.MESSAGES, Dialect.CHAT, {}).whole(chat)
    assert {**again, "id": "m1"} == body
    assert again["usage"] == MESSAGE_USAGE


@pytest.mark.parametrize("kind", ["x" * 65, None, 5, ["text"], {}])
def test_an_error_does_not_repeat_content(kind):
    body = {"messages": [{"role": "user", "content": [{"type": kind, "secret": "A123456(3)"}]}]}
    with pytest.raises(BadRequest) as caught:
        outgoing(Dialect.MESSAGES, Dialect.CHAT, body)
    assert "A123456" not in str(caught.value)
    assert "xxx" not in str(caught.value)


names = st.sampled_from(
    [
        "role",
        "content",
        "type",
        "text",
        "messages",
        "system",
        "input",
        "output",
        "tools",
        "tool_choice",
        "function",
        "name",
        "arguments",
        "tool_calls",
        "id",
        "input_schema",
        "image_url",
        "url",
        "source",
        "data",
        "media_type",
        "file",
        "stop",
        "response_format",
        "json_schema",
        "schema",
        "format",
        "text",
        "output_config",
        "metadata",
        "user_id",
        "reasoning",
        "effort",
        "reasoning_effort",
        "prompt",
        "stream",
        "n",
        "choices",
        "delta",
        "index",
        "message",
        "finish_reason",
        "usage",
        "prompt_tokens",
        "input_tokens",
        "error",
        "content_block",
        "stop_reason",
        "tool_use_id",
        "tool_call_id",
        "call_id",
        "parameters",
        "logprobs",
        "best_of",
        "suffix",
        "allowed_tools",
        "mode",
        "thinking",
        "partial_json",
        "stream_options",
        "modalities",
        "stop_sequences",
        "parallel_tool_calls",
        "item_reference",
        "definition",
        "include_usage",
        "echo",
        "stop_details",
    ]
)
words = st.sampled_from(
    [
        "user",
        "assistant",
        "system",
        "tool",
        "text",
        "image",
        "tool_use",
        "tool_result",
        "function",
        "custom",
        "message",
        "function_call",
        "input_text",
        "auto",
        "any",
        "json_schema",
        "base64",
        "document",
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "stop",
        "reasoning",
        "thinking",
        "input_image",
        "file",
        "image_url",
        "function_call_output",
        "allowed_tools",
    ]
)
leaves = st.none() | st.booleans() | st.integers(-3, 3) | words | st.text(max_size=3)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5), max_leaves=25
)
bodies = st.dictionaries(names, values, max_size=6)
role = st.sampled_from(["user", "assistant", "system", "tool"])
turns = st.lists(st.fixed_dictionaries({"role": role, "content": values}, optional={"tool_calls": values}), max_size=3)


@pytest.mark.parametrize(("source", "target"), PAIRS)
@settings(max_examples=25, deadline=None)
@given(body=bodies, messages=turns)
def test_a_request_of_any_shape_translates_or_is_refused(source, target, body, messages):
    member = {Dialect.RESPONSES: "input", Dialect.COMPLETIONS: "prompt"}.get(source, "messages")
    for candidate in (body, {**body, member: messages}):
        before = copy.deepcopy(candidate)
        with suppress(BadRequest):
            outgoing(source, target, candidate)
        assert candidate == before


MINIMAL = {
    Dialect.CHAT: {"messages": [{"role": "user", "content": "x"}]},
    Dialect.MESSAGES: {"messages": [{"role": "user", "content": "x"}]},
    Dialect.RESPONSES: {"input": "x"},
    Dialect.COMPLETIONS: {"prompt": "x"},
}


@pytest.mark.parametrize(("source", "target"), PAIRS)
@settings(max_examples=25, deadline=None)
@given(events=st.lists(bodies, max_size=4), body=bodies)
def test_an_answer_of_any_shape_translates_or_is_refused(source, target, events, body):
    incoming = Incoming(source, target, MINIMAL[source])
    with suppress(SampanError):
        for data in events:
            incoming.frame(Frame(data))
        incoming.finish()
    with suppress(SampanError):
        Incoming(source, target, MINIMAL[source]).whole(body)
