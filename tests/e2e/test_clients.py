"""What real clients rely on: every field, header and event of the dialects, on the native wire and translated."""

import asyncio
import base64
import struct

import anthropic
import openai
import pytest

from tests.support.asking import stream
from tests.support.attack import HKID, chat, messages, responses
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e


USER = [{"role": "user", "content": "hi"}]


# requests keep what they hold

KEPT = {
    "developer": chat("both-echo", messages=[{"role": "developer", "content": "d", "name": "n"}, *USER]),
    "fields": chat(
        "both-echo",
        prompt_cache_key="k",
        safety_identifier="s",
        service_tier="flex",
        seed=7,
        logprobs=True,
        top_logprobs=2,
        n=2,
        logit_bias={"50256": -100},
        verbosity="low",
        reasoning_effort="high",
        store=False,
        metadata={"a": "b"},
        top_k=5,
        parallel_tool_calls=False,
        prediction={"type": "content", "content": "x"},
        modalities=["text"],
        x_new={"deep": [1, None, 2.5]},
    ),
    "parts": chat("both-echo", [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}, "x": 1}]),
    "strict-tools": chat(
        "both-echo",
        tools=[
            {"type": "function", "function": {"name": "f", "strict": True, "parameters": {"type": "object"}}, "x": 1}
        ],
        tool_choice={"type": "function", "function": {"name": "f"}},
    ),
    "schema": chat(
        "both-echo",
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "n", "strict": True, "schema": {"type": "object"}},
        },
    ),
    "assistant": chat(
        "both-echo",
        messages=[
            {"role": "assistant", "content": None, "refusal": "no", "reasoning_content": "r", "audio": {"id": "a"}},
            *USER,
        ],
    ),
    "a-cache": messages(
        "both-echo",
        [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
        system=[{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}],
        tools=[
            {
                "name": "f",
                "input_schema": {"type": "object"},
                "cache_control": {"type": "ephemeral"},
                "defer_loading": True,
            }
        ],
    ),
    "a-output": messages(
        "both-echo", output_config={"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}}
    ),
    "a-fields": messages(
        "both-echo",
        thinking={"type": "enabled", "budget_tokens": 1024},
        service_tier="auto",
        inference_geo="us",
        top_k=4,
        container="c",
        context_management={"edits": [{"type": "clear_tool_uses_20250919"}]},
        speed="fast",
        x_new=[{"y": 1}],
    ),
    "a-server-tools": messages(
        "both-echo", tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 2}]
    ),
    "a-thinking": messages(
        "both-echo",
        messages=[
            *USER,
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "t", "signature": "c2ln"},
                    {"type": "redacted_thinking", "data": "ZGF0YQ=="},
                    {"type": "text", "text": "a"},
                ],
            },
            *USER,
        ],
    ),
    "r-fields": responses(
        "both-echo",
        instructions="i",
        include=["reasoning.encrypted_content"],
        truncation="auto",
        prompt_cache_key="k",
        reasoning={"effort": "low", "summary": "auto"},
        text={"verbosity": "low"},
        tool_choice="auto",
        x_new={"a": 1},
        tools=[
            {"type": "custom", "name": "c", "format": {"type": "grammar", "syntax": "lark", "definition": "start: A"}}
        ],
    ),
    "r-items": responses(
        "both-echo",
        [
            {"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "ZW5j"},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{ }"},
            {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "o"}]},
            {"role": "developer", "content": [{"type": "input_text", "text": "d"}]},
        ],
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_native_request_arrives_as_it_was_sent(sampan, sent, case):
    path, body = KEPT[case]
    status, _, reply = sampan.post(path, body)
    assert status == 200, reply
    got = dict(sent()[-1])
    assert got.pop("model") == "echo"
    if path.endswith("/responses"):
        assert got.pop("store") is False
    assert got == {name: member for name, member in body.items() if name != "model"}


def test_a_native_stream_only_asks_for_usage_besides(sampan, sent):
    path, body = chat("echo", stream_options={"include_obfuscation": False})
    stream(sampan, path, body)
    assert sent()[-1]["stream_options"] == {"include_obfuscation": False, "include_usage": True}


def test_chat_to_claude_keeps_what_has_a_counterpart(sampan, sent):
    parts = [{"type": "text", "text": "long", "cache_control": {"type": "ephemeral"}}]
    tools = [
        {
            "type": "function",
            "function": {"name": "f", "description": "d", "parameters": {"type": "object"}},
            "cache_control": {"type": "ephemeral"},
        }
    ]
    path, body = chat(
        "claude-echo",
        messages=[{"role": "developer", "content": parts}, {"role": "user", "content": parts}],
        tools=tools,
        stop=["x"],
        max_completion_tokens=9,
        user="u",
        tool_choice="required",
        parallel_tool_calls=False,
    )
    assert sampan.post(path, body)[0] == 200
    got = sent()[-1]
    assert got["system"] == parts
    assert got["messages"][0]["content"] == parts
    assert got["tools"] == [
        {"name": "f", "description": "d", "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral"}}
    ]
    assert (got["stop_sequences"], got["max_tokens"], got["metadata"]) == (["x"], 9, {"user_id": "u"})
    assert got["tool_choice"] == {"type": "any", "disable_parallel_tool_use": True}


def test_claude_to_chat_keeps_what_has_a_counterpart(sampan, sent):
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    path, body = messages(
        "echo",
        system="s",
        output_config={"effort": "low", "format": {"type": "json_schema", "schema": schema}},
        stop_sequences=["x"],
        metadata={"user_id": "u"},
        tools=[{"name": "f", "input_schema": schema, "strict": True}],
        tool_choice={"type": "tool", "name": "f"},
    )
    assert sampan.post(path, body)[0] == 200
    got = sent()[-1]
    assert got["messages"][0] == {"role": "system", "content": "s"}
    assert got["response_format"]["json_schema"]["schema"] == schema
    assert (got["reasoning_effort"], got["stop"], got["user"], got["max_tokens"]) == ("low", ["x"], "u", 50)
    assert got["tools"][0]["function"]["strict"] is True
    assert got["tool_choice"] == {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize(
    "part",
    [
        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
        {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}},
        {"type": "video_url", "video_url": {"url": "https://x.example/a.mp4"}},
    ],
)
@pytest.mark.parametrize("model", ["echo", "claude-echo", "both-echo"])
def test_what_cannot_be_read_is_refused_not_dropped(sampan, sent, part, model):
    path, body = chat(model, [{"type": "text", "text": "hear"}, part])
    status, _, reply = sampan.post(path, body)
    assert status == 403
    assert reply["sampan"]["ways_on"]
    assert sent() == []


# embeddings


def packed(numbers):
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def test_base64_embeddings_stay_base64(client, upstream, sent):
    numbers = [0.5, -0.25, 3]

    def embed(body, path):
        value = packed(numbers) if body.get("encoding_format") == "base64" else numbers
        data = [{"object": "embedding", "index": 0, "embedding": value}]
        return Script(
            body={"object": "list", "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}, "data": data}
        )

    upstream.script = embed
    for more in ({}, {"encoding_format": "base64"}, {"encoding_format": "float"}):
        reply = client.embeddings.create(model="scripted-embed", input=[f"HKID {HKID}"], dimensions=3, **more)
        value = reply.data[0].embedding
        assert value == (packed([0.5, -0.25, 3]) if more.get("encoding_format") == "base64" else [0.5, -0.25, 3.0])
    assert [body.get("encoding_format") for body in sent()] == ["base64", "base64", "float"]
    assert sent()[-1]["dimensions"] == 3


# keys, versions, ids


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer unused"},
        {"x-api-key": "unused"},
        {"authorization": "Bearer sk-ant-api03-whatever"},
        {"x-api-key": "a", "authorization": "Bearer b"},
        {"api-key": "c"},
    ],
)
@pytest.mark.parametrize("version", ["", "2023-06-01", "2026-10-21", "2099-01-01", "nonsense"])
def test_any_key_header_and_any_version(sampan, upstream, headers, version):
    more = {"anthropic-version": version} if version else {}
    for path, body in (chat("echo"), messages("claude-echo"), messages("echo")):
        assert sampan.post(path, body, {**headers, **more})[0] == 200
        assert not {"authorization", "x-api-key", "api-key"} & upstream.headers[-1].keys()


def test_request_ids_come_through(sampan):
    _, headers, _ = sampan.post(*chat("echo"))
    assert headers["x-request-id"]
    got = stream(sampan, *chat("echo"))
    assert got.headers["x-request-id"] == "req_mock"


def test_the_beta_paths_of_the_sdks(sampan, claude, upstream):
    claude.beta.messages.create(
        model="claude-echo", max_tokens=9, messages=USER, betas=["context-1m-2025-08-07", "some-2026-01-01"]
    )
    assert upstream.headers[-1]["anthropic-beta"] == "context-1m-2025-08-07,some-2026-01-01"
    assert claude.beta.messages.count_tokens(model="claude-echo", messages=USER).input_tokens == 7


def test_async_clients(sampan):
    async def run():
        async with (
            openai.AsyncOpenAI(base_url=sampan.base_url + "/v1", api_key="x") as one,
            anthropic.AsyncAnthropic(base_url=sampan.base_url, api_key="x") as two,
        ):
            first = one.chat.completions.create(model="echo", messages=USER)
            second = two.messages.create(model="claude-echo", max_tokens=9, messages=USER)
            return (await first).choices[0].message.content, (await second).content[0].text

    assert asyncio.run(run()) == ("hi", "hi")


def test_unknown_models_in_both_shapes(client, claude):
    with pytest.raises(openai.NotFoundError) as one:
        client.chat.completions.create(model="nothing", messages=USER)
    assert one.value.code == "model_not_found"
    with pytest.raises(anthropic.NotFoundError) as two:
        claude.messages.create(model="nothing", max_tokens=9, messages=USER)
    assert two.value.body["error"]["type"] == "not_found_error"
