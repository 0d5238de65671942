import json

from sampan.providers.local.shape import Named, ScriptShaper, ToolShaper


def chunk(finish=None, **delta):
    return {"id": "x", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def through(shaper, chunks):
    return [out for one in chunks for out in shaper.chunk(one)]


def text_of(chunks):
    return "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])


def test_a_streamed_call_has_the_vendors_shape():
    told = json.dumps({"name": "weather", "arguments": {"city": "HK"}})
    out = through(ToolShaper(), [chunk(role="assistant"), *(chunk(content=c) for c in told), chunk("stop")])
    deltas = [one["choices"][0]["delta"] for one in out]
    assert deltas[0] == {"role": "assistant", "content": None}
    opening = deltas[1]["tool_calls"][0]
    assert (opening["index"], opening["type"], opening["function"]) == (
        0, "function", {"name": "weather", "arguments": ""},
    )  # fmt: skip
    assert deltas[2]["tool_calls"] == [{"index": 0, "function": {"arguments": '{"city":"HK"}'}}]
    assert [one["choices"][0]["finish_reason"] for one in out] == [None, None, None, "tool_calls"]


def test_a_streamed_answer_is_text():
    out = through(ToolShaper(), [*(chunk(content=c) for c in '{"answer": "hello"}'), chunk("stop")])
    assert text_of(out) == "hello"
    assert out[-1]["choices"][0]["finish_reason"] == "stop"


def test_a_call_that_was_cut_says_length():
    out = through(ToolShaper(), [chunk(content='{"name": "wea'), chunk("length")])
    assert [one["choices"][0]["finish_reason"] for one in out] == ["length"]


def test_whole_replies():
    def whole(content):
        reply = {
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]
        }
        return ToolShaper().whole(reply)["choices"][0]

    call = whole('{"name": "weather", "arguments": {"city": "HK"}}')
    assert call["finish_reason"] == "tool_calls"
    assert call["message"]["content"] is None
    assert json.loads(call["message"]["tool_calls"][0]["function"]["arguments"]) == {"city": "HK"}
    assert whole('{"answer": "hi"}')["message"] == {"role": "assistant", "content": "hi"}
    assert whole('{"answer": {"a": 1}}')["message"]["content"] == '{"a": 1}'


def test_script_in_a_stream_comes_out_before_the_end():
    out = through(ScriptShaper(), [chunk(role="assistant", content=None), chunk(content="这里"), chunk("stop")])
    assert text_of(out) == "這裏"
    assert out[-1]["choices"][0]["finish_reason"] == "stop"
    assert text_of(through(ScriptShaper(), [chunk(content="这"), chunk("stop", content="里")])) == "這裏"


def test_script_of_a_whole_reply_and_chunks_without_choices():
    reply = {"choices": [{"index": 0, "message": {"content": "这里"}, "finish_reason": "stop"}]}
    assert ScriptShaper().whole(reply)["choices"][0]["message"]["content"] == "這裏"
    usage = {"choices": [], "usage": {}}
    assert ScriptShaper().chunk(usage) == ToolShaper().chunk(usage) == [usage]


def test_the_models_file_is_not_told():
    assert Named("smol").whole({"model": "/home/ann/smol.gguf", "timings": {}, "id": "x"}) == {
        "model": "smol",
        "id": "x",
    }
