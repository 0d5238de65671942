"""Files and pictures in requests: what is in them decides where they may go; nothing of them leaves unread."""

import base64
import io
import json

import pytest

from sampan.understand.files.picture import is_installed
from tests.support import files
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e

HKID = "A123456(3)"
HOME = '[[model]]\nname = "home"\nrealm = "personal"\nwire = "{wire}"\nbase_url = "{url}"\nupstream_model = "echo"\n'


@pytest.fixture(scope="module")
def both(upstream, tmp_path_factory):
    toml = (
        NO_LOCAL
        + public("echo", upstream.base_url, "echo")
        + public("claude", upstream.base_url, "echo", '"anthropic"')
    )
    toml += HOME.format(wire="openai", url=upstream.base_url)
    toml += HOME.format(wire="anthropic", url=upstream.base_url).replace('"home"', '"claude-home"')
    with Server(tmp_path_factory.mktemp("home"), toml, env={"SAMPAN_LANG": "en"}) as server:
        yield server


def packed(data):
    return base64.b64encode(data).decode()


def data_url(name, data):
    return f"data:{files.MEDIA[name.rsplit('.', 1)[-1]]};base64,{packed(data)}"


def chat_file(name, data):
    return {"type": "file", "file": {"filename": name, "file_data": data_url(name, data)}}


def chat(server, model, part, text="what is this?"):
    content = [{"type": "text", "text": text}, part]
    body = {"model": model, "messages": [{"role": "user", "content": content}]}
    return server.post("/v1/chat/completions", body)


def messages(server, model, part):
    content = [{"type": "text", "text": "what is this?"}, part]
    body = {"model": model, "max_tokens": 50, "messages": [{"role": "user", "content": content}]}
    return server.post("/v1/messages", body)


def block(name, data):
    source = {"type": "base64", "media_type": files.MEDIA[name.rsplit(".", 1)[-1]], "data": packed(data)}
    return {"type": "document", "source": source}


SAID = {"pdf": "PDF", "docx": "Word file", "pptx": "PowerPoint file", "xlsx": "Excel file", "html": "web page", "md": "text file",
        "csv": "table", "ics": "calendar file", "eml": "e-mail", "zip": "ZIP archive", "txt": "text file"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(files.every("x")))
def test_a_planted_value_goes_masked_in_the_files_text(both, sent, name):
    data = files.every(f"the card is HKID {HKID} here")[name]
    status, head, reply = chat(both, "echo", chat_file(name, data))
    assert status == 200, reply
    assert head["sampan-as-text"] == f"{SAID[name.rsplit('.', 1)[-1]]}=1"
    assert (head["sampan-form"], "HKID=1" in head["sampan-masked"].split(",")) == ("masked", True)
    (body,) = sent()
    text, asked = body["messages"][0]["content"]
    assert "the card is HKID [HKID_1] here" in text["text"]
    assert asked == {"type": "text", "text": "what is this?"}
    assert HKID not in json.dumps(body)
    assert HKID in json.dumps(reply)
    receipt = both.get(f"/sampan/receipts/{head['sampan-receipt'].split(';')[0]}")
    assert receipt["as_text"] == {SAID[name.rsplit(".", 1)[-1]]: 1}
    assert receipt["found"]["HKID"] == 1
    assert HKID not in json.dumps(receipt)


@pytest.mark.parametrize("name", sorted(set(files.every("x")) - {"a.eml"}))
def test_a_harmless_file_travels_as_it_is(both, sent, name):
    part = chat_file(name, files.every("the harvest was good this year")[name])
    status, head, reply = chat(both, "echo", part)
    assert status == 200, reply
    (body,) = sent()
    assert body["messages"][0]["content"][1] == part
    assert head["sampan-form"] == "clear"


def test_a_personal_model_gets_it(both, sent):
    part = chat_file("a.pdf", files.pdf(f"HKID {HKID}"))
    status, head, _ = chat(both, "home", part)
    assert (status, head["sampan-place"]) == (200, "personal/device")
    assert sent()[0]["messages"][0]["content"][1] == part
    status, head, _ = chat(both, "auto", part)
    assert (status, head["sampan-place"]) == (200, "personal/device")


def test_the_text_of_the_file_goes_masked(both, sent):
    status, _, reply = chat(both, "echo", {"type": "text", "text": f"HKID {HKID}"})
    assert status == 200
    assert HKID in json.dumps(reply)
    assert HKID not in json.dumps(sent())


def test_masked_text_beside_a_harmless_file(both, sent):
    part = chat_file("a.pdf", files.pdf("the harvest was good"))
    status, head, _ = chat(both, "echo", part, text=f"HKID {HKID}")
    assert (status, head["sampan-form"]) == (200, "masked")
    (body,) = sent()
    assert body["messages"][0]["content"][1] == part
    assert HKID not in json.dumps(body)


def test_anthropic_documents_and_pictures(both, sent):
    status, _, reply = messages(both, "claude", block("a.pdf", files.pdf(f"HKID {HKID}")))
    assert status == 200, reply
    assert "HKID [HKID_1]" in sent()[0]["messages"][0]["content"][0]["text"]
    clean = block("a.pdf", files.pdf("hello"))
    status, _, reply = messages(both, "claude", clean)
    assert status == 200, reply
    assert sent()[-1]["messages"][0]["content"][1] == clean
    picture = block("a.png", files.png()) | {"type": "image"}
    assert messages(both, "claude-home", picture)[0] == 200


def test_responses_files(both, sent):
    def ask(part):
        content = [{"type": "input_text", "text": "what is this?"}, part]
        body = {"model": "echo", "input": [{"role": "user", "content": content}]}
        return both.post("/v1/responses", body)

    for data in (data_url("a.pdf", files.pdf(HKID)), packed(files.pdf(HKID))):
        status, head, reply = ask({"type": "input_file", "filename": "a.pdf", "file_data": data})
        assert (status, head["sampan-as-text"]) == (200, "PDF=1"), reply
        assert HKID not in json.dumps(sent()[-1])
    before = len(sent())
    for part in (
        {"type": "input_file", "file_id": "file_1"},
        {"type": "input_file", "file_url": "https://files.example/a.pdf"},
        {"type": "input_image", "image_url": "https://files.example/a.png"},
    ):
        status, _, reply = ask(part)
        assert status == 403, reply
    assert len(sent()) == before


UNREAD = {
    "encrypted": (
        files.zipped({"a": "x"}).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
        "a.zip",
    ),
    "bomb": (files.zipped({"a.txt": bytes(70_000_000)}), "a.zip"),
    "mismatch": (files.docx("hello"), "a.pdf"),
    "garbage": (bytes(range(256)) * 40, "a.pdf"),
    "cut": (files.docx("hello " * 1000)[:400], "a.docx"),
    "macros": (files.docx("x", **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "a.docx"),
    **({} if is_installed() else {"picture inside": (files.pdf("x", picture=True), "a.pdf")}),
    "hundred megapixels": (files.png(20_000, 5_000), "a.png"),
}


@pytest.mark.parametrize("case", UNREAD)
def test_what_cannot_be_read_stays_home(both, sent, case):
    data, name = UNREAD[case]
    status, _, reply = chat(both, "echo", chat_file(name, data))
    told = json.dumps(reply)
    assert status == 403
    assert "unread-stays-home" in told
    assert "cannot be read: " in told
    assert sent() == []
    assert chat(both, "home", chat_file(name, data))[0] == 200


def test_other_requests_are_answered_meanwhile(both, sent):
    assert chat(both, "echo", chat_file("a.zip", UNREAD["bomb"][0]))[0] == 403
    assert both.chat("hello", model="echo")[0] == 200


def written(text):
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (600, 80), "white")
    ImageDraw.Draw(image).text((20, 20), text, font=ImageFont.load_default(24), fill="black")
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.mark.skipif(not is_installed(), reason="the extra `ocr` is not installed")
def test_what_a_picture_says_counts(both, sent):
    def ask(model, text):
        return chat(both, model, {"type": "image_url", "image_url": {"url": data_url("a.png", written(text))}})

    status, head, reply = ask("echo", f"HKID {HKID}")
    assert (status, head["sampan-as-text"]) == (200, "PNG picture=1"), reply
    assert HKID not in json.dumps(sent()[-1])
    assert ask("home", f"HKID {HKID}")[0] == 200
    assert ask("echo", "The harvest was good")[0] == 200
