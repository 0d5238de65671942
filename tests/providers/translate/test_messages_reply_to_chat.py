import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion

from sampan.contract.answer import Frame, Usage
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.request import Dialect
from sampan.providers.translate import Incoming
from sampan.providers.translate.chat_reply_to_messages import tool_input
from sampan.providers.translate.messages_reply_to_chat import arguments_of
from tests.providers.translate.vendor import CHAT_USAGE, as_completion, message, message_events, streamed

REQUEST = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
COUNTED = {**REQUEST, "stream": True, "stream_options": {"include_usage": True}}
TEXT = {"type": "text", "text": ""}


def text(piece):
    return {"type": "text_delta", "text": piece}


def partial(piece):
    return {"type": "input_json_delta", "partial_json": piece}


def tool(name="a", call="t1"):
    return {"type": "tool_use", "id": call, "name": name, "input": {}}


def stream(events, request=COUNTED):
    frames, incoming = streamed(Dialect.CHAT, Dialect.MESSAGES, request, events)
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    return frames


def whole(body):
    incoming = Incoming(Dialect.CHAT, Dialect.MESSAGES, REQUEST)
    out = incoming.whole(body)
    ChatCompletion.model_validate(out)
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    return out


def test_golden_stream():
    thinking = ({"type": "thinking", "thinking": "", "signature": ""}, [{"type": "thinking_delta", "thinking": "hm"}])
    thinking[1].append({"type": "signature_delta", "signature": "xyz"})
    calls = [(tool(), [partial(""), partial('{"q":'), partial("1}")]), (tool("b", "t2"), [])]
    frames = stream(message_events([thinking, (TEXT, [text("He"), text("llo")]), *calls], "tool_use"))
    assert {frame.data["id"] for frame in frames} == {frames[0].data["id"]}
    assert frames[0].data["model"] == "claude-x"
    deltas = [(c["delta"], c["finish_reason"]) for frame in frames for c in frame.data["choices"]]
    assert deltas == [
        ({"role": "assistant", "content": ""}, None),
        ({"reasoning_content": "hm"}, None),
        ({"content": "He"}, None),
        ({"content": "llo"}, None),
        (
            {"tool_calls": [{"index": 0, "id": "t1", "type": "function", "function": {"name": "a", "arguments": ""}}]},
            None,
        ),
        ({"tool_calls": [{"index": 0, "function": {"arguments": '{"q":'}}]}, None),
        ({"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}, None),
        (
            {"tool_calls": [{"index": 1, "id": "t2", "type": "function", "function": {"name": "b", "arguments": ""}}]},
            None,
        ),
        ({"tool_calls": [{"index": 1, "function": {"arguments": "{}"}}]}, None),
        ({}, "tool_calls"),
    ]
    assert (frames[-1].data["choices"], frames[-1].data["usage"]) == ([], CHAT_USAGE)


def test_no_usage_chunk_unless_asked_for():
    frames = stream(message_events([(TEXT, [text("x")])]), REQUEST)
    assert all("usage" not in frame.data and frame.data["choices"] for frame in frames)


@pytest.mark.parametrize(
    ("stop", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "stop"),
    ],
)
def test_finish_reasons(stop, finish):
    assert as_completion(stream(message_events([(TEXT, [text("x")])], stop))).choices[0].finish_reason == finish
    assert whole(message([{"type": "text", "text": "x"}], stop))["choices"][0]["finish_reason"] == finish


def test_whole():
    content = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "Hel"},
        {"type": "text", "text": "lo"},
        {"type": "tool_use", "id": "t1", "name": "a", "input": {"q": "香港"}},
    ]
    out = whole(message(content, "tool_use"))
    assert out["choices"][0]["message"] == {
        "role": "assistant",
        "content": "Hello",
        "refusal": None,
        "reasoning_content": "hm",
        "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "a", "arguments": '{"q":"香港"}'}}],
    }
    assert out["usage"] == CHAT_USAGE


def test_refusal():
    details = {"type": "refusal", "explanation": "no", "category": None}
    out = whole(message([], "refusal", stop_details=details))
    assert out["choices"][0]["message"]["refusal"] == "no"
    completion = as_completion(stream(message_events([], "refusal", stop_details=details)))
    assert (completion.choices[0].message.refusal, completion.choices[0].finish_reason) == ("no", "content_filter")


def test_a_call_that_comes_whole():
    start = {**tool(), "input": {"q": 1}}
    completion = as_completion(stream(message_events([(start, [])], "tool_use")))
    assert completion.choices[0].message.tool_calls[0].function.arguments == '{"q":1}'


def test_a_cut_stream_is_no_success():
    with pytest.raises(StreamCut):
        stream(message_events([(TEXT, [text("x")])])[:-2])


def test_an_error_in_the_stream_is_no_success():
    event = {"type": "error", "error": {"type": "overloaded_error", "message": "x"}}
    with pytest.raises(UpstreamDown) as caught:
        Incoming(Dialect.CHAT, Dialect.MESSAGES, REQUEST).frame(Frame(event, "error"))
    assert caught.value.upstream == event


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=9), max_size=9))
def test_text_survives_any_chunking(pieces):
    completion = as_completion(stream(message_events([(TEXT, [text(piece) for piece in pieces])])))
    assert (completion.choices[0].message.content or "") == "".join(pieces)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), min_size=1), st.integers(1, 9))
def test_arguments_survive_any_chunking(value, width):
    whole = orjson.dumps(value).decode()
    deltas = [partial(whole[at : at + width]) for at in range(0, len(whole), width)]
    calls = as_completion(stream(message_events([(tool(), deltas)], "tool_use"))).choices[0].message.tool_calls
    assert calls[0].function.arguments == whole


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_arguments_go_there_and_back(arguments):
    value = tool_input(arguments)
    assert isinstance(value, dict)
    assert tool_input(arguments_of(value)) == value
