import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.responses import Response

from sampan.contract.answer import Usage
from sampan.contract.errors import StreamCut
from sampan.contract.request import Dialect
from sampan.providers.translate import Incoming
from tests.providers.translate.vendor import (
    CHAT_USAGE,
    as_response,
    call_chunk,
    chunk,
    completion,
    message,
    message_events,
    streamed,
)

REQUEST = {"model": "m", "input": "hi", "instructions": "be brief", "temperature": 0.5, "metadata": {"a": "b"}}
FUNCTION = {"type": "function", "name": "a", "parameters": {"type": "object", "properties": {}}, "strict": False}
PATCH = {"type": "custom", "name": "patch", "description": "d"}
END = [chunk(None, usage=CHAT_USAGE)]
USAGE = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 10},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 3},
    "total_tokens": 107,
}


def stream(*chunks, request=REQUEST):
    frames, incoming = streamed(Dialect.RESPONSES, Dialect.CHAT, request, [*chunks, *END])
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    return frames


def whole(body, request=REQUEST):
    out = Incoming(Dialect.RESPONSES, Dialect.CHAT, request).whole(body)
    Response.model_validate(out)
    return out


def test_golden_stream():
    frames = stream(
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "He"}),
        chunk({"content": "llo"}),
        call_chunk(0, "", "a", "c1"),
        call_chunk(0, '{"q":'),
        call_chunk(0, "1}"),
        chunk({}, "tool_calls"),
        request={**REQUEST, "tools": [FUNCTION]},
    )
    assert [frame.event for frame in frames] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ]
    response = as_response(frames)
    assert response.id == frames[0].data["response"]["id"]
    assert response.id.startswith("resp_")
    assert response.output_text == "Hello"
    text, call = frames[-1].data["response"]["output"]
    assert text["id"].startswith("msg_")
    assert call["id"].startswith("fc_")
    assert (call["call_id"], call["name"], call["arguments"], call["status"]) == ("c1", "a", '{"q":1}', "completed")
    assert frames[2].data["item"]["content"] == []
    assert frames[9].data["item"]["arguments"] == ""
    assert frames[8].data["item"] == text
    assert frames[13].data["item"] == call
    assert frames[0].data["response"]["usage"] is None
    assert frames[-1].data["response"]["usage"] == USAGE
    assert (response.instructions, response.temperature, response.metadata) == ("be brief", 0.5, {"a": "b"})


def test_reasoning_and_refusal():
    frames = stream(chunk({"reasoning_content": "hm"}), chunk({"refusal": "no"}), chunk({}, "stop"))
    response = as_response(frames)
    assert [item.type for item in response.output] == ["reasoning", "message"]
    assert response.output[0].content[0].text == "hm"
    assert response.output[1].content[0].refusal == "no"
    assert "response.reasoning_text.done" in [frame.event for frame in frames]


@pytest.mark.parametrize(("finish", "reason"), [("length", "max_output_tokens"), ("content_filter", "content_filter")])
def test_cut_short(finish, reason):
    frames = stream(chunk({"content": "x"}, finish))
    assert frames[-1].event == "response.incomplete"
    for response in (as_response(frames), Response.model_validate(whole(completion({"content": "x"}, finish)))):
        assert (response.status, response.incomplete_details.reason) == ("incomplete", reason)
        assert response.output[0].status == "incomplete"


def test_a_cut_stream_is_no_success():
    with pytest.raises(StreamCut):
        streamed(Dialect.RESPONSES, Dialect.CHAT, REQUEST, [chunk({"content": "x"})])


def test_whole():
    calls = [{"id": "c1", "type": "function", "function": {"name": "a", "arguments": '{"q": 1}'}}]
    calls.append({"id": "c2", "type": "function", "function": {"name": "patch", "arguments": '{"input": "+x"}'}})
    body = completion({"content": "Hello", "reasoning_content": "hm", "tool_calls": calls}, "tool_calls")
    request = {**REQUEST, "tools": [FUNCTION, PATCH], "reasoning": {"effort": "low"}, "parallel_tool_calls": False}
    out = whole(body, request)
    assert [item["type"] for item in out["output"]] == ["reasoning", "message", "function_call", "custom_tool_call"]
    assert out["output"][3]["input"] == "+x"
    assert len({item["id"] for item in out["output"]}) == 4
    assert (out["status"], out["usage"], out["tools"]) == ("completed", USAGE, [FUNCTION, PATCH])
    assert (out["reasoning"]["effort"], out["parallel_tool_calls"]) == ("low", False)


def test_free_text_of_a_custom_tool():
    fragments = [call_chunk(0, "", "patch", "c1"), call_chunk(0, '{"inp'), call_chunk(0, 'ut": "+a\\n"}')]
    frames = stream(*fragments, chunk({}, "tool_calls"), request={**REQUEST, "tools": [PATCH]})
    assert [frame.event for frame in frames[2:-1]] == [
        "response.output_item.added",
        "response.custom_tool_call_input.delta",
        "response.custom_tool_call_input.done",
        "response.output_item.done",
    ]
    assert as_response(frames).output[0].input == "+a\n"


def test_from_an_anthropic_model():
    start = {"type": "tool_use", "id": "t1", "name": "a", "input": {}}
    blocks = [
        ({"type": "text", "text": ""}, [{"type": "text_delta", "text": "Hello"}]),
        (start, [{"type": "input_json_delta", "partial_json": '{"q": 1}'}]),
    ]
    request = {**REQUEST, "tools": [FUNCTION], "stream": True}
    frames, incoming = streamed(Dialect.RESPONSES, Dialect.MESSAGES, request, message_events(blocks, "tool_use"))
    response = as_response(frames)
    assert (response.output_text, response.model) == ("Hello", "claude-x")
    assert response.output[1].arguments == '{"q": 1}'
    assert frames[-1].data["response"]["usage"] == USAGE
    assert incoming.usage == Usage(input=100, output=7, cached=40)
    body = message([{"type": "text", "text": "Hello"}])
    out = Incoming(Dialect.RESPONSES, Dialect.MESSAGES, REQUEST).whole(body)
    assert Response.model_validate(out).output_text == "Hello"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=9), max_size=9))
def test_text_survives_any_chunking(pieces):
    response = as_response(stream(*(chunk({"content": piece}) for piece in pieces), chunk({}, "stop")))
    assert response.output_text == "".join(pieces)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.integers(1, 9))
def test_arguments_survive_any_chunking(value, width):
    text = orjson.dumps(value).decode()
    fragments = [call_chunk(0, text[at : at + width]) for at in range(0, len(text), width)]
    frames = stream(call_chunk(0, "", "a", "c1"), *fragments, chunk({}, "tool_calls"))
    deltas = [f.data["delta"] for f in frames if f.event == "response.function_call_arguments.delta"]
    assert "".join(deltas) == text
    assert as_response(frames).output[0].arguments == text


def test_a_call_goes_back_in_its_namespace():
    space = {"type": "namespace", "name": "agents", "description": "d", "tools": [FUNCTION]}
    frames = stream(
        call_chunk(0, "{}", "agents__a", "c1"), chunk({}, "tool_calls"), request={**REQUEST, "tools": [space, FUNCTION]}
    )
    item = next(frame.data["item"] for frame in frames if frame.event == "response.output_item.done")
    assert (item["name"], item["namespace"], item["call_id"]) == ("a", "agents", "c1")
