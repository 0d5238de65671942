import pytest

from sampan.contract.errors import BadRequest
from sampan.contract.request import Dialect
from sampan.providers.translate import outgoing
from tests.providers.translate.vendor import sent

WEATHER = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
TOOL = {"type": "function", "name": "weather", "description": "d", "parameters": WEATHER, "strict": True}
OTHER = {"type": "function", "name": "other", "parameters": None, "strict": None}
NESTED = {
    "type": "function",
    "function": {"name": "weather", "description": "d", "parameters": WEATHER, "strict": True},
}


def to_chat(**body):
    return sent(Dialect.RESPONSES, Dialect.CHAT, {"model": "m", "input": "hi", **body})


def test_plain():
    assert to_chat() == {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def test_options():
    out = to_chat(
        instructions="be brief",
        max_output_tokens=5,
        reasoning={"effort": "low", "summary": "auto"},
        temperature=0.1,
        top_p=0.2,
        user="u",
        metadata={"a": "b"},
        store=True,
        include=["reasoning.encrypted_content"],
        truncation="auto",
        stream=True,
        text={"verbosity": "low"},
        tools=[TOOL, OTHER],
        parallel_tool_calls=False,
        tool_choice={"type": "function", "name": "weather"},
    )
    assert out == {
        "model": "m",
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
        "max_tokens": 5,
        "reasoning_effort": "low",
        "temperature": 0.1,
        "top_p": 0.2,
        "user": "u",
        "stream": True,
        "stream_options": {"include_usage": True},
        "verbosity": "low",
        "tools": [NESTED, {"type": "function", "function": {"name": "other"}}],
        "parallel_tool_calls": False,
        "tool_choice": {"type": "function", "function": {"name": "weather"}},
    }


ITEMS = [
    {"role": "developer", "content": "rules"},
    {
        "type": "message",
        "role": "user",
        "content": [
            {"type": "input_text", "text": "look"},
            {"type": "input_image", "image_url": "data:image/png;base64,QUJD", "detail": "low"},
            {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"},
        ],
    },
    {"type": "reasoning", "id": "rs_1", "summary": []},
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "I look.", "annotations": []}],
    },
    {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "weather", "arguments": '{"place":"HK"}'},
    {"type": "custom_tool_call", "call_id": "c2", "name": "patch", "input": "+x"},
    {"type": "function_call_output", "call_id": "c1", "output": "sunny"},
    {"type": "custom_tool_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "done"}]},
    {"type": "function_call", "call_id": "c3", "name": "weather", "arguments": "{}"},
    {
        "type": "function_call_output",
        "call_id": "c3",
        "output": [{"type": "input_image", "image_url": "https://x/y.png", "detail": "auto"}],
    },
]


def test_items():
    function = "function"
    assert to_chat(input=ITEMS)["messages"] == [
        {"role": "developer", "content": "rules"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "look"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD", "detail": "low"}},
                {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"}},
            ],
        },
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "c1", "type": function, "function": {"name": "weather", "arguments": '{"place":"HK"}'}},
                {"id": "c2", "type": function, "function": {"name": "patch", "arguments": '{"input":"+x"}'}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
        {"role": "tool", "tool_call_id": "c2", "content": "done"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c3", "type": function, "function": {"name": "weather", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c3", "content": ""},
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "auto"}}],
        },
    ]


def test_results_stay_right_after_their_calls():
    image = {"type": "input_image", "image_url": "https://x/y.png", "detail": "auto"}
    items = [
        {"type": "function_call", "call_id": "c1", "name": "a", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "a", "arguments": "{}"},
        {"role": "assistant", "content": "I look."},
        {"type": "function_call_output", "call_id": "c1", "output": [image]},
        {"type": "function_call_output", "call_id": "c2", "output": "r"},
        {"role": "user", "content": "so?"},
    ]
    messages = to_chat(input=items)["messages"]
    assert [message["role"] for message in messages] == ["assistant", "tool", "tool", "user", "user"]
    assert messages[0]["content"] == "I look."
    assert [call["id"] for call in messages[0]["tool_calls"]] == ["c1", "c2"]
    assert messages[3]["content"][0]["type"] == "image_url"


def test_answer_format():
    named = {"name": "w", "schema": WEATHER, "strict": True}
    assert to_chat(text={"format": {"type": "json_schema", **named}})["response_format"] == {
        "type": "json_schema",
        "json_schema": named,
    }
    assert to_chat(text={"format": {"type": "json_object"}})["response_format"] == {"type": "json_object"}
    assert "response_format" not in to_chat(text={"format": {"type": "text"}})


def test_allowed_tools():
    choice = {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "weather"}]}
    out = to_chat(tools=[TOOL, OTHER], tool_choice=choice)
    assert (out["tools"], out["tool_choice"]) == ([NESTED], "required")


def test_a_custom_tool_becomes_a_function():
    grammar = {"type": "grammar", "syntax": "lark", "definition": "start: X"}
    function = to_chat(tools=[{"type": "custom", "name": "patch", "format": grammar}])["tools"][0]["function"]
    assert function["parameters"]["required"] == ["input"]
    assert "start: X" in function["description"]


def test_to_messages_through_chat():
    body = {
        "model": "m",
        "instructions": "be brief",
        "input": [
            {"role": "user", "content": "a"},
            {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "sunny"},
        ],
        "tools": [TOOL],
        "max_output_tokens": 7,
        "stream": True,
    }
    assert sent(Dialect.RESPONSES, Dialect.MESSAGES, body) == {
        "model": "m",
        "stream": True,
        "max_tokens": 7,
        "system": "be brief",
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "weather", "input": {}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "sunny"}]},
        ],
        "tools": [{"name": "weather", "description": "d", "strict": True, "input_schema": WEATHER}],
    }


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"tools": [{"type": "web_search"}]}, "web_search"),
        ({"tools": [{"type": "file_search"}]}, "file_search"),
        ({"tools": [{"type": "computer_use_preview"}]}, "computer_use_preview"),
        ({"tools": [TOOL], "tool_choice": {"type": "mcp"}}, "mcp"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "item_reference"),
        ({"input": [{"role": "user", "content": [{"type": "input_audio"}]}]}, "input_audio"),
        ({"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]}, "input_image"),
        ({"input": [{"role": "critic", "content": "x"}]}, "role"),
        ({"input": 5}, "input"),
        ({"background": True}, "background"),
        ({"prompt": {"id": "x"}}, "prompt"),
        ({"text": {"format": {"type": "xml"}}}, "text.format"),
    ],
)
def test_what_has_no_counterpart_is_refused_by_name(body, named):
    with pytest.raises(BadRequest, match=named):
        outgoing(Dialect.RESPONSES, Dialect.CHAT, {"model": "m", "input": "hi", **body})


SPACE = {
    "type": "namespace",
    "name": "agents",
    "description": "d",
    "tools": [{"type": "function", "name": "spawn", "parameters": WEATHER}],
}


def test_tools_of_a_namespace_are_told_by_a_longer_name():
    call = {"type": "function_call", "call_id": "c", "name": "spawn", "namespace": "agents", "arguments": "{}"}
    result = {"type": "function_call_output", "call_id": "c", "output": "ok"}
    got = outgoing(
        Dialect.RESPONSES,
        Dialect.CHAT,
        {"model": "m", "input": [call, result], "tools": [SPACE, {"type": "web_search"}]},
    )
    assert [tool["function"]["name"] for tool in got["tools"]] == ["agents__spawn"]
    assert got["messages"][0]["tool_calls"][0]["function"]["name"] == "agents__spawn"


def test_a_search_at_the_vendor_s_is_left_out_only_where_the_model_may_choose():
    body = {"model": "m", "input": "hi", "tools": [TOOL, {"type": "web_search"}]}
    assert len(outgoing(Dialect.RESPONSES, Dialect.CHAT, body)["tools"]) == 1
    for choice in ("required", {"type": "web_search"}):
        with pytest.raises(BadRequest, match="web_search"):
            outgoing(Dialect.RESPONSES, Dialect.CHAT, {**body, "tool_choice": choice})
