"""Which way back a request gets."""

import pytest

from sampan.contract.answer import Frame
from sampan.contract.request import Dialect
from sampan.protect.restore import NothingToRestore, wants_json
from tests.protect import builders as b


def test_a_clear_request_has_nothing_to_restore():
    restorer = NothingToRestore()
    frame = Frame({"x": "[HKID_1]"})
    assert restorer.frame(frame) == [frame]
    assert restorer.whole(frame.data) is frame.data
    assert (restorer.finish(), restorer.restored) == ([], {})


@pytest.mark.parametrize(
    "body",
    [{"response_format": {"type": "json_object"}}, {"response_format": {"type": "json_schema", "json_schema": {}}},
     {"text": {"format": {"type": "json_schema"}}}, {"output_config": {"format": {"type": "json_schema"}}},
     {"output_format": {"type": "json_schema"}}],
)  # fmt: skip
def test_who_asks_for_json(body):
    assert wants_json(body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"response_format": {"type": "text"}},
        {"response_format": "json"},
        {"text": "json"},
        {"text": {"format": None}},
    ],
)
def test_who_does_not(body):
    assert not wants_json(body)


def test_whole_replies_and_counts():
    _, restorer = b.protected(b.chat(f"HKID {b.HKID}"))
    reply = {"choices": [{"message": {"content": "it is [HKID_1]"}}]}
    assert restorer.whole(reply)["choices"][0]["message"]["content"] == f"it is {b.HKID}"
    assert restorer.restored == {"HKID": 1}


def test_a_dialect_that_never_streams():
    _, restorer = b.protected({"model": "m", "input": f"HKID {b.HKID}"}, Dialect.EMBEDDINGS)
    frame = Frame({"data": [], "note": "[HKID_1]"})
    assert restorer.frame(frame)[0].data["note"] == b.HKID
    assert restorer.finish() == []
