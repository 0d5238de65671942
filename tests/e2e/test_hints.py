"""What a model may be told of masked values, through a running Sampan: off by default, told in the receipt, nothing of it comes back."""

import pytest

from sampan.protect.telling import LINES
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e
TEXT = "PERSON: 黃小姐, date of birth 11 February 1930, HKID A123456(3). How old is she?"


@pytest.fixture(scope="module")
def hinting(upstream, tmp_path_factory):
    toml = (
        NO_LOCAL
        + '[privacy]\nterms = ["PERSON:黃小姐"]\nguidance = true\nhints = ["gender", "age"]\n'
        + public("echo", upstream.base_url, "echo")
    )
    with Server(tmp_path_factory.mktemp("hints"), toml) as server:
        yield server


def test_a_hint_leaves_the_value_comes_back_and_the_receipt_says_so(hinting, sent):
    status, head, answer = hinting.chat(TEXT, "echo")
    assert status == 200
    left = sent()[-1]["messages"][0]["content"]
    told = "[PERSON_1] is a woman: she, her. Somebody born on [DATE_OF_BIRTH_1] is 90+ years old today."
    masked = "PERSON: [PERSON_1], date of birth [DATE_OF_BIRTH_1], HKID [HKID_1]. How old is she?"
    assert left == f"{LINES['en']} {told}\n\n{masked}"
    assert TEXT in answer["choices"][0]["message"]["content"]
    name = {key.lower(): value for key, value in head.items()}["sampan-receipt"].split(";")[0]
    newest = hinting.get(f"/sampan/receipts/{name}")
    assert newest["crossings"][0]["hints"] == {"PERSON": 1, "DATE_OF_BIRTH": 1}
    assert newest["crossings"][0]["masked"] == {"PERSON": 1, "DATE_OF_BIRTH": 1, "HKID": 1}
    assert newest["crossings"][0]["guided"] is True
    shown = hinting.cli("receipts", "show", name).stdout
    assert "told of PERSON ×1" in shown
    assert "with a line on stand-ins" in shown


def test_unless_it_is_allowed_nothing_is_said(sampan, sent):
    sampan.chat("How old? Born on 11 February 1930, date of birth 11 February 1930", "echo")
    left = sent()[-1]["messages"][0]["content"]
    assert "90" not in left
    assert LINES["en"] not in left
    assert "[DATE_OF_BIRTH_1]" in left
