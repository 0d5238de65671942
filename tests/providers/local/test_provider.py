import asyncio
import contextlib
import json
import os
import signal
import time
from contextlib import aclosing

import orjson
import psutil
import pytest

from sampan.contract.answer import End, Frame, Started
from sampan.contract.errors import BadRequest, ContextTooLong, EngineUnavailable, StreamCut, UpstreamRefused
from sampan.contract.request import Dialect
from sampan.providers.local.engine import Engine, EngineSettings
from sampan.providers.local.provider import LocalProvider
from tests.providers.local.conftest import MODEL, make_cleared

pytestmark = pytest.mark.engine
TOOLS = [{"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "maxLength": 20}}, "required": ["city"]}}}]  # fmt: skip
STORY = {"messages": [{"role": "user", "content": "Tell a long story."}], "stream": True}


@pytest.fixture
async def provider(model_file, door):
    settings = EngineSettings(context=1024, slots=2, threads=1, idle_s=0, backoff_s=0.05)
    one = LocalProvider(MODEL, Engine(model_file, settings), door)
    yield one
    await one.aclose()


def say(text, **more):
    return {"messages": [{"role": "user", "content": text}], "max_tokens": 12, **more}


async def ask(provider, body, dialect=Dialect.CHAT, user="ann"):
    return [event async for event in provider.run(make_cleared(body, dialect, user))]


def frames(events):
    return [event.data for event in events if isinstance(event, Frame)]


async def test_a_plain_answer(provider):
    events = await ask(provider, say("Say hi"))
    started, frame, end = events
    assert isinstance(started, Started)
    assert frame.data["object"] == "chat.completion"
    assert frame.data["model"] == MODEL.name
    assert frame.data["choices"][0]["message"]["content"]
    assert isinstance(end, End)
    assert end.usage.input == frame.data["usage"]["prompt_tokens"] > 0
    assert end.usage.output > 0
    assert end.bytes_in > end.bytes_out > 0


async def test_a_stream_gives_usage_only_to_those_who_ask(provider):
    events = await ask(provider, say("Count to ten", stream=True))
    chunks = frames(events)
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks)
    assert text
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in chunks)
    assert events[-1].usage.output > 0
    with_usage = frames(await ask(provider, say("Hi", stream=True, stream_options={"include_usage": True})))
    assert with_usage[-1]["choices"] == []
    assert with_usage[-1]["usage"]["completion_tokens"] > 0


async def test_many_in_a_row_over_one_pool(provider):
    for number in range(6):
        assert frames(await ask(provider, say("Hi", max_tokens=2, stream=number % 2 == 0)))


async def test_json_schema_holds(provider):
    schema = {"type": "object", "properties": {"age": {"type": "integer", "maximum": 99}, "ok": {"type": "boolean"}},
              "required": ["age", "ok"], "additionalProperties": False}  # fmt: skip
    wish = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    (reply,) = frames(await ask(provider, say("Ann is 5.", response_format=wish, max_tokens=200)))
    value = json.loads(reply["choices"][0]["message"]["content"])
    assert set(value) == {"age", "ok"}
    assert type(value["age"]) is int


@pytest.mark.parametrize("stream", [False, True])
async def test_a_demanded_tool_call_comes(provider, stream):
    body = say("Weather in Hong Kong?", tools=TOOLS, tool_choice="required", max_tokens=200, stream=stream)
    replies = frames(await ask(provider, body))
    if stream:
        calls = [call for chunk in replies for call in chunk["choices"][0]["delta"].get("tool_calls", ())]
        name, arguments = calls[0]["function"]["name"], "".join(call["function"]["arguments"] for call in calls)
        assert replies[-1]["choices"][0]["finish_reason"] == "tool_calls"
    else:
        (call,) = replies[0]["choices"][0]["message"]["tool_calls"]
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        assert replies[0]["choices"][0]["finish_reason"] == "tool_calls"
    assert name == "get_weather"
    assert set(json.loads(arguments)) == {"city"}


async def test_a_schema_without_a_grammar_still_gives_a_call(provider):
    odd = {"type": "object", "properties": {"a": {"type": "nonsense"}}}
    tools = [{"type": "function", "function": {"name": "odd", "parameters": odd}}]
    (reply,) = frames(await ask(provider, say("Use it", tools=tools, tool_choice="required", max_tokens=150)))
    assert reply["choices"][0]["finish_reason"] in ("tool_calls", "length")


async def test_a_bad_schema_of_the_caller_is_refused(provider):
    wish = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "nonsense"}}}
    with pytest.raises(UpstreamRefused) as caught:
        await ask(provider, say("x", response_format=wish))
    assert caught.value.http_status == 400


async def test_every_dialect(provider):
    message = frames(await ask(provider, say("Say hi"), Dialect.MESSAGES))[0]
    assert message["type"] == "message"
    events = await ask(provider, say("Say hi", stream=True), Dialect.MESSAGES)
    names = [event.event for event in events if isinstance(event, Frame)]
    assert (names[0], names[-1]) == ("message_start", "message_stop")
    response = frames(await ask(provider, {"input": "Say hi", "max_output_tokens": 8}, Dialect.RESPONSES))[0]
    assert response["object"] == "response"
    completion = frames(await ask(provider, {"prompt": "1, 2, 3,", "max_tokens": 4}, Dialect.COMPLETIONS))[0]
    assert completion["object"] == "text_completion"
    assert completion["choices"][0]["text"]


async def test_tokens_are_counted_as_they_will_be_read(provider):
    counted = frames(await ask(provider, {"messages": [{"role": "user", "content": "Say hi"}]}, Dialect.COUNT_TOKENS))
    answered = await ask(provider, say("Say hi"))
    assert counted == [{"input_tokens": answered[-1].usage.input}]


async def test_what_does_not_fit_fails_with_sizes_and_ways_on(provider):
    with pytest.raises(ContextTooLong, match=r"has 1\d\d\d tokens; smollm2-135m has room for 1024") as caught:
        await ask(provider, say("word " * 1500))
    assert len(caught.value.ways_on) >= 2
    with pytest.raises(ContextTooLong, match="over"):
        await ask(provider, say("word " * 100_000))


async def test_one_choice_and_one_prompt(provider):
    with pytest.raises(BadRequest, match="`n`"):
        await ask(provider, say("x", n=2))
    with pytest.raises(BadRequest, match="one prompt"):
        await ask(provider, {"prompt": ["a", "b"]}, Dialect.COMPLETIONS)


async def test_the_cache_serves_the_next_turn_and_nobody_else(provider):
    body = say("A long beginning. " * 40)
    await ask(provider, body, user="ann")
    assert (await ask(provider, body, user="ann"))[-1].usage.cached > 100
    await ask(provider, say("Something else"), user="bob")
    assert (await ask(provider, body, user="bob"))[-1].usage.cached < 100
    assert (await ask(provider, body, user="eve"))[-1].usage.cached == 0


async def test_the_caller_cannot_choose_the_slot(provider):
    cleared = make_cleared(say("hi", id_slot=1, cache_prompt=True, model="x"))
    async for _ in provider.run(cleared):
        pass
    sent = orjson.loads(cleared.sent[0])
    assert (sent["id_slot"], sent["cache_prompt"]) == (0, False)
    assert "model" not in sent


async def test_leaving_stops_the_generation(provider):
    async with aclosing(provider.run(make_cleared(STORY))) as events:
        async for event in events:
            if isinstance(event, Frame) and event.data["choices"][0]["delta"].get("content"):
                break
    await asyncio.sleep(0.3)
    child = psutil.Process(provider.engine.pid)
    before = sum(child.cpu_times()[:2])
    await asyncio.sleep(0.4)
    assert sum(child.cpu_times()[:2]) - before < 0.1
    start = time.monotonic()
    await ask(provider, say("hi"))
    assert time.monotonic() - start < 5


async def test_leaving_stops_a_long_prompt_too(provider):
    asking = asyncio.create_task(ask(provider, say("word " * 900)))
    await asyncio.sleep(0.8)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await asyncio.sleep(1.2)
    child = psutil.Process(provider.engine.pid)
    before = sum(child.cpu_times()[:2])
    await asyncio.sleep(0.3)
    assert sum(child.cpu_times()[:2]) - before < 0.1


async def test_a_killed_engine_cuts_the_stream_and_answers_the_next(provider):
    with pytest.raises(StreamCut):
        async for event in provider.run(make_cleared(STORY)):
            if isinstance(event, Frame):
                with contextlib.suppress(ProcessLookupError):  # frames that were under way come after its death
                    os.kill(provider.engine.pid, signal.SIGKILL)
    assert frames(await ask(provider, say("Say hi")))


async def test_a_death_before_the_first_byte_is_not_seen(provider):
    await provider.engine.start()
    os.kill(provider.engine.pid, signal.SIGKILL)
    assert frames(await ask(provider, say("Say hi")))


async def test_without_its_model_it_is_unavailable(tmp_path, door):
    provider = LocalProvider(MODEL, Engine(tmp_path / "none.gguf"), door)
    assert await provider.health() == "absent"
    with pytest.raises(EngineUnavailable, match="no local model yet"):
        await ask(provider, say("hi"))
