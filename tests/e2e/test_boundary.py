"""Attacks on the boundary: wherever and however a value is written, it does not reach the other realm."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.support.attack import (
    ASK,
    CARD,
    EMAIL,
    HKID,
    KEY,
    NAME,
    PHONE,
    TEXT,
    WIRES,
    chat,
    messages,
    on_wires,
    responses,
    safe,
    said,
)

pytestmark = pytest.mark.e2e

ZW = "\u200b"


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
    "in-a-stand-in": "[PHONE_91234567] [hkid 9123 4567]",
    "base64-with-stand-in": base64.b64encode(f"[HKID_1] [PHONE_1] {HKID} {PHONE}".encode()).decode(),
    "base64-utf-16": base64.b64encode(f"HKID {HKID}".encode("utf-16-le")).decode(),
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
