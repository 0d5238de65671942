"""Folding, and the way back to the original offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.understand.normalise import SEEN, SEPARATOR, normalise, to_bytes

TABLE = [
    ("plain text 123", "plain text 123"),
    ("Ａ１２３４５６（３）", "A123456(3)"),
    ("𝟵𝟭𝟮𝟯 ④⑤⑥⑦", "9123 4567"),
    ("٩١٢٣٤٥٦٧", "91234567"),
    ("9123–4567", "9123-4567"),
    ("9123\u00a04567", "9123 4567"),
    ("А123456(3)", "A123456(3)"),
    ("９１２３　４５６７", "9123 4567"),
    ("A\u200b12\u20603456(3)", "A123456(3)"),
    ("9\u03011\x002\x1f3", "9123"),
    ("⑴⑵ ²³ ₄", "12 23 4"),
    ("香港，你好！", "香港，你好！"),
    ("A1\ud80023\udfff", "A1\ufffd23\ufffd"),
]


@pytest.mark.parametrize(("text", "folded"), TABLE)
def test_folds(text, folded):
    assert normalise(text).text == folded


def test_ascii_is_not_copied():
    text = "nothing to do here"
    assert normalise(text).text is text


def test_offsets_lead_back():
    text = "x\u200b\u200bA1\u200b2y"
    normal = normalise(text)
    assert normal.text == "xA12y"
    assert text[slice(*normal.original(1, 4))] == "A1\u200b2"
    assert text[slice(*normal.original(0, 1))] == "x"


def test_separator_is_kept_only_when_asked():
    assert normalise(f"a{SEPARATOR}b").text == "ab"
    assert normalise(f"a{SEPARATOR}b\x00", keep=SEPARATOR).text == f"a{SEPARATOR}b"


def test_bytes_tell_the_characters_that_triggers_see():
    assert normalise("我é").ascii == b"??"
    seen = normalise("密碼").ascii
    assert len(set(seen)) == 2
    assert min(seen) >= 0x80
    assert to_bytes(SEEN).count(b"?") == 0


@given(st.text())
def test_one_byte_for_each_character(text):
    normal = normalise(text)
    assert len(normal.ascii) == len(normal.text)


@given(st.text(alphabet=st.sampled_from("a1（\u200b\u0301\x00é😀\u2060香")), st.data())
def test_every_span_leads_to_a_span_that_folds_to_it(text, data):
    normal = normalise(text)
    if not normal.text:
        return
    start = data.draw(st.integers(0, len(normal.text) - 1))
    end = data.draw(st.integers(start + 1, len(normal.text)))
    low, high = normal.original(start, end)
    assert normalise(text[low:high]).text == normal.text[start:end]


def test_dictated_digits_are_digits_and_years_are_not():
    assert normalise("電話九一二三四五六七，一九九零年，三十，一二三").text == "電話91234567，一九九零年，三十，一二三"


RARE = "９Ａ①𝟵٩А–²🄰\u3000（ｱ"
GONE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u0301\u0302\u0303\u0304\u0305\u0306\u0307\ufeff\x00\x1f\U000e0041"


@given(st.text(alphabet=st.sampled_from(f"a1香😀\n{RARE}{GONE}"), min_size=1))
def test_a_text_folds_alike_whether_much_or_little_of_it_is_folded(text):
    """Sparse and dense texts go two ways."""
    dense, sparse = normalise(text), normalise(text + "\n" + "香a" * 8 * len(text))
    size = len(dense.text)
    assert sparse.text[:size] == dense.text
    assert [sparse.original(at, at + 1) for at in range(size)] == [dense.original(at, at + 1) for at in range(size)]


def test_many_kinds_of_characters_are_deleted():
    text = "".join(f"{number}{char}" for number, char in enumerate(GONE))
    normal = normalise(text)
    assert normal.text == "".join(map(str, range(len(GONE))))
    for at, digit in enumerate(normal.text):
        start, end = normal.original(at, at + 1)
        assert text[start:end] == digit
