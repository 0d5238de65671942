import pytest

from sampan.contract.errors import BadRequest
from sampan.contract.request import Dialect
from sampan.providers.translate import outgoing
from tests.providers.translate.vendor import sent

HELLO = [{"role": "user", "content": "hi"}]
WEATHER = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
TOOL = {"type": "function", "function": {"name": "weather", "description": "d", "parameters": WEATHER}}
OTHER = {"type": "function", "function": {"name": "other"}}


def to_messages(**body):
    return sent(Dialect.CHAT, Dialect.MESSAGES, {"model": "m", "messages": HELLO, **body})


def test_plain():
    assert to_messages() == {"model": "m", "max_tokens": 4096, "messages": HELLO}


@pytest.mark.parametrize(
    ("given", "limit"),
    [({"max_tokens": 5}, 5), ({"max_completion_tokens": 6}, 6), ({"max_tokens": 5, "max_completion_tokens": 6}, 6)],
)
def test_limit(given, limit):
    assert to_messages(**given)["max_tokens"] == limit


def test_options():
    out = to_messages(
        stop="END", user="u1", stream=True, temperature=0.1, top_p=0.2, seed=3, logit_bias={}, metadata={"a": "b"}, n=1
    )
    assert out == {
        "model": "m",
        "max_tokens": 4096,
        "messages": HELLO,
        "stop_sequences": ["END"],
        "metadata": {"user_id": "u1"},
        "stream": True,
    }


def test_stops_of_white_space_are_left_out():
    assert to_messages(stop=["\n", "END"])["stop_sequences"] == ["END"]


def test_system_and_developer_in_order():
    messages = [
        {"role": "system", "content": "one"},
        {"role": "developer", "content": [{"type": "text", "text": "two", "cache_control": {"type": "ephemeral"}}]},
        *HELLO,
        {"role": "system", "content": "three"},
    ]
    assert to_messages(messages=messages)["system"] == [
        {"type": "text", "text": "one"},
        {"type": "text", "text": "two", "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": "three"},
    ]
    assert to_messages(messages=messages[2:])["system"] == "three"


def test_a_conversation_with_tools_alternates():
    messages = [
        {"role": "user", "content": "one"},
        {"role": "user", "content": [{"type": "text", "text": ""}, {"type": "text", "text": "two"}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "a", "arguments": '{"q": "香港"}'}},
                {"id": "c2", "type": "function", "function": {"name": "b", "arguments": ""}},
                {"id": "c3", "type": "function", "function": {"name": "c", "arguments": '{"q": '}},
                {"id": "c4", "type": "function", "function": {"name": "d", "arguments": "[1]"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "r1"},
        {
            "role": "tool",
            "tool_call_id": "c2",
            "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
        },
        {"role": "tool", "tool_call_id": "c3", "content": ""},
        {"role": "user", "content": "and?"},
        {"role": "assistant", "content": "  "},
        {"role": "assistant", "refusal": "no", "content": None},
    ]
    assert to_messages(messages=messages)["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "tool_use", "id": "c1", "name": "a", "input": {"q": "香港"}},
                {"type": "tool_use", "id": "c2", "name": "b", "input": {}},
                {"type": "tool_use", "id": "c3", "name": "c", "input": {"_raw": '{"q": '}},
                {"type": "tool_use", "id": "c4", "name": "d", "input": {"_raw": "[1]"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": "r1"},
                {
                    "type": "tool_result",
                    "tool_use_id": "c2",
                    "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
                },
                {"type": "tool_result", "tool_use_id": "c3"},
                {"type": "text", "text": "and?"},
            ],
        },
        {"role": "assistant", "content": "no"},
    ]


def test_ids_of_other_endpoints():
    call = {"id": "functions.a:0", "type": "function", "function": {"name": "a", "arguments": "{}"}}
    messages = [
        *HELLO,
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "functions.a:0", "content": "r"},
    ]
    turns = to_messages(messages=messages)["messages"]
    assert turns[1]["content"][0]["id"] == turns[2]["content"][0]["tool_use_id"] == "functions_a_0"


def test_images_and_files():
    content = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD", "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"}},
    ]
    assert to_messages(messages=[{"role": "user", "content": content}])["messages"][0]["content"] == [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}},
        {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}},
        {
            "type": "document",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"},
            "title": "a.pdf",
        },
    ]


def test_tools():
    assert to_messages(tools=[TOOL, OTHER])["tools"] == [
        {"name": "weather", "description": "d", "input_schema": WEATHER},
        {"name": "other", "input_schema": {"type": "object", "properties": {}}},
    ]


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ("auto", {"type": "auto"}),
        ("required", {"type": "any"}),
        ("none", {"type": "none"}),
        ({"type": "function", "function": {"name": "weather"}}, {"type": "tool", "name": "weather"}),
    ],
)
def test_tool_choice(choice, wanted):
    assert to_messages(tools=[TOOL], tool_choice=choice)["tool_choice"] == wanted


def test_allowed_tools():
    allowed = {"mode": "required", "tools": [{"type": "function", "function": {"name": "other"}}]}
    out = to_messages(tools=[TOOL, OTHER], tool_choice={"type": "allowed_tools", "allowed_tools": allowed})
    assert [tool["name"] for tool in out["tools"]] == ["other"]
    assert out["tool_choice"] == {"type": "any"}


def test_one_call_at_a_time():
    assert to_messages(tools=[TOOL], parallel_tool_calls=False)["tool_choice"] == {
        "type": "auto",
        "disable_parallel_tool_use": True,
    }
    assert "tool_choice" not in to_messages(parallel_tool_calls=False)


def test_answer_format():
    named = {"name": "w", "schema": WEATHER, "strict": True}
    out = to_messages(response_format={"type": "json_schema", "json_schema": named})
    assert out["output_config"] == {"format": {"type": "json_schema", "schema": WEATHER}}
    out = to_messages(response_format={"type": "json_object"})
    assert "JSON" in out["system"]
    assert to_messages(response_format={"type": "text"}) == to_messages()


def test_effort():
    out = to_messages(reasoning_effort="minimal")
    assert (out["thinking"], out["output_config"]) == ({"type": "adaptive"}, {"effort": "low"})
    assert to_messages(reasoning_effort="none")["thinking"] == {"type": "disabled"}
    out = to_messages(reasoning_effort="high", tools=[TOOL], tool_choice="required")
    assert "thinking" not in out
    assert out["output_config"] == {"effort": "high"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"n": 2}, "`n`"),
        ({"modalities": ["text", "audio"]}, "audio"),
        ({"functions": [{"name": "x"}]}, "functions"),
        ({"web_search_options": {"search_context_size": "low"}}, "web_search_options"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "custom"),
        ({"tools": [TOOL], "tool_choice": "maybe"}, "tool_choice"),
        ({"messages": []}, "nothing to answer"),
        ({"messages": [{"role": "user", "content": " "}]}, "nothing to answer"),
        ({"messages": [{"role": "function", "name": "x", "content": "y"}]}, "role"),
        ({"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]}, "input_audio"),
        ({"messages": [{"role": "user", "content": [{"type": "hologram"}]}]}, "hologram"),
        ({"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}]}, "file"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "ftp://x"}}]}]}, "http"),
        ({"messages": [{"role": "assistant", "function_call": {"name": "x"}}]}, "function_call"),
        ({"messages": [{"role": "assistant", "tool_calls": [{"id": "x", "type": "custom"}]}]}, "custom"),
        ({"stop": [1]}, "stop"),
        ({"reasoning_effort": "extreme"}, "reasoning_effort"),
        ({"response_format": {"type": "xml"}}, "response_format"),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(body, named):
    with pytest.raises(BadRequest, match=named):
        outgoing(Dialect.CHAT, Dialect.MESSAGES, {"model": "m", "messages": HELLO, **body})
