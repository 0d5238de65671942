"""Files in requests where the model on this machine reads text only: it gets their text, and nothing that must stay leaves."""

import json

import pytest

from tests.e2e.local import NAME, state, toml, until, with_model
from tests.e2e.test_files import HKID, block, chat, chat_file, data_url, messages
from tests.support import files
from tests.support.server import public

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("local")]


@pytest.fixture(scope="module")
def local(upstream, tmp_path_factory):
    text = toml(public("cloud", upstream.base_url, "echo", '["openai", "anthropic"]'))
    with with_model(tmp_path_factory.mktemp("local-files"), text) as server:
        until(lambda: state(server) == "ready")
        yield server


def ask(server, model, part):
    content = [{"type": "text", "text": "what is this?"}, part]
    body = {"model": model, "max_tokens": 8, "messages": [{"role": "user", "content": content}]}
    return server.post("/v1/chat/completions", body)


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.xlsx"])
def test_a_file_that_must_stay_home_is_answered_here_by_its_text(local, sent, name):
    part = chat_file(name, files.every(f"the card is HKID {HKID} here")[name])
    status, head, reply = ask(local, "auto:private", part)
    assert status == 200, reply
    assert (head["sampan-place"], head["sampan-form"]) == ("personal/device", "clear")
    assert head["sampan-as-text"].endswith("=1")
    assert sent() == []
    receipt = local.get(f"/sampan/receipts/{head['sampan-receipt'].split(';')[0]}")
    assert (receipt["found"]["HKID"], receipt["end"], receipt["crossings"]) == (1, "complete", [])
    assert sum(receipt["as_text"].values()) == 1


def test_what_could_be_read_of_a_file_is_answered_here_and_nowhere_else(local, sent):
    part = chat_file("a.docx", files.docx("the harvest was good", **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))
    status, head, reply = ask(local, "auto", part)
    assert status == 200, reply
    assert (head["sampan-place"], head["sampan-as-text"]) == ("personal/device", "Word file=1")
    assert sent() == []
    assert ask(local, "cloud", part)[0] == 403
    assert sent() == []


def test_a_harmless_file_goes_to_the_model_that_can_read_it(local, sent):
    status, head, _ = chat(local, "auto", chat_file("a.pdf", files.pdf("the harvest was good")))
    assert (status, head["sampan-model"]) == (200, "cloud")
    assert len(sent()) == 1


def test_the_local_model_by_name_gets_the_text_in_every_dialect(local, sent):
    data = files.pdf(f"HKID {HKID}")
    part = {"type": "input_file", "filename": "a.pdf", "file_data": data_url("a.pdf", data)}
    body = {"model": NAME, "max_output_tokens": 16, "input": [{"role": "user", "content": [part]}]}
    for status, head, reply in (ask(local, NAME, chat_file("a.pdf", data)), messages(local, NAME, block("a.pdf", data)),
                                local.post("/v1/responses", body)):  # fmt: skip
        assert status == 200, reply
        assert (head["sampan-place"], head["sampan-as-text"]) == ("personal/device", "PDF=1")
    assert sent() == []


def test_what_says_nothing_cannot_be_read_here(local, sent):
    status, _, reply = ask(local, NAME, {"type": "image_url", "image_url": {"url": data_url("a.png", files.png())}})
    assert status == 400, reply
    assert "does not offer" in json.dumps(reply)
    assert sent() == []


def test_the_text_of_the_file_is_answered_here_and_nothing_leaves(local, sent):
    text = {"type": "text", "text": f"The file says: HKID {HKID}"}
    document = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": f"HKID {HKID}"}}
    for status, head, reply in (chat(local, NAME, text), messages(local, NAME, document)):
        assert status == 200, reply
        assert (head["sampan-place"], head["sampan-form"]) == ("personal/device", "clear")
    assert sent() == []
