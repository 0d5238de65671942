"""What real clients rely on in answers: every field and event of the dialects, on the native wire and translated."""

import json

import pytest

from tests.support.asking import stream
from tests.support.attack import ASK, HKID, chat, messages
from tests.support.dialects import sse
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e


USER = [{"role": "user", "content": "hi"}]


# answers keep what they hold

WHOLE = {
    "chat": {
        "id": "chatcmpl-9",
        "object": "chat.completion",
        "created": 5,
        "model": "gpt-x",
        "service_tier": "default",
        "system_fingerprint": "fp",
        "choices": [
            {
                "index": 0,
                "finish_reason": "content_filter",
                "message": {
                    "role": "assistant",
                    "content": None,
                    "refusal": "I can't help with [HKID_1]",
                    "reasoning_content": "thinking of [HKID_1]",
                    "annotations": [
                        {
                            "type": "url_citation",
                            "url_citation": {
                                "url": "https://a.example",
                                "start_index": 0,
                                "end_index": 3,
                                "title": "t",
                            },
                        }
                    ],
                    "audio": {"id": "a", "data": "UklGRg==", "transcript": "t", "expires_at": 1},
                },
                "logprobs": {
                    "content": [{"token": "hi", "logprob": -0.1, "bytes": [104, 105], "top_logprobs": []}],
                    "refusal": None,
                },
            }
        ],
        "usage": {
            "prompt_tokens": 5,
            "completion_tokens": 4,
            "total_tokens": 9,
            "prompt_tokens_details": {"cached_tokens": 3},
        },
        "x_new": [1],
    },
    "messages": {
        "id": "msg_9",
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "stop_reason": "refusal",
        "stop_sequence": None,
        "content": [
            {"type": "thinking", "thinking": "of [HKID_1]", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "ZGF0YQ=="},
            {
                "type": "text",
                "text": "no",
                "citations": [{"type": "char_location", "cited_text": "x", "document_index": 0}],
            },
            {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "q"}},
        ],
        "usage": {
            "input_tokens": 5,
            "output_tokens": 4,
            "cache_read_input_tokens": 2,
            "cache_creation": {"ephemeral_1h_input_tokens": 1},
        },
        "stop_details": {"type": "refusal", "category": "c", "explanation": "e"},
        "container": None,
        "x_new": {"a": 1},
    },
    "responses": {
        "id": "resp_9",
        "object": "response",
        "created_at": 5,
        "status": "incomplete",
        "model": "gpt-x",
        "incomplete_details": {"reason": "max_output_tokens"},
        "x_new": 1,
        "output": [
            {
                "type": "reasoning",
                "id": "rs_1",
                "summary": [{"type": "summary_text", "text": "of [HKID_1]"}],
                "encrypted_content": "ZW5j",
            },
            {
                "type": "message",
                "id": "m",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "refusal", "refusal": "no [HKID_1]"}],
            },
        ],
        "usage": {
            "input_tokens": 5,
            "output_tokens": 4,
            "total_tokens": 9,
            "input_tokens_details": {"cached_tokens": 3},
        },
    },
}


@pytest.mark.parametrize("dialect", ASK)
def test_a_native_reply_comes_back_as_it_was_said(sampan, upstream, dialect):
    upstream.script = Script(body=WHOLE[dialect])
    path, body = ASK[dialect]("both-scripted", f"HKID {HKID}")
    status, _, reply = sampan.post(path, body)
    wanted = json.loads(json.dumps(WHOLE[dialect]).replace("[HKID_1]", HKID))
    assert status == 200
    if dialect == "responses":
        wanted |= {"store": True, "previous_response_id": None}
    assert reply == wanted


CHUNK = {
    "id": "c",
    "object": "chat.completion.chunk",
    "created": 5,
    "model": "gpt-x",
    "system_fingerprint": "fp",
    "x_new": 1,
}
DELTAS = [
    {"role": "assistant", "content": ""},
    {"reasoning_content": "think [HK"},
    {"reasoning_content": "ID_1] "},
    {"reasoning": "r"},
    {"refusal": "no [HKID"},
    {"refusal": "_1]"},
    {"content": "a"},
    {"x_new": "[HKID_1]"},
]


def test_a_native_chat_stream_keeps_refusal_reasoning_and_logprobs(sampan, upstream, client):
    probs = {"content": [{"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}], "refusal": None}
    events = [
        sse(
            {
                **CHUNK,
                "choices": [
                    {
                        "index": 0,
                        "delta": delta,
                        "logprobs": probs if "content" in delta else None,
                        "finish_reason": None,
                    }
                ],
            }
        )
        for delta in DELTAS
    ]
    events += [
        sse(
            {
                **CHUNK,
                "choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "content_filter_results": {"x": 1}}],
            }
        ),
        b"data: [DONE]\n\n",
    ]
    upstream.script = Script(events=events)
    got = stream(sampan, *chat("scripted", f"HKID {HKID}"))
    said = {}
    for _, data in got.events[:-1]:
        assert {**CHUNK, "choices": data["choices"]} == data
        for name, text in data["choices"][0]["delta"].items():
            said[name] = said.get(name, "") + text
    assert said == {
        "role": "assistant",
        "content": "a",
        "reasoning_content": f"think {HKID} ",
        "reasoning": "r",
        "refusal": f"no {HKID}",
        "x_new": HKID,
    }
    assert [data["choices"][0].get("logprobs") for _, data in got.events[:-1]].count(probs) == 2
    assert got.events[-2][1]["choices"][0]["content_filter_results"] == {"x": 1}
    chunks = list(client.chat.completions.create(model="scripted", messages=USER, stream=True))
    assert chunks[-1].choices[0].finish_reason == "stop"


BLOCKS = [
    {"type": "thinking", "thinking": "", "signature": ""},
    {"type": "redacted_thinking", "data": "ZGF0YQ=="},
    {"type": "text", "text": ""},
    {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
    {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_1",
        "content": [
            {
                "type": "web_search_result",
                "url": "https://a.example",
                "title": "t",
                "encrypted_content": "ZW5j",
                "page_age": None,
            }
        ],
    },
]
GROWTH = [
    [
        {"type": "thinking_delta", "thinking": "of [HKID_"},
        {"type": "thinking_delta", "thinking": "1]"},
        {"type": "signature_delta", "signature": "c2ln"},
    ],
    [],
    [
        {"type": "text_delta", "text": "a [HKID"},
        {"type": "citations_delta", "citation": {"type": "char_location", "cited_text": "c", "document_index": 0}},
        {"type": "text_delta", "text": "_1]"},
    ],
    [
        {"type": "input_json_delta", "partial_json": ""},
        {"type": "input_json_delta", "partial_json": '{"id": "[HK'},
        {"type": "input_json_delta", "partial_json": 'ID_1]"}'},
    ],
    [{"type": "input_json_delta", "partial_json": ""}, {"type": "input_json_delta", "partial_json": '{"query": "q"}'}],
    [],
]


def claude_events():
    start = {**WHOLE["messages"], "content": [], "stop_reason": None}
    yield sse({"type": "message_start", "message": start}, "message_start")
    yield sse({"type": "ping"}, "ping")
    for index, (block, deltas) in enumerate(zip(BLOCKS, GROWTH, strict=True)):
        yield sse({"type": "content_block_start", "index": index, "content_block": block}, "content_block_start")
        for delta in deltas:
            yield sse({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta")
        yield sse({"type": "content_block_stop", "index": index}, "content_block_stop")
    yield sse({"type": "new_event", "note": "x"}, "new_event")
    yield sse(
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": {"output_tokens": 40, "x": 1},
        },
        "message_delta",
    )
    yield sse({"type": "message_stop"}, "message_stop")


def test_a_native_claude_stream_keeps_every_block(sampan, upstream, claude):
    upstream.script = Script(events=claude_events())
    got = stream(sampan, *messages("claude-scripted", f"HKID {HKID}"))
    names = [name for name, _ in got.events]
    assert names[1] == "ping"
    assert "new_event" in names
    assert got.text == f"a {HKID}"
    assert [json.loads(each) for each in got.arguments] == [{"id": HKID}, {"query": "q"}]
    with claude.messages.stream(
        model="claude-scripted", max_tokens=9, messages=[{"role": "user", "content": f"HKID {HKID}"}]
    ) as running:
        final = running.get_final_message()
    assert final.content[0].thinking == f"of {HKID}"
    assert final.content[0].signature == "c2ln"
    assert final.content[1].data == "ZGF0YQ=="
    assert final.content[2].citations[0].cited_text == "c"
    assert final.content[3].input == {"id": HKID}
    assert final.usage.output_tokens == 40


def test_claude_to_a_chat_client_keeps_reasoning_and_tools(sampan, upstream):
    upstream.script = Script(events=claude_events())
    got = stream(sampan, *chat("claude-scripted", f"HKID {HKID}"))
    reasoning = "".join(
        d["choices"][0]["delta"].get("reasoning_content", "") for _, d in got.events[:-1] if d["choices"]
    )
    assert reasoning == f"of {HKID}"
    assert got.text == f"a {HKID}"
    assert [json.loads(each) for each in got.arguments] == [{"id": HKID}]


@pytest.mark.parametrize("streamed", [False, True])
def test_chat_to_a_claude_client_keeps_refusal_and_reasoning(sampan, upstream, claude, streamed):
    if streamed:
        upstream.script = Script(
            events=[
                *(
                    sse({**CHUNK, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
                    for delta in DELTAS[:6]
                ),
                sse({**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}),
                b"data: [DONE]\n\n",
            ]
        )
    else:
        upstream.script = Script(body=WHOLE["chat"])
    asked = {"model": "scripted", "max_tokens": 9, "messages": [{"role": "user", "content": f"HKID {HKID}"}]}
    if streamed:
        with claude.messages.stream(**asked) as running:
            final = running.get_final_message()
    else:
        final = claude.messages.create(**asked)
    assert final.stop_reason == "refusal"
    assert [block.type for block in final.content] == ["thinking", "text"]
    assert HKID in final.content[0].thinking
    assert HKID in final.content[1].text
