from itertools import pairwise

import orjson
import pytest
from anthropic.types import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.answer import Frame, Usage
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.request import Dialect
from sampan.providers.translate import Incoming
from sampan.providers.translate.chat_reply_to_messages import tool_input
from tests.providers.translate.vendor import (
    CHAT_USAGE,
    MESSAGE_USAGE,
    as_message,
    call_chunk,
    chunk,
    completion,
    streamed,
)

REQUEST = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
END = [chunk(None, usage=CHAT_USAGE)]


def stream(*chunks, request=REQUEST):
    frames, incoming = streamed(Dialect.MESSAGES, Dialect.CHAT, request, [*chunks, *END])
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    return frames


def whole(body, request=REQUEST):
    incoming = Incoming(Dialect.MESSAGES, Dialect.CHAT, request)
    out = incoming.whole(body)
    Message.model_validate(out)
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    return out


def test_golden_stream():
    frames = stream(
        chunk({"role": "assistant", "content": ""}),
        chunk({"reasoning_content": "hm"}),
        chunk({"content": "He"}),
        chunk({"content": "llo"}),
        call_chunk(0, "", "a", "c1"),
        call_chunk(0, '{"q":'),
        call_chunk(0, "1}"),
        call_chunk(1, "", "b", "c2"),
        call_chunk(1, '{"r": 2}'),
        chunk({}, "tool_calls"),
    )
    started = frames[0].data["message"]
    assert started["id"].startswith("msg_")
    assert (started["model"], started["content"], started["stop_reason"]) == ("gpt-x", [], None)
    start, delta, stop = "content_block_start", "content_block_delta", "content_block_stop"
    assert [frame.data for frame in frames[1:]] == [
        {"type": start, "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}},
        {"type": delta, "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
        {"type": stop, "index": 0},
        {"type": start, "index": 1, "content_block": {"type": "text", "text": ""}},
        {"type": delta, "index": 1, "delta": {"type": "text_delta", "text": "He"}},
        {"type": delta, "index": 1, "delta": {"type": "text_delta", "text": "llo"}},
        {"type": stop, "index": 1},
        {"type": start, "index": 2, "content_block": {"type": "tool_use", "id": "c1", "name": "a", "input": {}}},
        {"type": delta, "index": 2, "delta": {"type": "input_json_delta", "partial_json": '{"q":'}},
        {"type": delta, "index": 2, "delta": {"type": "input_json_delta", "partial_json": "1}"}},
        {"type": stop, "index": 2},
        {"type": start, "index": 3, "content_block": {"type": "tool_use", "id": "c2", "name": "b", "input": {}}},
        {"type": delta, "index": 3, "delta": {"type": "input_json_delta", "partial_json": '{"r": 2}'}},
        {"type": stop, "index": 3},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": MESSAGE_USAGE,
        },
        {"type": "message_stop"},
    ]


def test_thinking_switched_off_stays_off():
    frames = stream(
        chunk({"reasoning_content": "hm"}),
        chunk({"content": "x"}, "stop"),
        request={**REQUEST, "thinking": {"type": "disabled"}},
    )
    assert [block.type for block in as_message(frames).content] == ["text"]


@pytest.mark.parametrize(
    ("finish", "stop"),
    [("stop", "end_turn"), ("length", "max_tokens"), ("tool_calls", "tool_use"), ("content_filter", "refusal")],
)
def test_stop_reasons(finish, stop):
    assert as_message(stream(chunk({"content": "x"}, finish))).stop_reason == stop
    assert whole(completion({"content": "x"}, finish))["stop_reason"] == stop


def test_a_stop_sequence_that_the_endpoint_names():
    request = {**REQUEST, "stop_sequences": ["END"]}
    last = chunk({"content": "x"}, "stop")
    last["choices"][0]["stop_reason"] = "END"
    message = as_message(stream(last, request=request))
    assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "END")


def test_whole():
    calls = [{"id": "c1", "type": "function", "function": {"name": "a", "arguments": '{"q": 1}'}}]
    body = completion({"content": "Hello", "reasoning_content": "hm", "tool_calls": calls}, "tool_calls")
    out = whole(body)
    assert out["content"] == [
        {"type": "thinking", "thinking": "hm", "signature": ""},
        {"type": "text", "text": "Hello"},
        {"type": "tool_use", "id": "c1", "name": "a", "input": {"q": 1}},
    ]
    assert out["usage"] == MESSAGE_USAGE
    assert out["stop_reason"] == "tool_use"


def test_refusal():
    assert as_message(stream(chunk({"refusal": "n"}), chunk({"refusal": "o"}, "stop"))).stop_reason == "refusal"
    out = whole(completion({"content": None, "refusal": "no"}))
    assert out["content"] == [{"type": "text", "text": "no"}]
    assert out["stop_reason"] == "refusal"


def test_stop_after_tool_calls_means_tool_use():
    assert as_message(stream(call_chunk(0, "{}", "a", "c1"), chunk({}, "stop"))).stop_reason == "tool_use"


def test_a_call_without_arguments_and_without_id():
    message = as_message(stream(call_chunk(0, "", "a", None), chunk({}, "tool_calls")))
    assert message.content[0].input == {}
    assert message.content[0].id.startswith("toolu_")


def test_interleaved_calls():
    message = as_message(
        stream(
            call_chunk(0, '{"q"', "a", "c1"),
            call_chunk(1, '{"r"', "b", "c2"),
            call_chunk(0, ": 1}"),
            call_chunk(1, ": 2}"),
            chunk({}, "tool_calls"),
        )
    )
    assert [(block.name, block.input) for block in message.content] == [("a", {"q": 1}), ("b", {"r": 2})]


def test_arguments_before_the_name_wait():
    early = chunk({"tool_calls": [{"index": 0, "id": "c1", "function": {"arguments": '{"q"'}}]})
    message = as_message(stream(early, call_chunk(0, ": 1}", "a", "c1"), chunk({}, "tool_calls")))
    assert message.content[0].input == {"q": 1}


def test_calls_without_an_index_or_all_with_the_same():
    for index in (None, 0):
        chunks = [call_chunk(index, '{"q": 1}', "a", "c1"), call_chunk(index, '{"r": 2}', "a", "c2")]
        message = as_message(stream(*chunks, chunk({}, "tool_calls")))
        assert [(block.id, block.input) for block in message.content] == [("c1", {"q": 1}), ("c2", {"r": 2})]


def test_going_on_with_a_finished_call_is_an_error():
    chunks = [call_chunk(0, "{}", "a", "c1"), call_chunk(1, "{}", "b", "c2"), call_chunk(0, '{"q": 1}')]
    with pytest.raises(UpstreamDown):
        stream(*chunks)


def test_an_empty_answer_is_a_message():
    message = as_message(stream(chunk({"role": "assistant", "content": ""}), chunk({}, "stop")))
    assert (message.content, message.stop_reason) == ([], "end_turn")


def test_a_cut_stream_is_no_success():
    with pytest.raises(StreamCut):
        streamed(Dialect.MESSAGES, Dialect.CHAT, REQUEST, [chunk({"content": "x"})])


def test_an_error_in_the_stream_is_no_success():
    incoming = Incoming(Dialect.MESSAGES, Dialect.CHAT, REQUEST)
    with pytest.raises(UpstreamDown) as caught:
        incoming.frame(Frame({"error": {"message": "boom"}}))
    assert caught.value.upstream == {"error": {"message": "boom"}}
    with pytest.raises(UpstreamDown):
        incoming.whole({"id": "x", "choices": []})


def pieces(text: str, cuts: list[int]) -> list[str]:
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


cuts = st.lists(st.integers(0, 200), max_size=12)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), cuts)
def test_text_survives_any_chunking(text, cuts):
    message = as_message(stream(*(chunk({"content": piece}) for piece in pieces(text, cuts)), chunk({}, "stop")))
    assert "".join(block.text for block in message.content) == text
    assert len(message.content) <= 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4), cuts, cuts)
def test_arguments_survive_any_chunking(value, first, second):
    text = orjson.dumps(value).decode()
    fragments = [call_chunk(0, "", "a", "c1"), *(call_chunk(0, piece) for piece in pieces(text, first))]
    fragments += [call_chunk(1, "", "b", "c2"), *(call_chunk(1, piece) for piece in pieces(text, second))]
    frames = stream(*fragments, chunk({}, "tool_calls"))
    for index in (0, 1):
        deltas = [f.data["delta"] for f in frames if f.data.get("index") == index and "delta" in f.data]
        assert "".join(delta["partial_json"] for delta in deltas) == text
    assert [block.input for block in as_message(frames).content] == [value, value]


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ("", {}),
        ('{"a": 1}', {"a": 1}),
        ("{", {"_raw": "{"}),
        ("3", {"_raw": "3"}),
        ('{"a": NaN}', {"_raw": '{"a": NaN}'}),
    ],
)
def test_tool_input(arguments, value):
    assert tool_input(arguments) == value
