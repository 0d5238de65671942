"""Attacks on the boundary: every place of a request that can hold a text, a key or a number."""

import base64
import json

import pytest

from tests.support.attack import CARD, EMAIL, HKID, KEY, NAME, PHONE, chat, messages, on_wires, responses, safe

pytestmark = pytest.mark.e2e


def function(**over):
    return {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}, **over}}


def schema(**over):
    properties = {"x": {"type": "string", **over}}
    return {"type": "object", "properties": properties, "required": ["x"], "additionalProperties": False}


def call(arguments, name="f"):
    made = {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return [{"role": "user", "content": "x"}, {"role": "assistant", "content": None, "tool_calls": [made]},
            {"role": "tool", "tool_call_id": "c1", "content": "done"}]  # fmt: skip


def use(value, result="done"):
    block = {"type": "tool_use", "id": "t1", "name": "f", "input": value}
    return [{"role": "user", "content": "x"}, {"role": "assistant", "content": [block]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": result}]}]  # fmt: skip


def json_format(inner, name="n"):
    return {"type": "json_schema", "json_schema": {"name": name, "schema": inner}}


V = f"{HKID} {PHONE} {EMAIL} {CARD} {NAME}"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256))).decode()
PLACES = {
    "system": chat("echo", messages=[{"role": "system", "content": V}, {"role": "user", "content": "x"}]),
    "developer": chat("echo", messages=[{"role": "developer", "content": V}, {"role": "user", "content": "x"}]),
    "message-name": chat("echo", messages=[{"role": "user", "content": "x", "name": NAME}]),
    "message-name-2": chat("echo", messages=[{"role": "user", "content": "x", "name": HKID}]),
    "assistant": chat("echo", messages=[{"role": "assistant", "content": V}, {"role": "user", "content": "x"}]),
    "refusal": chat("echo", messages=[{"role": "assistant", "refusal": V}, {"role": "user", "content": "x"}]),
    "reasoning": chat(
        "echo",
        messages=[{"role": "assistant", "content": "a", "reasoning_content": V}, {"role": "user", "content": "x"}],
    ),
    "unknown-role": chat("echo", messages=[{"role": V, "content": "x"}]),
    "tool-name": chat("echo", tools=[function(name=f"look_{NAME}")]),
    "tool-description": chat("echo", tools=[function(description=V)]),
    "schema-description": chat("echo", tools=[function(parameters=schema(description=V))]),
    "schema-enum": chat("echo", tools=[function(parameters=schema(enum=["a", HKID, EMAIL]))]),
    "schema-const": chat("echo", tools=[function(parameters=schema(const=HKID))]),
    "schema-default": chat("echo", tools=[function(parameters=schema(default=PHONE))]),
    "schema-examples": chat("echo", tools=[function(parameters=schema(examples=[EMAIL, HKID]))]),
    "schema-pattern": chat("echo", tools=[function(parameters=schema(pattern=f"^{EMAIL}$"))]),
    "schema-key": chat(
        "echo", tools=[function(parameters={"type": "object", "properties": {HKID: {"type": "string"}}})]
    ),
    "schema-number": chat("echo", tools=[function(parameters=schema(const=4111111111111111))]),
    "tool-choice": chat("echo", tools=[function()], tool_choice={"type": "function", "function": {"name": NAME}}),
    "arguments": chat("echo", messages=call(json.dumps({"id": HKID, "all": V}))),
    "arguments-ascii": chat("echo", messages=call('{"id": "\\u0041\\u0031\\u0032\\u0033\\u0034\\u0035\\u0036(3)"}')),
    "arguments-key": chat("echo", messages=call(json.dumps({HKID: 1, EMAIL: [PHONE]}))),
    "arguments-number": chat("echo", messages=call('{"card": 4111111111111111}')),
    "arguments-broken": chat("echo", messages=call('{"id": "' + HKID)),
    "arguments-twice": chat("echo", messages=call('{"id": "' + HKID + '", "id": "x"}')),
    "arguments-nested": chat("echo", messages=call(json.dumps({"a": json.dumps({"b": [HKID, V]})}))),
    "call-id": chat("echo", messages=[{"role": "tool", "tool_call_id": HKID, "content": "x"}]),
    "tool-result": chat("echo", messages=[*call("{}")[:2], {"role": "tool", "tool_call_id": "c1", "content": V}]),
    "user": chat("echo", user=EMAIL),
    "metadata": chat("echo", metadata={"owner": V, HKID: "x"}),
    "stop": chat("echo", stop=[HKID, "end"]),
    "stop-string": chat("echo", stop=EMAIL),
    "logit-bias": chat("echo", logit_bias={"4111111111111111": -100}),
    "response-format": chat("echo", response_format=json_format(schema(description=V))),
    "response-format-name": chat("echo", response_format=json_format(schema(), name=NAME)),
    "prediction": chat("echo", prediction={"type": "content", "content": V}),
    "prompt-cache-key": chat("echo", prompt_cache_key=EMAIL),
    "safety-identifier": chat("echo", safety_identifier=HKID),
    "unknown-field": chat("echo", x_vendor={"deep": [{"note": V, PHONE: CARD}]}),
    "unknown-number": chat("echo", x_card=4111111111111111),
    "unknown-float": chat("echo", x_card=4111111111111111.0),
    "unknown-phone": chat("echo", phone=91234567),
    "unknown-key": chat("echo", **{EMAIL: True}),
    "web-search": chat("echo", web_search_options={"user_location": {"approximate": {"city": V}}}),
    "text-part-extra": chat("echo", [{"type": "text", "text": "x", "note": V}]),
    "image-data-url": chat(
        "echo",
        [
            {
                "type": "image_url",
                "image_url": {"url": "data:text/plain;base64," + base64.b64encode(V.encode()).decode()},
            }
        ],
    ),
    "image-url": chat("echo", [{"type": "image_url", "image_url": {"url": f"https://x.example/{HKID}.png"}}]),
    "file": chat(
        "echo",
        [{"type": "file", "file": {"filename": f"{NAME}.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}],
    ),
    "file-id": chat("echo", [{"type": "file", "file": {"file_id": HKID}}]),
    "audio": chat("echo", [{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]),
    "image-elsewhere": chat("echo", messages=[{"role": "user", "content": "see", "images": [PNG]}]),
    "image-in-text": chat("echo", f"what is on {PNG}"),
    "image-in-a-result": messages("claude-echo", messages=use({}, json.dumps({"screenshot": PNG}))),
    "split-over-system": chat(
        "echo", messages=[{"role": "system", "content": "HKID A123"}, {"role": "user", "content": "456(3)"}]
    ),
    "unknown-part": chat("echo", [{"type": V, "data": V}]),
    "part-without-type": chat("echo", [{"text": V}]),
    "string-part": chat("echo", ["x", V]),
    "a-system": messages("claude-echo", system=V),
    "a-system-parts": messages(
        "claude-echo", system=[{"type": "text", "text": V, "cache_control": {"type": "ephemeral"}}]
    ),
    "a-tool-use": messages("claude-echo", messages=use({"id": HKID, "deep": [{"mail": EMAIL, PHONE: 1}]})),
    "a-tool-use-number": messages("claude-echo", messages=use({"card": 4111111111111111})),
    "a-tool-result": messages("claude-echo", messages=use({}, V)),
    "a-tool-result-parts": messages("claude-echo", messages=use({}, [{"type": "text", "text": V}])),
    "a-tool-result-json": messages("claude-echo", messages=use({}, json.dumps({"rows": [{"id": HKID, "tel": PHONE}]}))),
    "a-thinking": messages(
        "claude-echo",
        messages=[
            {"role": "user", "content": "x"},
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": V, "signature": "s"}, {"type": "text", "text": "a"}],
            },
            {"role": "user", "content": "y"},
        ],
    ),
    "a-document-text": messages(
        "claude-echo",
        [
            {
                "type": "document",
                "source": {"type": "text", "media_type": "text/plain", "data": V},
                "title": NAME,
                "context": HKID,
            }
        ],
    ),
    "a-document-pdf": messages(
        "claude-echo",
        [{"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}}],
    ),
    "a-search-result": messages(
        "claude-echo",
        [{"type": "search_result", "title": NAME, "source": EMAIL, "content": [{"type": "text", "text": V}]}],
    ),
    "a-metadata": messages("claude-echo", metadata={"user_id": EMAIL}),
    "a-stop": messages("claude-echo", stop_sequences=[HKID]),
    "a-tool": messages("claude-echo", tools=[{"name": "f", "description": V, "input_schema": schema(enum=[HKID])}]),
    "a-tool-example": messages(
        "claude-echo", tools=[{"name": "f", "input_schema": schema(), "input_examples": [{"x": HKID}]}]
    ),
    "a-output-config": messages(
        "claude-echo", output_config={"format": {"type": "json_schema", "schema": schema(description=V)}}
    ),
    "a-unknown": messages("claude-echo", x_new=[V]),
    "a-mcp": messages(
        "claude-echo",
        mcp_servers=[{"type": "url", "url": "https://x.example/" + KEY, "name": "n", "authorization_token": KEY}],
    ),
    "r-instructions": responses("both-echo", instructions=V),
    "r-call-output": responses(
        "both-echo", [{"type": "function_call_output", "call_id": "c", "output": json.dumps({"id": HKID, "v": V})}]
    ),
    "r-call": responses(
        "both-echo",
        [
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": json.dumps({"v": V})},
            {"type": "function_call_output", "call_id": "c", "output": "ok"},
        ],
    ),
    "r-reasoning": responses(
        "both-echo",
        [
            {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": V}]},
            {"role": "user", "content": "x"},
        ],
    ),
    "r-format": responses(
        "both-echo", text={"format": {"type": "json_schema", "name": "n", "schema": schema(description=V)}}
    ),
    "r-prompt": responses("both-echo", prompt={"id": "p", "variables": {"who": V}}),
    "r-file": responses(
        "both-echo",
        [
            {
                "role": "user",
                "content": [
                    {
                        "type": "input_file",
                        "filename": NAME,
                        "file_data": "data:text/plain;base64," + base64.b64encode(V.encode()).decode(),
                    }
                ],
            }
        ],
    ),
    "r-custom": responses(
        "both-echo",
        [
            {"type": "custom_tool_call", "call_id": "c", "name": "f", "input": V},
            {"type": "custom_tool_call_output", "call_id": "c", "output": V},
        ],
    ),
    "r-metadata": responses("both-echo", metadata={"k": V}),
    "completion": ("/v1/completions", {"model": "echo", "prompt": [V, "x"], "suffix": V}),
    "completion-tokens": ("/v1/completions", {"model": "echo", "prompt": [[1, 2], [3]]}),
    "embedding": ("/v1/embeddings", {"model": "embedder", "input": [V, "x"], "user": EMAIL}),
    "count": ("/v1/messages/count_tokens", {"model": "claude-echo", "messages": [{"role": "user", "content": V}]}),
}


@pytest.mark.parametrize("place", PLACES)
def test_places(sampan, upstream, place):
    for path, body in on_wires(*PLACES[place]):
        safe(sampan, upstream, path, body)


@pytest.mark.parametrize("place", ["tool-description", "arguments", "tool-result", "system", "user", "metadata",
                                   "unknown-field", "stop", "schema-enum", "arguments-nested", "arguments-key"])  # fmt: skip
def test_places_where_a_stand_in_fits_are_answered(sampan, upstream, place):
    assert safe(sampan, upstream, *PLACES[place])[0] == 200


@pytest.mark.parametrize(
    "place", ["image-elsewhere", "image-in-text", "image-in-a-result", "audio", "file", "unknown-part"]
)
def test_what_nobody_can_read_stays_home(sampan, upstream, place):
    assert safe(sampan, upstream, *PLACES[place])[0] == 403
