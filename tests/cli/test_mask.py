"""Stand-ins into a text, and back, exactly."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.cli.mask import restored
from sampan.contract.labels import Kind, Passage, Piece
from sampan.protect.known import Known
from sampan.protect.mask import mask
from sampan.protect.operators.stand_in import OPERATOR
from sampan.understand import Detector

TEXT = "客：HKID A123456(3)，電話 9123 4567\r\n[PHONE_1] stays, 護照 K12345678\r\n"
DETECTOR = Detector.patterns()
FRAGMENTS = [
    "A123456(3)",
    "9123 4567",
    "[PHONE_1]",
    "[",
    "]",
    "\\",
    "護照 K12345678",
    "password = hunter2",
    " ",
    "\n",
    "［HKID＿1］",
    "x@y.com",
]


def test_there_and_back(sampan, home):
    there = sampan("mask", "-", stdin=TEXT)
    assert "[HKID_1]，電話 [PHONE_1]" in there.out
    assert "[LOOKALIKE_1] stays, 護照 [PASSPORT_1]" in there.out
    assert "A123456" not in there.out + there.err
    where = home.data / "stand-ins.json"
    assert where.stat().st_mode & 0o777 == 0o600
    assert sampan("unmask", "-", stdin=there.out).out == TEXT


def test_files_and_a_map_of_their_own(sampan, tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    where = str(tmp_path / "map.json")
    assert sampan("mask", "a.txt", "-o", "m.txt", "--map", where).out == ""
    assert sampan("unmask", "m.txt", "-o", "b.txt", "--map", where).code == 0
    assert (tmp_path / "b.txt").read_bytes() == TEXT.encode()
    assert sampan("unmask", "m.txt", "--map", where, "--forget").code == 0
    assert not (tmp_path / "map.json").exists()


def test_a_second_text_goes_on_with_the_numbers(sampan):
    sampan("mask", "-", stdin="電話 9123 4567")
    assert sampan("mask", "-", stdin="電話 6123 4567 同 9123 4567").out == "電話 [PHONE_2] 同 [PHONE_1]"
    assert sampan("mask", "--new", "-", stdin="電話 6123 4567").out == "電話 [PHONE_1]"


def test_what_was_never_given_out_stays(sampan):
    sampan("mask", "-", stdin="電話 9123 4567")
    assert sampan("unmask", "-", stdin="[PHONE_1] [PHONE_9] [phone 1]").out == "9123 4567 [PHONE_9] 9123 4567"


def test_json(sampan):
    value = sampan("mask", "--json", "-", stdin="電話 9123 4567").json
    assert (value["text"], value["masked"]) == ("電話 [PHONE_1]", {"PHONE": 1})
    assert sampan("unmask", "--json", "-", stdin="[PHONE_1]").json == {"restored": 1, "text": "9123 4567"}


def test_only_some_kinds(sampan):
    assert sampan("mask", "--kind", "HKID", "-", stdin=TEXT).out.count("9123 4567") == 1


def test_what_goes_wrong(sampan, home, tmp_path):
    assert "`sampan mask` writes it" in sampan("unmask", "-", stdin="x").err
    assert "is a folder" in sampan("mask", str(tmp_path)).err
    (home.data / "stand-ins.json").write_text(json.dumps({"x": 1}))
    assert sampan("unmask", "-", stdin="x").code == 1


@settings(max_examples=200)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=10).map("".join))
def test_any_text_comes_back(text):
    known = Known(OPERATOR)
    passage = Passage(text, (Piece(("text",), 0, len(text)),), tuple(DETECTOR.detect(text)))
    written = str(mask({"text": text}, [passage], frozenset(Kind), known).body["text"])
    assert restored(written, known)[0] == text
