import pytest

from sampan.contract.errors import BadRequest
from sampan.contract.request import Dialect
from sampan.providers.translate import outgoing
from tests.providers.translate.vendor import check_request, sent

HELLO = [{"role": "user", "content": "hi"}]
CLOSED = {
    "type": "object",
    "properties": {"place": {"type": "string"}},
    "required": ["place"],
    "additionalProperties": False,
}
WEATHER = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}


def to_chat(**body):
    return sent(Dialect.MESSAGES, Dialect.CHAT, {"model": "m", "max_tokens": 9, "messages": HELLO, **body})


def test_plain():
    assert to_chat() == {"model": "m", "max_tokens": 9, "messages": HELLO}


def test_everything_with_a_counterpart():
    body = {
        "system": [
            {"type": "text", "text": "A", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": "B"},
        ],
        "stop_sequences": ["END"],
        "metadata": {"user_id": "u1"},
        "tools": [{"name": "weather", "description": "d", "input_schema": CLOSED, "strict": True}],
        "tool_choice": {"type": "tool", "name": "weather", "disable_parallel_tool_use": True},
        "output_config": {"effort": "high"},
        "service_tier": "auto",
    }
    assert to_chat(**body) == {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "system", "content": "A\n\nB"}, *HELLO],
        "stop": ["END"],
        "user": "u1",
        "tools": [
            {
                "type": "function",
                "function": {"name": "weather", "description": "d", "strict": True, "parameters": CLOSED},
            }
        ],
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
        "parallel_tool_calls": False,
        "reasoning_effort": "high",
    }


def test_sampling_fields_of_the_older_version_pass():
    body = {"model": "m", "max_tokens": 9, "messages": HELLO, "temperature": 0.2, "top_p": 0.9, "top_k": 5}
    out = check_request(Dialect.CHAT, outgoing(Dialect.MESSAGES, Dialect.CHAT, body))
    assert (out["temperature"], out["top_p"], "top_k" in out) == (0.2, 0.9, False)


def test_a_stream_asks_for_its_usage():
    out = to_chat(stream=True)
    assert out["stream"] is True
    assert out["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(("choice", "wanted"), [("auto", "auto"), ("any", "required"), ("none", "none")])
def test_tool_choice(choice, wanted):
    tools = [{"name": "weather", "input_schema": WEATHER}]
    assert to_chat(tools=tools, tool_choice={"type": choice})["tool_choice"] == wanted


def test_strict_only_where_openai_takes_it():
    out = to_chat(
        tools=[{"name": "weather", "input_schema": {**WEATHER, "properties": {"a": {}, "b": {}}}, "strict": True}]
    )
    assert "strict" not in out["tools"][0]["function"]


@pytest.mark.parametrize("name", ["output_config", "output_format"])
@pytest.mark.parametrize("closed", [True, False])
def test_answer_format(name, closed):
    schema = {**WEATHER, "additionalProperties": False} if closed else WEATHER
    wanted = {"type": "json_schema", "schema": schema}
    body = {"model": "m", "max_tokens": 9, "messages": HELLO}
    body[name] = {"format": wanted} if name == "output_config" else wanted
    named = {"name": "output", "schema": schema, "strict": closed}
    assert sent(Dialect.MESSAGES, Dialect.CHAT, body)["response_format"] == {
        "type": "json_schema",
        "json_schema": named,
    }


def test_a_turn_with_tools():
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "look"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "s"},
                {"type": "redacted_thinking", "data": "x"},
                {"type": "text", "text": "I "},
                {"type": "text", "text": "look."},
                {"type": "tool_use", "id": "t1", "name": "a", "input": {"q": "香港"}},
                {"type": "tool_use", "id": "t2", "name": "b", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": "one"},
                {
                    "type": "tool_result",
                    "tool_use_id": "t2",
                    "is_error": True,
                    "content": [
                        {"type": "text", "text": "two"},
                        {"type": "text", "text": "three"},
                        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}},
                    ],
                },
                {"type": "text", "text": "so?", "cache_control": {"type": "ephemeral"}},
            ],
        },
    ]
    assert to_chat(messages=messages)["messages"] == [
        {"role": "user", "content": "look"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "t1", "type": "function", "function": {"name": "a", "arguments": '{"q":"香港"}'}},
                {"id": "t2", "type": "function", "function": {"name": "b", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "t1", "content": "one"},
        {"role": "tool", "tool_call_id": "t2", "content": "Error: two\nthree"},
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
                {"type": "text", "text": "so?"},
            ],
        },
    ]


def test_a_system_message_in_the_middle_keeps_its_place():
    messages = [*HELLO, {"role": "system", "content": [{"type": "text", "text": "be brief"}]}]
    assert to_chat(messages=messages)["messages"][1] == {"role": "system", "content": "be brief"}


def test_documents_and_images():
    content = [
        {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}},
        {
            "type": "document",
            "title": "T",
            "source": {"type": "text", "media_type": "text/plain", "data": "body"},
        },
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"}},
        {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "found"}]},
    ]
    assert to_chat(messages=[{"role": "user", "content": content}])["messages"][0]["content"] == [
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
        {"type": "text", "text": "T"},
        {"type": "text", "text": "body"},
        {"type": "file", "file": {"filename": "document.pdf", "file_data": "data:application/pdf;base64,QUJD"}},
        {"type": "text", "text": "t\ns\nfound"},
    ]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"messages": [{"role": "user", "content": [{"type": "hologram"}]}]}, "hologram"),
        ({"messages": [{"role": "assistant", "content": [{"type": "server_tool_use"}]}]}, "server_tool_use"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "file"}}]}]},
            "image from file",
        ),
        ({"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "url"}}]}]}, "from url"),
        ({"messages": [{"role": "user", "content": 3}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 3}]}]}, "messages"),
        ({"messages": [{"role": "critic", "content": "x"}]}, "role"),
        ({"messages": "x"}, "messages"),
        ({"system": [{"type": "image"}]}, "image"),
        ({"tools": [{"type": "web_search_20260209", "name": "web_search"}]}, "web_search_20260209"),
        ({"tools": [{"name": "a", "input_schema": {}}], "tool_choice": {"type": "maybe"}}, "tool_choice"),
        ({"mcp_servers": [{"name": "x"}]}, "mcp_servers"),
        ({"output_config": {"format": {"type": "yaml"}}}, "output_config"),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(body, named):
    with pytest.raises(BadRequest, match=named):
        outgoing(Dialect.MESSAGES, Dialect.CHAT, {"model": "m", "max_tokens": 9, "messages": HELLO, **body})
