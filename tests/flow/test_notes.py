"""What small models write when they are asked to number their answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.flow.notes import MOST_QUESTIONS, general_of, made_up, notes_of, questions_of

ASKED = ["When must the tenant give notice?", "How large is the deposit?", "邊個簽名？"]
NOT_YET = "not given in the first twelve months, and after them two months before"


@pytest.mark.parametrize(
    ("plan", "questions"),
    [
        ("1. When?\n2) How?\n- Who?\n* Where?", ["When?", "How?", "Who?", "Where?"]),
        ("Here are the questions:\n1. When?\n\n1. When?", ["When?"]),
        ("問題：\n一條", ["一條"]),
        ("", []),
        ("\n".join(f"{n}. Q{n}?" for n in range(1, 12)), [f"Q{n}?" for n in range(1, MOST_QUESTIONS + 1)]),
        ("x" * 900, ["x" * 300]),
    ],
)
def test_questions(plan, questions):
    assert questions_of(plan) == questions


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("1: two months\n3: 業主", {0: "two months", 2: "業主"}),
        ("1. two months\n2) 9,000", {0: "two months", 1: "9,000"}),
        ("**1.** two months", {0: "two months"}),
        ("- 2：九千蚊", {1: "九千蚊"}),
        ('{\n "1": "two months",\n "2": "9,000"\n}', {0: "two months", 1: "9,000"}),
        (f"1. {ASKED[0]}\n   Two months before.\n2. {ASKED[1]} 9,000", {0: "Two months before.", 1: "9,000"}),
        ("1. **When must the tenant give notice?** Answer: two months", {0: "two months"}),
        ("3. 邊個簽名？\n答案：鄧太", {2: "鄧太"}),
        ("1: first line\nsecond line", {0: "first line second line"}),
        ("1: two months\n1: in writing", {0: "two months in writing"}),
        ("1: None\n2: Not mentioned in this part.\n3: 沒有提及", {}),
        ("1: It is not specified.\n2: This part does not say.\n3: 這部分沒有提到", {}),
        ("1: No interest is paid", {0: "No interest is paid"}),
        (f"1: {NOT_YET}", {0: NOT_YET}),
        ("1: 無需簽名", {0: "無需簽名"}),
        ("1: 1\n2: 1, 2, 3\n3: 3", {}),
        (f"- {ASKED[0]}\n- Two months before.\n- How large is the deposit: 9,000", {0: "Two months before.", 1: "9,000"}),
        (f"1. When must the tenant give notice: soon\n- {ASKED[1]} 9,000", {0: "soon", 1: "9,000"}),
        ("1: How large the flat is: 60 square metres", {0: "How large the flat is: 60 square metres"}),
        ("1: 2\n2: 9000", {0: "2", 1: "9000"}),
        ("1: pain, " + "fever, " * 20 + "fe", {0: "pain, fever"}),
        ("1: 頭暈、" + "腹痛、" * 30 + "腹", {0: "頭暈、腹痛"}),
        ("1: 1,000 and 000", {0: "1,000 and 000"}),
        ("NONE", {}),
        ("", {}),
        ("7: eight\n0: nine", {}),
        ("Two months, it says.", {}),
    ],
)  # fmt: skip
def test_notes(said, notes):
    assert dict(notes_of(said, ASKED)) == notes


@pytest.mark.parametrize(
    ("said", "note"), [("Two months.\nIn writing.", "Two months. In writing."), ("1: two months", "two months")]
)
def test_a_single_question_needs_no_number(said, note):
    assert list(notes_of(said, ASKED[:1])) == [(0, note)]


@pytest.mark.parametrize("said", ["NONE", "none.", "Not mentioned", "不適用"])
def test_nothing_to_say(said):
    assert list(notes_of(said, ASKED[:1])) == []


@given(st.text(max_size=600), st.integers(1, 3))
def test_whatever_is_said_there_is_one_bounded_note_a_question(said, many):
    found = list(notes_of(said, ASKED[:many]))
    assert len({place for place, _ in found}) == len(found)
    assert all(0 <= place < many and 0 < len(note) <= 400 for place, note in found)


@pytest.mark.parametrize(
    ("note", "piece", "is_made_up"),
    [
        ("HK$1,000", "The rent is HK$9,000 a month.", True),
        ("9000 dollars", "The rent is HK$9,000 a month.", False),
        ("12 months", "for twelve months", False),
        ("in 2026", "on 3 April 2026", False),
        ("１，２３４", "1234", False),
        ("800 元", "每日扣減八百元", False),
        ("no number", "", False),
    ],
)
def test_numbers_that_the_piece_does_not_hold(note, piece, is_made_up):
    assert made_up(note, piece) is is_made_up


LOAN = ["原有貸款點處理，年期同利率有咩改變？", "新加嘅貸款批唔批，批幾多？"]


def test_cantonese_that_repeats_its_questions():
    said = "1. 原有貸款點處理：年期縮到三年。\n- 新加嘅貸款批唔批，批幾多？\n- 新加嘅貸款批：六十萬。"
    assert dict(notes_of(said, LOAN)) == {0: "年期縮到三年。", 1: "六十萬。"}


@pytest.mark.parametrize(
    ("said", "general"),
    [
        ("When may a tenant leave?", "When may a tenant leave?"),
        ('Asked in general: "When may a tenant leave?"\n\nThis is general.', "When may a tenant leave?"),
        ("「租客可以何時遷出？」\n（以上是一般的問題）", "租客可以何時遷出？"),
        ("一般的問題：租客可以何時遷出？", "租客可以何時遷出？"),
        ('"no end', "no end"),
        ("", ""),
    ],
)
def test_a_rewritten_request(said, general):
    assert general_of(said) == general
