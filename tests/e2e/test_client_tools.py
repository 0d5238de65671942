"""Tool calls and token counts in streams, as endpoints really send them."""

import json

import anthropic
import openai
import pytest

from tests.support.asking import arguments, stream
from tests.support.attack import ASK, EMAIL, HKID, PHONE, chat, messages
from tests.support.dialects import SHAPES, sse
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e

USER = [{"role": "user", "content": f"HKID {HKID} {PHONE} {EMAIL}"}]
CHAT_TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
    for name in ("f", "g")
]
CLAUDE_TOOLS = [{"name": name, "input_schema": {"type": "object", "properties": {}}} for name in ("f", "g")]
FIRST, SECOND = '{"id": "[HKID_1]", "n": [1, {"tel": "[PHONE_1]"}]}', '{"mail": "[EMAIL_1]"}'
WANTED = [{"id": HKID, "n": [1, {"tel": PHONE}]}, {"mail": EMAIL}]


def chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return sse({"id": "c", "object": "chat.completion.chunk", "created": 5, "model": "m", "choices": [choice]})


def called(index, text, **head):
    function = {"arguments": text, **({"name": head.pop("name")} if "name" in head else {})}
    return chunk({"tool_calls": [{"index": index, **head, "function": function}]})


def parallel(interleaved):
    yield chunk({"role": "assistant", "content": None})
    yield called(0, "", id="call_a", type="function", name="f")
    if interleaved:
        yield called(1, "", id="call_b", type="function", name="g")
        for at in range(max(len(FIRST), len(SECOND))):
            for index, text in enumerate((FIRST, SECOND)):
                if text[at : at + 1]:
                    yield called(index, text[at])
    else:
        for sign in FIRST:
            yield called(0, sign)
        yield called(1, "", id="call_b", type="function", name="g")
        for sign in SECOND:
            yield called(1, sign)
    yield chunk({}, "tool_calls")
    yield b"data: [DONE]\n\n"


def block(index, name, text, first=""):
    use = {"type": "tool_use", "id": f"toolu_{index}", "name": name, "input": {}}
    yield sse({"type": "content_block_start", "index": index, "content_block": use}, "content_block_start")
    for piece in [first, *text]:
        delta = {"type": "input_json_delta", "partial_json": piece}
        yield sse({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta")
    yield sse({"type": "content_block_stop", "index": index}, "content_block_stop")


def claude_parallel():
    head = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }
    yield sse(
        {"type": "message_start", "message": {**head, "usage": {"input_tokens": 7, "output_tokens": 1}}},
        "message_start",
    )
    yield from block(0, "f", FIRST)
    yield from block(1, "g", SECOND)
    yield from block(2, "f", "")
    ended = {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use", "stop_sequence": None},
        "usage": {"output_tokens": 30},
    }
    yield sse(ended, "message_delta")
    yield sse({"type": "message_stop"}, "message_stop")


@pytest.mark.parametrize("interleaved", [False, True])
def test_parallel_calls_split_at_every_character(sampan, upstream, interleaved):
    upstream.script = Script(events=parallel(interleaved))
    got = stream(sampan, *chat("scripted", USER[0]["content"], tools=CHAT_TOOLS))
    assert [json.loads(each) for each in got.arguments] == WANTED
    got = stream(sampan, *messages("scripted", USER[0]["content"], tools=CLAUDE_TOOLS))
    assert [json.loads(each) for each in got.arguments] == WANTED
    path, body = ASK["responses"](
        "scripted",
        USER[0]["content"],
        tools=[{"type": "function", "name": n, "parameters": {}, "strict": False} for n in "fg"],
    )
    upstream.script = lambda body, path: (
        Script(status=404, body={}) if path.endswith("responses") else Script(events=parallel(interleaved))
    )
    got = stream(sampan, path, body)
    assert [json.loads(each) for each in got.arguments] == WANTED
    assert got.done


def test_claude_calls_with_an_empty_first_piece_and_none_at_all(sampan, upstream):
    upstream.script = Script(events=claude_parallel())
    asked = [
        messages("claude-scripted", USER[0]["content"], tools=CLAUDE_TOOLS),
        chat("claude-scripted", USER[0]["content"], tools=CHAT_TOOLS),
    ]
    for path, body in asked:
        got = stream(sampan, path, body)
        assert [json.loads(each or "{}") for each in got.arguments] == [*WANTED, {}]
        assert got.done


def test_the_sdks_gather_the_calls(sampan, upstream):
    with (
        openai.OpenAI(base_url=sampan.base_url + "/v1", api_key="x") as client,
        anthropic.Anthropic(base_url=sampan.base_url, api_key="x") as claude,
    ):
        for script, model in ((parallel(True), "scripted"), (claude_parallel(), "claude-scripted")):
            upstream.script = Script(events=script)
            with client.chat.completions.stream(model=model, messages=USER, tools=CHAT_TOOLS) as running:
                calls = running.get_final_completion().choices[0].message.tool_calls
            assert [json.loads(call.function.arguments) for call in calls][:2] == WANTED
            assert [call.function.name for call in calls][:2] == ["f", "g"]
            with claude.messages.stream(model=model, max_tokens=9, messages=USER, tools=CLAUDE_TOOLS) as running:
                final = running.get_final_message()
            assert [each.input for each in final.content if each.type == "tool_use"][:2] == WANTED
            assert final.stop_reason == "tool_use"


def test_whole_calls_with_odd_arguments(sampan, upstream):
    for written in ("", "{}", "null", "[1]", '{"a": "[HKID_1]"', "not json [HKID_1]"):
        upstream.script = Script(body=SHAPES["chat/completions"]().whole("m", "", ("f", written)))
        for dialect, tools in (("chat", CHAT_TOOLS), ("messages", CLAUDE_TOOLS)):
            path, body = ASK[dialect]("scripted", USER[0]["content"], tools=tools)
            status, _, reply = sampan.post(path, body)
            assert status == 200
            (made,) = arguments(reply)
            assert "[HKID_1]" not in str(made)
            assert dialect == "chat" or isinstance(made, dict)


def test_the_name_of_a_tool_comes_back(sampan, upstream):
    tools = [
        {
            "type": "function",
            "function": {"name": EMAIL, "parameters": {"type": "object", "properties": {}}},
        }
    ]

    def answer(body, path):
        shape, name = (
            SHAPES[path.removeprefix("/v1/")](),
            (body["tools"][0].get("function") or body["tools"][0])["name"],
        )
        assert EMAIL not in name
        call = (name, '{"x": 1}')
        return (
            Script(events=shape.events("m", "", call))
            if body.get("stream")
            else Script(body=shape.whole("m", "", call))
        )

    upstream.script = answer
    for model in ("scripted", "claude-scripted"):
        path, body = chat(model, "hi", tools=tools)
        _, _, reply = sampan.post(path, body)
        assert reply["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == EMAIL
        got = stream(sampan, path, body)
        names = [
            call["function"].get("name")
            for _, data in got.events[:-1]
            for choice in data["choices"]
            for call in choice["delta"].get("tool_calls", ())
        ]
        assert names[0] == EMAIL


def test_several_choices_keep_apart(sampan, upstream):
    def event(index, text, finish=None):
        choice = {"index": index, "delta": {"content": text} if text else {}, "finish_reason": finish}
        return sse({"id": "c", "object": "chat.completion.chunk", "created": 5, "model": "m", "choices": [choice]})

    pieces = zip("[HKID_1] one", "[PHONE_1]two", strict=True)
    events = [event(index, sign) for pair in pieces for index, sign in enumerate(pair)]
    upstream.script = Script(events=[*events, event(0, "", "stop"), event(1, "", "stop"), b"data: [DONE]\n\n"])
    got = stream(sampan, *chat("scripted", USER[0]["content"], n=2))
    said = {0: "", 1: ""}
    for _, data in got.events[:-1]:
        for choice in data["choices"]:
            said[choice["index"]] += choice["delta"].get("content", "")
    assert said == {0: f"{HKID} one", 1: f"{PHONE}two"}


# token counts


def counted(usage, *, where="own"):
    """A stream that gives its counts in a chunk of their own, in the last chunk, or not at all."""
    base = {"id": "c", "object": "chat.completion.chunk", "created": 5, "model": "m"}
    yield sse(
        {**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "ok"}, "finish_reason": None}]}
    )
    last = {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    yield sse({**last, "usage": usage} if where == "last" else last)
    if where == "own":
        yield sse({**base, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


USAGE = {
    "prompt_tokens": 50,
    "completion_tokens": 7,
    "total_tokens": 57,
    "prompt_tokens_details": {"cached_tokens": 20},
}


def tokens_of(sampan, got):
    return sampan.get("/sampan/receipts/" + got.headers["sampan-receipt"].split(";")[0])["tokens"]


@pytest.mark.parametrize("where", ["own", "last"])
@pytest.mark.parametrize("asked", [False, True])
def test_counts_reach_receipt_and_caller(sampan, upstream, where, asked):
    upstream.script = Script(events=counted(USAGE, where=where))
    more = {"stream_options": {"include_usage": True}} if asked else {}
    got = stream(sampan, *chat("scripted", "hi", **more))
    tokens = tokens_of(sampan, got)
    assert (tokens["in"], tokens["out"]) == (50, 7)
    told = [data["usage"] for _, data in got.events[:-1] if data.get("usage")]
    assert (told == [USAGE]) if asked else (told in ([], [USAGE]))
    got = stream(sampan, *messages("scripted", "hi"))
    (delta,) = [data for _, data in got.events if data.get("type") == "message_delta"]
    assert (
        delta["usage"]["input_tokens"],
        delta["usage"]["cache_read_input_tokens"],
        delta["usage"]["output_tokens"],
    ) == (30, 20, 7)


def test_an_endpoint_that_gives_no_counts_is_not_recorded_as_free(sampan, upstream):
    upstream.script = Script(events=counted(None, where="never"))
    text = "please count these words " * 20
    for path, body in (chat("scripted", text, stream_options={"include_usage": True}), messages("scripted", text)):
        got = stream(sampan, path, body)
        assert got.done
        tokens = tokens_of(sampan, got)
        assert 60 <= tokens["in"] <= 250, tokens
        assert 1 <= tokens["out"] <= 8, tokens


def test_claude_counts_add_up(sampan, upstream):
    upstream.script = Script(events=claude_parallel())
    got = stream(sampan, *messages("claude-scripted", "hi"))
    tokens = tokens_of(sampan, got)
    assert (tokens["in"], tokens["out"]) == (7, 30)
    got = stream(sampan, *chat("claude-scripted", "hi", stream_options={"include_usage": True}))
    assert got.events[-2][1]["usage"]["completion_tokens"] == 30
    assert got.events[-2][1]["usage"]["prompt_tokens"] == 7
    assert got.events[-2][1]["choices"] == []
