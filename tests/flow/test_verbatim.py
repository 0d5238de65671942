"""Stretches copied out of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.flow.verbatim import Original, letters, shortened, without_copies

LETTER = (
    "Dear Dr Lee, my mother has been unwell since the operation in March and cannot climb the stairs to our flat any more. "
    "We ask for a transfer to a flat on a lower floor. Please write to us before the end of June."
)
NOTICE = "租客須於每月首日或之前繳付租金，逾期七日可被徵收附加費，並須於遷出前三十日以書面通知業主。"


@pytest.mark.parametrize(
    "text,left",
    [
        ("She cannot climb stairs.", "She cannot climb stairs."),
        ("Before the end of June", "Before the end of June"),
        (
            "It says: my mother has been unwell since the operation in March and cannot climb. So write.",
            "It says: …. So write.",
        ),
        ("MY MOTHER HAS BEEN UNWELL,since the operation in MARCH and cannot climb", "…"),
        ("", ""),
    ],
)
def test_english(text, left):
    assert without_copies(text, Original(LETTER)) == left


@pytest.mark.parametrize(
    "text,left",
    [
        ("要在三十日前通知業主。", "要在三十日前通知業主。"),
        ("合約：租客須於每月首日或之前繳付租金，逾期七日。明白嗎？", "合約：…。明白嗎？"),
    ],
)
def test_chinese(text, left):
    assert without_copies(text, Original(NOTICE)) == left


def test_a_copy_in_the_other_script_or_width_is_one():
    """A model may answer in Traditional characters about a text in Simplified ones."""
    assert without_copies("合約：租客须于每月首日或之前缴付租金，逾期七日", Original(NOTICE)) == "合約：…"
    wide = "ＭＹ　ＭＯＴＨＥＲ has been unwell since the operation in March and"
    assert without_copies(wide, Original(LETTER)) == "…"


def test_letters_are_alike_however_they_are_written():
    assert letters("Ａ-1 須!") == ("a1须", [0, 2, 4])


def test_the_whole_text_leaves_nothing():
    assert without_copies(LETTER, Original(LETTER)) == "…."
    assert without_copies(f"Here: {LETTER}", Original(LETTER)) == "Here: …."


@given(st.text(max_size=300), st.integers(0, 120), st.integers(0, 60))
def test_no_long_stretch_is_left(around, start, more):
    copied = LETTER[start : start + 75 + more]
    left = without_copies(f"{around[:100]}\n{copied}\n{around[100:]}", Original(LETTER))
    assert copied not in left


OTHER = Original("something else altogether, and quite long enough to be compared with it")


@given(st.text(max_size=200))
def test_what_was_not_copied_stays(text):
    assert without_copies(text, OTHER) == text


@pytest.mark.parametrize(
    "text,left",
    [
        ("In writing, two months before.", "In writing, two months before."),
        (
            "She says my mother has been unwell since the operation in March and cannot climb. So write.",
            "She says my mother has been unwell since the operation in March an…. So write.",
        ),
        (LETTER, LETTER[:59] + "…."),
    ],
)
def test_of_a_copy_its_beginning_may_stay(text, left):
    assert shortened(text, Original(LETTER)) == left


def test_of_a_chinese_copy_its_beginning_may_stay():
    assert (
        shortened("合約：租客須於每月首日或之前繳付租金，逾期七日。", Original(NOTICE))
        == "合約：租客須於每月首日或之前繳付租金，…。"
    )


@given(st.text(max_size=300), st.integers(0, 120), st.integers(0, 90))
def test_no_long_stretch_is_left_of_what_was_shortened(around, start, more):
    original = Original(LETTER)
    left = shortened(f"{around[:100]}\n{LETTER[start : start + 60 + more]}\n{around[100:]}", original)
    for part in left.split("…"):
        assert without_copies(part, original) == part
