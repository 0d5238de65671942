from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.providers.local import script

MIXED = (
    "今天我们讨论后来的发展，台湾和香港的干部说：皇后大道、頭髮、乾淨。`代码` 之后\n```\n简体代码\n```\n完了这里, OK 吗"
)
WANTED = (
    "今天我們討論後來的發展，台灣和香港的幹部説：皇后大道、頭髮、乾淨。`代码` 之後\n```\n简体代码\n```\n完了這裏, OK 嗎"
)


def stream(pieces):
    converter = script.ScriptStream()
    return "".join(converter.feed(piece) for piece in pieces) + converter.finish()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("幫我用英文覆呢個客", True), ("我聽日請假", True), ("咁樣得唔得", True), ("帮我翻译", False), ("hello", False),
        ("", False), ("我要去", False), ("請帮我", False), ("翻譯成英文:我聽日請假", True),
    ],
)  # fmt: skip
def test_the_callers_script(text, wanted):
    assert script.wants_traditional(text) is wanted


def test_simplified_is_converted_outside_code():
    assert stream([MIXED]) == WANTED
    assert stream(MIXED) == WANTED


@given(st.lists(st.integers(0, len(MIXED)), max_size=8))
def test_however_it_is_split(cuts):
    edges = [0, *sorted(cuts), len(MIXED)]
    assert stream(MIXED[a:b] for a, b in pairwise(edges)) == WANTED


@given(st.lists(st.text(alphabet="abc `\n{，。我們你好嘅咗台后里干皇頭髮"), max_size=10))
def test_what_holds_no_simplified_character_passes_unchanged(pieces):
    assert stream(pieces) == "".join(pieces)


@given(st.lists(st.text(alphabet="a`\n我们后来发展国东西干净头发这"), max_size=10))
def test_length_stays(pieces):
    assert len(stream(pieces)) == len("".join(pieces))


def test_json_is_left_alone():
    assert stream(['{"名', '称": "发展"}']) == '{"名称": "发展"}'


def test_text_comes_at_most_a_few_characters_late():
    converter = script.ScriptStream()
    given_out = sum(len(converter.feed(character)) for character in "我们讨论发展" * 20)
    assert given_out >= 120 - 2 * script._CONTEXT
