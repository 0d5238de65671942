"""Files in requests where the model on this machine reads text only: it says so, and nothing of a file that must stay leaves."""

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


@pytest.mark.parametrize("name", sorted(files.every("x")))
def test_a_file_that_must_stay_home_goes_nowhere_and_the_reason_is_said(local, sent, name):
    part = chat_file(name, files.every(f"the customer's HKID {HKID} is here")[name])
    status, head, reply = chat(local, "auto", part)
    told = json.dumps(reply)
    assert status == 403, told
    assert "hk-id-stays-home" in told
    assert "send the text of the file instead of the file" in told
    assert HKID not in told
    assert sent() == []
    receipt = local.get(f"/sampan/receipts/{head['sampan-receipt'].split(';')[0]}")
    assert (receipt["found"]["HKID"], receipt["end"], receipt["crossings"]) == (1, "refused", [])


def test_a_harmless_file_goes_to_the_model_that_can_read_it(local, sent):
    status, head, _ = chat(local, "auto", chat_file("a.pdf", files.pdf("the harvest was good")))
    assert (status, head["sampan-model"]) == (200, "cloud")
    assert len(sent()) == 1


def test_the_local_model_by_name_says_what_it_cannot_read_in_every_dialect(local, sent):
    data = files.pdf(f"HKID {HKID}")
    part = {"type": "input_file", "filename": "a.pdf", "file_data": data_url("a.pdf", data)}
    replies = [
        chat(local, NAME, chat_file("a.pdf", data)), messages(local, NAME, block("a.pdf", data)),
        local.post("/v1/responses", {"model": NAME, "input": [{"role": "user", "content": [part]}]}),
        chat(local, NAME, {"type": "image_url", "image_url": {"url": data_url("a.png", files.png())}}),
    ]  # fmt: skip
    for status, _, reply in replies:
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
