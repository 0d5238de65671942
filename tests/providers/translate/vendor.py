"""What the vendors' own SDKs say about a request, a reply or an event."""

import copy
from typing import Any, get_type_hints

from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import Message, RawMessageStreamEvent, message_create_params
from openai import omit
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.lib.streaming.responses._responses import ResponseStreamState
from openai.types import completion_create_params
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat import completion_create_params as chat_params
from openai.types.responses import Response, ResponseStreamEvent, response_create_params
from pydantic import TypeAdapter

from sampan.contract.answer import Frame
from sampan.contract.request import Dialect
from sampan.providers.translate import Incoming, outgoing

PARAMS = {
    Dialect.CHAT: chat_params.CompletionCreateParamsNonStreaming,
    Dialect.MESSAGES: message_create_params.MessageCreateParamsNonStreaming,
    Dialect.RESPONSES: response_create_params.ResponseCreateParamsNonStreaming,
    Dialect.COMPLETIONS: completion_create_params.CompletionCreateParamsNonStreaming,
}
ADAPTERS = {dialect: TypeAdapter(params) for dialect, params in PARAMS.items()}
MESSAGE_EVENT = TypeAdapter(RawMessageStreamEvent)
RESPONSE_EVENT = TypeAdapter(ResponseStreamEvent)


def _exhaust(value: Any) -> None:
    """`Iterable` fields are validated only when somebody iterates."""
    if isinstance(value, dict):
        for inner in value.values():
            _exhaust(inner)
    elif not isinstance(value, str | bytes) and hasattr(value, "__iter__"):
        for inner in value:
            _exhaust(inner)


def check_request(dialect: Dialect, body: dict) -> dict:
    """The body satisfies the vendor's request type and has no field that it does not know."""
    known = get_type_hints(PARAMS[dialect]).keys()
    assert not body.keys() - known, f"unknown to {dialect}: {body.keys() - known}"
    plain = {**body, "stream": False}
    plain.pop("stream_options", None)
    _exhaust(ADAPTERS[dialect].validate_python(plain))
    return body


def sent(source: Dialect, target: Dialect, body: dict) -> dict:
    """Translate a request: the input is one the vendor knows and stays as it was, the output is valid."""
    before = copy.deepcopy(body)
    out = outgoing(source, target, body)
    assert body == before
    return check_request(target, out)


def streamed(source: Dialect, target: Dialect, request: dict, events: list[dict]) -> tuple[list[Frame], Incoming]:
    """Translate a stream of events, checking each frame."""
    incoming = Incoming(source, target, request)
    before = copy.deepcopy(events)
    frames = [out for data in events for out in incoming.frame(Frame(data, data.get("type", "")))]
    frames += incoming.finish()
    assert events == before
    for frame in frames:
        check_event(source, frame)
    return frames, incoming


def check_event(dialect: Dialect, frame: Frame) -> None:
    """One stream event satisfies the vendor's type."""
    if dialect is Dialect.MESSAGES:
        assert frame.event == frame.data["type"]
        MESSAGE_EVENT.validate_python(frame.data)
    elif dialect is Dialect.RESPONSES:
        assert frame.event == frame.data["type"]
        RESPONSE_EVENT.validate_python(frame.data)
    elif dialect is Dialect.CHAT:
        assert frame.event == ""
        ChatCompletionChunk.model_validate(frame.data)


def as_message(frames: list[Frame]) -> Message:
    """Drive anthropic's accumulator, checking the order of blocks on the way."""
    snapshot, buffers, open_blocks = None, {}, set()
    for frame in frames:
        data = frame.data
        match data["type"]:
            case "content_block_start":
                assert data["index"] == len(snapshot.content)
                open_blocks.add(data["index"])
            case "content_block_delta":
                assert data["index"] in open_blocks
            case "content_block_stop":
                open_blocks.remove(data["index"])
            case "message_delta":
                assert not open_blocks
        event = MESSAGE_EVENT.validate_python(data)
        snapshot = accumulate_event(event=event, current_snapshot=snapshot, json_bufs=buffers)
    assert frames[-1].data["type"] == "message_stop"
    return Message.model_validate(snapshot.to_dict())


def as_completion(frames: list[Frame]) -> ChatCompletion:
    """Drive openai's chat accumulator."""
    state = ChatCompletionStreamState()
    for frame in frames:
        state.handle_chunk(ChatCompletionChunk.model_validate(frame.data))
    return ChatCompletion.model_validate(state.current_completion_snapshot.to_dict())


def as_response(frames: list[Frame]) -> Response:
    """Drive openai's responses accumulator; what it gathered must equal what the last event says."""
    state = ResponseStreamState(input_tools=omit, text_format=omit)
    for number, frame in enumerate(frames):
        assert frame.data["sequence_number"] == number
        state.handle_event(RESPONSE_EVENT.validate_python(frame.data))
    return Response.model_validate(frames[-1].data["response"])


def chunk(delta: dict | None = None, finish: str | None = None, **more: Any) -> dict:
    """A chat chunk as an endpoint sends it."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-x"}
    return {**head, "choices": choices, **more}


def call_chunk(index: int, arguments: str, name: str | None = None, call_id: str | None = None) -> dict:
    """A chat chunk with a fragment of a tool call."""
    call: dict = {"index": index, "function": {"arguments": arguments}}
    if name is not None:
        call |= {"id": call_id, "type": "function"}
        call["function"]["name"] = name
    return chunk({"tool_calls": [call]})


def completion(message: dict, finish: str = "stop", usage: dict | None = None) -> dict:
    """A whole chat reply as an endpoint sends it."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    head = {"id": "c1", "object": "chat.completion", "created": 1, "model": "gpt-x"}
    return {**head, "choices": [choice], "usage": usage or CHAT_USAGE}


def message(content: list[dict], stop: str = "end_turn", **more: Any) -> dict:
    """A whole message as an endpoint sends it."""
    head = {"id": "m1", "type": "message", "role": "assistant", "model": "claude-x", "stop_sequence": None}
    return {**head, "content": content, "stop_reason": stop, "usage": MESSAGE_USAGE, **more}


def message_events(blocks: list[tuple[dict, list[dict]]], stop: str = "end_turn", **delta: Any) -> list[dict]:
    """The events of a message: (empty block, deltas) each."""
    start = message([], stop_reason=None, usage={**MESSAGE_USAGE, "output_tokens": 1})
    events: list[dict] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, (block, deltas) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events += [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
        events.append({"type": "content_block_stop", "index": index})
    ended = {"stop_reason": stop, "stop_sequence": None, **delta}
    events.append({"type": "message_delta", "delta": ended, "usage": {"output_tokens": 7}})
    return [*events, {"type": "message_stop"}]


# The same answer counted by each vendor: 100 tokens in, 40 of them read from a cache and 10 written to it.
CHAT_USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 7,
    "total_tokens": 107,
    "prompt_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 10},
    "completion_tokens_details": {"reasoning_tokens": 3},
}
MESSAGE_USAGE = {
    "input_tokens": 50,
    "output_tokens": 7,
    "cache_read_input_tokens": 40,
    "cache_creation_input_tokens": 10,
    "output_tokens_details": {"thinking_tokens": 3},
}
