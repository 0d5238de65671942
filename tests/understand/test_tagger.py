"""The tagger: what it finds, where, in how long a text, and that nothing is read before it is asked."""

import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.understand.detector import Detector
from sampan.understand.normalise import SEPARATOR
from sampan.understand.tagger import Tagger, _joined, _placed

ROOT = Path(__file__).parents[2]
TAGGER = Tagger()
DETECTOR = Detector([TAGGER])

POSITIVE = [
    ("幫我用英文覆呢個客：陳大文想取消booking", Kind.PERSON, "陳大文"),
    ("我係黃太，聽日嚟攞", Kind.PERSON, "黃太"),
    ("阿強話佢遲啲先到", Kind.PERSON, "阿強"),
    ("叫埋Peter同Mary一齊食飯", Kind.PERSON, "Peter"),
    ("學生李嘉欣缺席兩日", Kind.PERSON, "李嘉欣"),
    ("請联系王建国经理", Kind.PERSON, "王建国"),
    ("Hi, this is Chan Tai Man from the bank.", Kind.PERSON, "Chan Tai Man"),
    ("Dear Ms Cheung, thank you for your letter", Kind.PERSON, "Cheung"),
    ("please ask priya sharma to call me", Kind.PERSON, "priya sharma"),
    ('{"name": "Wong Ka Yan", "age": 30}', Kind.PERSON, "Wong Ka Yan"),
    ("送去九龍旺角彌敦道688號旺角中心15樓1505室", Kind.ADDRESS, "九龍旺角彌敦道688號旺角中心15樓1505室"),
    ("I live at Flat B, 12/F, Block 3, City Garden, North Point", Kind.ADDRESS, "Flat B, 12/F, Block 3, City Garden, North Point"),
    ("她在恒昌貿易有限公司工作", Kind.ORG, "恒昌貿易有限公司"),
    ("He joined Golden Harbour Trading Limited in May", Kind.ORG, "Golden Harbour Trading Limited"),
]  # fmt: skip

NOTHING = [
    "",
    " \n\t",
    "今日好熱，記得飲多啲水。",
    "幫我寫一段Python程式，計算兩個日期相差幾多日",
    "Compare SQLite and DuckDB for 3 GB of CSV.",
    "import numpy as np\nx = 3\nprint(x)",
    "多謝大家，下次再傾",
    "Reject test PAN 4899 7138 2778 5378 at the gateway, build 2.15.2.205.",
    "What is the difference between a list and a tuple?",
]


@pytest.mark.parametrize(("text", "kind", "value"), POSITIVE)
def test_finds_it_and_where(text, kind, value):
    found = [each for each in TAGGER.find(text) if each.kind is kind]
    assert value in [each.text for each in found]
    assert all(text[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize("text", NOTHING)
def test_finds_nothing_where_nothing_is(text):
    assert TAGGER.find(text) == []


def test_offsets_are_those_of_the_original_text():
    text = "聯絡\u200b陳\u200b大文 ，或者 Ｃhan Tai Man"
    found = Detector([TAGGER]).detect(text)
    assert found
    assert all(text[each.start : each.end] == each.text for each in found)
    assert found[0].text == "陳\u200b大文"


def test_a_long_text_gives_what_its_parts_give():
    sentence = "下星期三陳大文會去九龍灣開會，請通知 Chan Tai Man。天氣好好，大家都好開心，記得帶遮。\n"
    one = [each.text for each in TAGGER.find(sentence * 3)]
    many = TAGGER.find(sentence * 300)
    assert [each.text for each in many] == one[: len(one) // 3] * 300
    assert [each.start % len(sentence) for each in many] == [
        each.start % len(sentence) for each in many[: len(many) // 300]
    ] * 300


def test_a_full_name_told_once_is_told_everywhere():
    text = "申請人：陳大文\n身份證：A123456(3)\n\nxx陳大文yy陳大文zz"
    assert [each.text for each in TAGGER.find(text)].count("陳大文") == 3


def test_two_addresses_beside_each_other_are_one():
    text = "鯉魚門廣場側高翔苑11樓，或者彌敦道1號"
    spans = [(0, 5, "ADDRESS", 0.9), (6, 12, "ADDRESS", 0.7), (15, 20, "ADDRESS", 0.9)]
    assert _joined(text, spans) == [(0, 12, "ADDRESS", 0.9), (15, 20, "ADDRESS", 0.9)]


@pytest.mark.parametrize("text", ["4/F", "Room 512", "12樓", "B座", "3rd floor", "地下", "Gate 12"])
def test_one_floor_or_room_alone_is_no_address(text):
    assert _placed(text, (0, len(text)), "ADDRESS", 0.99) == []


@pytest.mark.parametrize("text", ["Room 512, 4/F", "3座12樓B室", "Flat B, Lucky House", "南豐新邨12座"])
def test_several_or_one_with_a_name_is(text):
    assert _placed(text, (0, len(text)), "ADDRESS", 0.99) == [(0, len(text), "ADDRESS", 0.99)]


def test_no_span_crosses_texts_that_were_joined():
    for each in TAGGER.find(f"我叫陳大{SEPARATOR}文，你好"):
        assert SEPARATOR not in each.text


def test_a_bare_place_is_a_span_but_no_finding():
    assert [label for _, _, label, _ in TAGGER.spans("I am flying to London tomorrow")] == ["PLACE"]
    assert TAGGER.find("I am flying to London tomorrow") == []


def test_many_threads_read_it_once():
    tagger, results = Tagger(), []
    threads = [threading.Thread(target=lambda: results.append(tagger.find("我係陳大文")[0].text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["陳大文"] * 8


def test_importing_reads_no_weights_and_making_one_neither():
    code = "import sampan.understand.tagger as t, sampan.understand.words as w; x = t.Tagger(); print(x._network, w.fold.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "0"]


def test_the_recipe_names_the_committed_weights():
    weights = (ROOT / "src/sampan/understand/data/tagger.npz").read_bytes()
    recipe = (ROOT / "training/tagger/README.md").read_text(encoding="utf-8")
    assert f"{len(weights):,} bytes, SHA-256 `{hashlib.sha256(weights).hexdigest()}`" in recipe


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_spans_inside_it(text):
    for each in DETECTOR.detect(text):
        assert 0 <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.text
