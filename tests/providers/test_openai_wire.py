"""The OpenAI wire format."""

import json

import pytest
from aiohttp import web

from sampan.contract.answer import End
from sampan.contract.errors import StreamCut, UpstreamRefused
from sampan.contract.request import Dialect
from tests.providers import rigs
from tests.providers.conformance import TEXT, WireConformance
from tests.providers.rigs import take
from tests.support import dialects as shapes


@pytest.fixture
async def rig():
    async with rigs.wire_rig(rigs.OpenAIRig) as rig:
        yield rig


class TestOpenAIProvider(WireConformance):
    pass


async def test_a_stream_reports_its_tokens_though_the_caller_did_not_ask(rig):
    rig.stream(TEXT)
    _, *frames, end = await take(rig.provider, rig.cleared(stream=True))
    assert rig.server.bodies[0]["stream_options"] == {"include_usage": True}
    assert all(frame.data["choices"] and "usage" not in frame.data for frame in frames)
    assert (end.usage.input, end.usage.output, end.finish) == (5, 4, "stop")


async def test_a_caller_who_asked_sees_the_usage_chunk(rig):
    rig.stream(TEXT)
    options = {"include_usage": True, "x": 1}
    _, *frames, _ = await take(rig.provider, rig.cleared(stream=True, stream_options=options))
    assert rig.server.bodies[0]["stream_options"] == options
    assert frames[-1].data["usage"]["total_tokens"] == 9


async def test_an_empty_usage_in_every_chunk_is_hidden_too(rig):
    chunk = {"id": "1", "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}], "usage": None}
    rig.server.streams([shapes.sse(chunk), b"data: [DONE]\n\n"])
    _, frame, _ = await take(rig.provider, rig.cleared(stream=True))
    assert "usage" not in frame.data


async def test_without_done_every_choice_must_have_ended(rig):
    def chunk(index, finish):
        return shapes.sse(
            {"id": "1", "choices": [{"index": index, "delta": {"content": "a"}, "finish_reason": finish}]}
        )

    rig.server.streams([chunk(0, None), chunk(1, None), chunk(0, "stop"), chunk(1, "length")])
    *_, end = await take(rig.provider, rig.cleared(stream=True))
    assert isinstance(end, End)
    rig.server.streams([chunk(0, None), chunk(1, None), chunk(0, "stop")])
    with pytest.raises(StreamCut):
        await take(rig.provider, rig.cleared(stream=True))


async def test_done_without_a_blank_line_is_an_end(rig):
    parts = list(shapes.Chat().events("m", TEXT, None))
    rig.server.streams([*parts[:-3], b"data: [DONE]"])
    *_, end = await take(rig.provider, rig.cleared(stream=True))
    assert isinstance(end, End)


@pytest.mark.parametrize("stream", [False, True])
async def test_responses_go_out_natively_and_are_not_stored(rig, stream):
    shape = shapes.Responses()
    if stream:
        rig.server.streams(list(shape.events("m", TEXT, None)))
    else:
        rig.server.says(shape.whole("m", TEXT, None))
    fields = {"stream": stream, "store": True, "previous_response_id": "resp_1", "x_new": 1}
    _, *frames, end = await take(rig.provider, rig.cleared(Dialect.RESPONSES, **fields))
    body = rig.server.bodies[0]
    assert rig.server.paths == ["/v1/responses"]
    assert body["store"] is False and "previous_response_id" not in body and body["x_new"] == 1
    assert TEXT in json.dumps(frames[-1].data, ensure_ascii=False)
    assert (end.usage.input, end.usage.output) == (5, 4) and end.finish == "completed"
    if stream:
        assert frames[0].event == "response.created" and frames[-1].event == "response.completed"


async def test_responses_fail_as_an_event_of_their_own(rig):
    whole = {**shapes.Responses().whole("m", "", None), "status": "failed", "error": {"code": "server_error"}}
    rig.server.streams([shapes.sse({"type": "response.failed", "response": whole}, "response.failed")])
    _, frame, end = await take(rig.provider, rig.cleared(Dialect.RESPONSES, stream=True))
    assert frame.data["type"] == "response.failed" and end.finish == "failed"


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_an_endpoint_without_responses_gets_chat_and_is_remembered(rig, status):
    async def answer(request):
        if request.path.endswith("/responses"):
            return web.json_response({"detail": "Not Found"}, status=status)
        return web.json_response(shapes.Chat().whole("m", TEXT, None))

    rig.server.answer = answer
    for _ in range(2):
        cleared = rig.cleared(Dialect.RESPONSES)
        _, frame, end = await take(rig.provider, cleared)
        assert frame.data["object"] == "response" and TEXT in json.dumps(frame.data, ensure_ascii=False)
        assert end.bytes_out == len(cleared.sent[-1])
    assert rig.server.paths == ["/v1/responses", "/v1/chat/completions", "/v1/chat/completions"]


async def test_an_unknown_model_is_not_a_missing_path(rig):
    rig.server.says({"error": {"message": "no such model", "code": "model_not_found"}}, 404)
    with pytest.raises(UpstreamRefused):
        await take(rig.provider, rig.cleared(Dialect.RESPONSES))
    assert rig.server.paths == ["/v1/responses"]


async def test_when_chat_is_missing_too_nothing_is_remembered(rig):
    rig.server.says({"detail": "Not Found"}, 404)
    for _ in range(2):
        with pytest.raises(UpstreamRefused):
            await take(rig.provider, rig.cleared(Dialect.RESPONSES))
    assert rig.server.paths == ["/v1/responses", "/v1/chat/completions"] * 2


async def test_completions_and_embeddings_are_native(rig):
    rig.server.says(shapes.Text().whole("m", TEXT, None))
    _, frame, _ = await take(rig.provider, rig.cleared(Dialect.COMPLETIONS, suffix="x"))
    assert frame.data["choices"][0]["text"] == TEXT and rig.server.bodies[0]["suffix"] == "x"
    rig.server.streams(list(shapes.Text().events("m", TEXT, None)))
    _, *frames, _ = await take(rig.provider, rig.cleared(Dialect.COMPLETIONS, stream=True))
    assert "".join(frame.data["choices"][0]["text"] for frame in frames) == TEXT
    vector = {"object": "list", "data": [{"embedding": "AACAPw==", "index": 0}], "usage": {"prompt_tokens": 3}}
    rig.server.says(vector)
    _, frame, end = await take(rig.provider, rig.cleared(Dialect.EMBEDDINGS, encoding_format="base64"))
    assert frame.data == vector and end.usage.input == 3
    assert rig.server.bodies[2]["encoding_format"] == "base64"
    assert rig.server.paths == ["/v1/completions", "/v1/completions", "/v1/embeddings"]


async def test_fields_of_an_answer_that_nobody_knows_are_kept(rig):
    whole = shapes.Chat().whole("m", TEXT, None) | {"x_new": [1]}
    whole["choices"][0]["message"]["reasoning_content"] = "hm"
    whole["choices"][0]["logprobs"] = {"content": [{"token": "a", "logprob": -0.1}]}
    rig.server.says(whole)
    _, frame, _ = await take(rig.provider, rig.cleared())
    assert frame.data == whole


async def test_a_stream_for_an_anthropic_caller(rig):
    rig.stream(TEXT)
    _, *frames, end = await take(rig.provider, rig.cleared(Dialect.MESSAGES, stream=True))
    assert rigs.AnthropicRig.text_of(None, frames) == TEXT
    assert frames[-1].data["type"] == "message_stop" and end.usage.output == 4


async def test_a_cut_stream_for_an_anthropic_caller(rig):
    rig.cut(TEXT, after=4)
    with pytest.raises(StreamCut):
        await take(rig.provider, rig.cleared(Dialect.MESSAGES, stream=True))


async def test_cached_tokens_are_counted(rig):
    whole = shapes.Chat().whole("m", TEXT, None)
    whole["usage"]["prompt_tokens_details"] = {"cached_tokens": 3}
    rig.server.says(whole)
    *_, end = await take(rig.provider, rig.cleared())
    assert end.usage.cached == 3
