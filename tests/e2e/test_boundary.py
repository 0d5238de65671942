"""Attacks on the boundary: wherever and however a value is written, it does not reach the other realm."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.support.attack import ASK, CARD, EMAIL, HKID, KEY, NAME, PHONE, TEXT, chat, messages, responses, said, travelled

pytestmark = pytest.mark.e2e

WIRES = ["echo", "claude-echo", "both-echo"]
ZW = "\u200b"


def safe(sampan, upstream, path, body, headers=None):
    """Send; nothing readable may have left. Gives status and reply."""
    before = len(upstream.raw)
    status, _, reply = sampan.post(path, body, headers)
    left = upstream.raw[before:]
    for raw in left:
        assert travelled(raw) == [], raw.decode()
        assert KEY not in raw.decode()
    assert status in {200, 400, 403}, reply
    assert status == 200 or left == []
    assert "Traceback" not in str(reply)
    return status, reply


@pytest.mark.parametrize("model", WIRES)
@pytest.mark.parametrize("dialect", ASK)
def test_plain_values_leave_as_stand_ins_and_come_back(sampan, upstream, dialect, model):
    status, reply = safe(sampan, upstream, *ASK[dialect](model, TEXT))
    assert status == 200
    assert said(reply) == TEXT


WRITINGS = {
    "full-width": "Ａ１２３４５６（３）",
    "half-full": "A１23４56（3)",
    "zero-width": ZW.join("A123456(3)"),
    "joiner": "A12\u200d3456(3)",
    "bom": "A123\ufeff456(3)",
    "soft-hyphen": "A123\u00ad456(3)",
    "cyrillic": "А123456(3)",
    "greek": "Α123456(3)",
    "math-digits": "A𝟏𝟐𝟑𝟒𝟓𝟔(𝟑)",
    "circled": "A①②③④⑤⑥(③)",
    "arabic-digits": "A١٢٣٤٥٦(٣)",
    "spaced": "A 123456 (3)",
    "lower": "a123456(3)",
    "nbsp": "A123456\u00a0(3)",
    "no-brackets": "HKID A1234563",
    "phone-full": "電話 ９１２３ ４５６７",
    "phone-zw": f"電話 9123{ZW}4567",
    "phone-plus": "+852-9123-4567",
    "phone-dots": "+852 9123.4567",
    "mail-at": "mei.chan＠example.com",
    "mail-upper": "MEI.CHAN@EXAMPLE.COM",
    "mail-zw": f"mei.{ZW}chan@exa{ZW}mple.com",
    "card-dashes": "4111-1111-1111-1111",
    "card-full": "４１１１ １１１１ １１１１ １１１１",
    "card-plain": "4111111111111111",
    "name-spaced": "陳\u200b大文",
    "percent": "id%3DA123456%283%29",
    "percent-all": "".join(f"%{byte:02X}" for byte in b"A123456(3)"),
    "unicode-escape": "\\u0041123456(3)",
    "hex-escape": "\\x41123456(3)",
    "entities": "&#65;123456&#40;3&#41;",
    "json-in-text": 'the record is {"id": "\\u0041123456(3)"}',
    "json-string": json.dumps({"a": json.dumps({"b": json.dumps({"id": HKID})})}),
    "data-url": "data:text/plain;base64," + base64.b64encode(HKID.encode()).decode(),
    "data-url-plain": "data:text/plain," + quote(HKID),
    "csv": f"name,id,phone\n{NAME},{HKID},{PHONE}\n",
    "xml": f"<person id='{HKID}'><tel>{PHONE}</tel></person>",
    "markdown": f"**{HKID}** `{EMAIL}` [{PHONE}](tel:91234567)",
    "yaml": f"- id: {HKID}\n  tel: '{PHONE}'",
    "url-query": f"https://crm.example/find?hkid={quote(HKID)}&mail={quote(EMAIL)}",
    "code": f'customer = Customer(hkid="{HKID}", tel="{PHONE}")  # {NAME}',
}  # fmt: skip


@pytest.mark.parametrize("written", WRITINGS.values(), ids=WRITINGS)
@pytest.mark.parametrize("model", ["echo", "claude-echo"])
def test_ways_of_writing(sampan, upstream, written, model):
    for dialect in ("chat", "messages"):
        text = f"查 {written} 完"
        status, reply = safe(sampan, upstream, *ASK[dialect](model, text))
        if status == 200:
            assert said(reply) == text


@pytest.mark.parametrize("how", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("text", [TEXT, f"HKID: {HKID}", HKID])
def test_base64_without_a_label(sampan, upstream, how, text):
    safe(sampan, upstream, *chat("echo", f"decode {how(text.encode()).decode()} please"))
    safe(sampan, upstream, *messages("claude-echo", how(text.encode()).decode()))


def _split(text, at):
    return text[:at], text[at:]


@pytest.mark.parametrize("at", range(1, len(HKID)))
@pytest.mark.parametrize("model", WIRES)
def test_values_split_over_parts_and_messages(sampan, upstream, at, model):
    one, two = _split(HKID, at)
    texts = [{"type": "text", "text": f"ID {one}"}, {"type": "text", "text": f"{two} end"}]
    inputs = [{"type": "input_text", "text": part["text"]} for part in texts]
    turns = [{"role": "user", "content": f"ID {one}"}, {"role": "user", "content": f"{two} end"}]
    safe(sampan, upstream, *chat(model, texts))
    safe(sampan, upstream, *messages(model, texts))
    safe(sampan, upstream, *responses(model, [{"role": "user", "content": inputs}]))
    safe(sampan, upstream, *chat(model, messages=turns))
    safe(sampan, upstream, *messages(model, messages=turns))
    safe(sampan, upstream, *messages(model, system=texts))


@pytest.mark.parametrize("value", [HKID, PHONE, EMAIL, CARD])
def test_a_value_in_single_characters(sampan, upstream, value):
    parts = [{"type": "text", "text": sign} for sign in f"電話 {value}" if sign != " "]
    safe(sampan, upstream, *chat("echo", parts))
    safe(sampan, upstream, *messages("claude-echo", parts))


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
PLACES = {
    "system": chat("echo", messages=[{"role": "system", "content": V}, {"role": "user", "content": "x"}]),
    "developer": chat("echo", messages=[{"role": "developer", "content": V}, {"role": "user", "content": "x"}]),
    "message-name": chat("echo", messages=[{"role": "user", "content": "x", "name": NAME}]),
    "message-name-2": chat("echo", messages=[{"role": "user", "content": "x", "name": HKID}]),
    "assistant": chat("echo", messages=[{"role": "assistant", "content": V}, {"role": "user", "content": "x"}]),
    "refusal": chat("echo", messages=[{"role": "assistant", "refusal": V}, {"role": "user", "content": "x"}]),
    "reasoning": chat("echo", messages=[{"role": "assistant", "content": "a", "reasoning_content": V}, {"role": "user", "content": "x"}]),
    "unknown-role": chat("echo", messages=[{"role": V, "content": "x"}]),
    "tool-name": chat("echo", tools=[function(name=f"look_{NAME}")]),
    "tool-description": chat("echo", tools=[function(description=V)]),
    "schema-description": chat("echo", tools=[function(parameters=schema(description=V))]),
    "schema-enum": chat("echo", tools=[function(parameters=schema(enum=["a", HKID, EMAIL]))]),
    "schema-const": chat("echo", tools=[function(parameters=schema(const=HKID))]),
    "schema-default": chat("echo", tools=[function(parameters=schema(default=PHONE))]),
    "schema-examples": chat("echo", tools=[function(parameters=schema(examples=[EMAIL, HKID]))]),
    "schema-pattern": chat("echo", tools=[function(parameters=schema(pattern=f"^{EMAIL}$"))]),
    "schema-key": chat("echo", tools=[function(parameters={"type": "object", "properties": {HKID: {"type": "string"}}})]),
    "schema-number": chat("echo", tools=[function(parameters=schema(const=4111111111111111))]),
    "tool-choice": chat("echo", tools=[function()], tool_choice={"type": "function", "function": {"name": NAME}}),
    "arguments": chat("echo", messages=call(json.dumps({"id": HKID, "all": V}))),
    "arguments-ascii": chat("echo", messages=call('{"id": "\\u0041\\u0031\\u0032\\u0033\\u0034\\u0035\\u0036(3)"}')),
    "arguments-key": chat("echo", messages=call(json.dumps({HKID: 1, EMAIL: [PHONE]}))),
    "arguments-number": chat("echo", messages=call('{"card": 4111111111111111}')),
    "arguments-broken": chat("echo", messages=call('{"id": "' + HKID)),
    "arguments-twice": chat("echo", messages=call('{"id": "%s", "id": "x"}' % HKID)),
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
    "image-data-url": chat("echo", [{"type": "image_url", "image_url": {"url": "data:text/plain;base64," + base64.b64encode(V.encode()).decode()}}]),
    "image-url": chat("echo", [{"type": "image_url", "image_url": {"url": f"https://x.example/{HKID}.png"}}]),
    "file": chat("echo", [{"type": "file", "file": {"filename": f"{NAME}.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}]),
    "file-id": chat("echo", [{"type": "file", "file": {"file_id": HKID}}]),
    "audio": chat("echo", [{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]),
    "unknown-part": chat("echo", [{"type": V, "data": V}]),
    "part-without-type": chat("echo", [{"text": V}]),
    "string-part": chat("echo", ["x", V]),
    "a-system": messages("claude-echo", system=V),
    "a-system-parts": messages("claude-echo", system=[{"type": "text", "text": V, "cache_control": {"type": "ephemeral"}}]),
    "a-tool-use": messages("claude-echo", messages=use({"id": HKID, "deep": [{"mail": EMAIL, PHONE: 1}]})),
    "a-tool-use-number": messages("claude-echo", messages=use({"card": 4111111111111111})),
    "a-tool-result": messages("claude-echo", messages=use({}, V)),
    "a-tool-result-parts": messages("claude-echo", messages=use({}, [{"type": "text", "text": V}])),
    "a-tool-result-json": messages("claude-echo", messages=use({}, json.dumps({"rows": [{"id": HKID, "tel": PHONE}]}))),
    "a-thinking": messages("claude-echo", messages=[{"role": "user", "content": "x"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": V, "signature": "s"}, {"type": "text", "text": "a"}]}, {"role": "user", "content": "y"}]),
    "a-document-text": messages("claude-echo", [{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": V}, "title": NAME, "context": HKID}]),
    "a-document-pdf": messages("claude-echo", [{"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}}]),
    "a-search-result": messages("claude-echo", [{"type": "search_result", "title": NAME, "source": EMAIL, "content": [{"type": "text", "text": V}]}]),
    "a-metadata": messages("claude-echo", metadata={"user_id": EMAIL}),
    "a-stop": messages("claude-echo", stop_sequences=[HKID]),
    "a-tool": messages("claude-echo", tools=[{"name": "f", "description": V, "input_schema": schema(enum=[HKID])}]),
    "a-tool-example": messages("claude-echo", tools=[{"name": "f", "input_schema": schema(), "input_examples": [{"x": HKID}]}]),
    "a-output-config": messages("claude-echo", output_config={"format": {"type": "json_schema", "schema": schema(description=V)}}),
    "a-unknown": messages("claude-echo", x_new=[V]),
    "a-mcp": messages("claude-echo", mcp_servers=[{"type": "url", "url": "https://x.example/" + KEY, "name": "n", "authorization_token": KEY}]),
    "r-instructions": responses("both-echo", instructions=V),
    "r-call-output": responses("both-echo", [{"type": "function_call_output", "call_id": "c", "output": json.dumps({"id": HKID, "v": V})}]),
    "r-call": responses("both-echo", [{"type": "function_call", "call_id": "c", "name": "f", "arguments": json.dumps({"v": V})}, {"type": "function_call_output", "call_id": "c", "output": "ok"}]),
    "r-reasoning": responses("both-echo", [{"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": V}]}, {"role": "user", "content": "x"}]),
    "r-format": responses("both-echo", text={"format": {"type": "json_schema", "name": "n", "schema": schema(description=V)}}),
    "r-prompt": responses("both-echo", prompt={"id": "p", "variables": {"who": V}}),
    "r-file": responses("both-echo", [{"role": "user", "content": [{"type": "input_file", "filename": NAME, "file_data": "data:text/plain;base64," + base64.b64encode(V.encode()).decode()}]}]),
    "r-custom": responses("both-echo", [{"type": "custom_tool_call", "call_id": "c", "name": "f", "input": V}, {"type": "custom_tool_call_output", "call_id": "c", "output": V}]),
    "r-metadata": responses("both-echo", metadata={"k": V}),
    "completion": ("/v1/completions", {"model": "echo", "prompt": [V, "x"], "suffix": V}),
    "completion-tokens": ("/v1/completions", {"model": "echo", "prompt": [[1, 2], [3]]}),
    "embedding": ("/v1/embeddings", {"model": "embedder", "input": [V, "x"], "user": EMAIL}),
    "count": ("/v1/messages/count_tokens", {"model": "claude-echo", "messages": [{"role": "user", "content": V}]}),
}  # fmt: skip


def on_wires(path, body):
    """The same request towards a model of each wire; embeddings have one."""
    if body["model"] == "embedder":
        return [(path, body)]
    return [(path, {**body, "model": model}) for model in WIRES]


@pytest.mark.parametrize("place", PLACES)
def test_places(sampan, upstream, place):
    for path, body in on_wires(*PLACES[place]):
        safe(sampan, upstream, path, body)


@pytest.mark.parametrize("place", ["tool-description", "arguments", "tool-result", "system", "user", "metadata",
                                   "unknown-field", "stop", "schema-enum", "arguments-nested", "arguments-key"])  # fmt: skip
def test_places_where_a_stand_in_fits_are_answered(sampan, upstream, place):
    assert safe(sampan, upstream, *PLACES[place])[0] == 200


@pytest.mark.parametrize("name", ["anthropic-beta", "anthropic-version", "idempotency-key", "x-request-id", "user-agent",
                                  "openai-organization", "x-customer", "traceparent", "cookie"])  # fmt: skip
def test_headers_carry_nothing_up(sampan, upstream, name):
    for path, body in (chat("echo"), messages("claude-echo")):
        before = len(upstream.headers)
        status, _, _ = sampan.post(path, body, {name: f"{HKID} {EMAIL}"})
        assert status in {200, 400}
        for headers in upstream.headers[before:]:
            assert HKID not in str(headers)
            assert EMAIL not in str(headers)


def test_a_secret_is_masked_and_returned(sampan, upstream):
    for path, body in on_wires(*chat("echo", f"my key {KEY} leaked")):
        status, reply = safe(sampan, upstream, path, body)
        assert status == 200
        assert said(reply) == f"my key {KEY} leaked"
