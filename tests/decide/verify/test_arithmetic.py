import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.verify.arithmetic import features, final_number, steps_of, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("-2 ^ 2", -4),
        ("2 ** 3 ** 2", 512),
        ("$1,200 / 4", 300),
        ("20% of 50", 10),
        ("3 x 60", 180),
        ("3×60−２", 178),
        ("2(3 + 4)", 14),
        (".5 * 8", 4),
        ("1/3", 1 / 3),
        ("", None),
        ("2 +", None),
        ("(2", None),
        ("1 / 0", None),
        ("9 ** 99999", None),
        ("hello", None),
        ("__import__('os')", None),
        ("2 " + "+ 2" * 60, None),
        ("(" * 90, None),
    ],
)
def test_values(text, value):
    assert value_of(text) == (None if value is None else pytest.approx(value))


@given(st.text(alphabet="0123456789+-*/^()%xX$., of=", max_size=60))
def test_no_expression_breaks_it(text):
    value = value_of(text)
    assert value is None or math.isfinite(value)
    found = features("How many?", text)
    assert all(map(math.isfinite, found.values()))
    assert found["arithmetic_wrong"] <= found["arithmetic_steps"]


def test_steps_in_notes_and_sentences():
    answer = "He runs 3 x 60 = <<3*60=180>>180 metres. So 180 + 20 = 200 = 2 * 100. He pays $1,000 - $250 = $750."
    assert [(step.comes, step.said) for step in steps_of(answer)] == [(180, 180), (200, 200), (750, 750)]


def test_wrong_steps_are_seen():
    assert features("", "So 17 + 25 = 43.")["arithmetic_wrong"] == 1
    assert features("", "So 17 + 25 = 42.")["arithmetic_wrong"] == 0
    assert features("", "10 / 3 = 3.33")["arithmetic_wrong"] == 0
    assert features("", "<<6640-3000=3640>> and <<2*3=7>>")["arithmetic_wrong"] == 1


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("… #### 18", 18),
        ("The answer is $1,250.", 1250),
        ("\\boxed{42}", 42),
        ("答案係 36 個", 36),
        ("**Final answer: 7**", 7),
        ("I do not know.", None),
    ],
)
def test_final_number(answer, number):
    assert final_number(answer) == number


PROMPT = "Tom has 3 boxes of 12 pens and gives away 6. How many are left?"


def test_a_good_answer_and_a_bad_one():
    good = features(PROMPT, "3 * 12 = 36. 36 - 6 = 30.\n#### 30")
    assert (good["arithmetic_steps"], good["arithmetic_wrong"], good["answer_missing"]) == (2, 0, 0)
    assert (good["unused_numbers"], good["unused_results"], good["odd_result"]) == (0, 0, 0)
    assert good["result_not_computed"] == 0
    bad = features(PROMPT, "However 3 * 17 = 51 and 51 / 4 = 12.75.\n#### -12.5")
    assert (bad["unused_results"], bad["odd_result"], bad["result_not_computed"], bad["doubt"]) == (1, 1, 1, 1)
    assert bad["unused_numbers"] == 2
    assert features(PROMPT, "Many.")["answer_missing"] == 1


def test_shares_may_be_written_in_two_ways():
    assert features("", "30 / 100 * 100 = 30%")["arithmetic_wrong"] == 0
    assert features("", "(2/9) * 100 = 22.22%")["arithmetic_wrong"] == 0
    assert features("", "20% * 40 = 9")["arithmetic_wrong"] == 1
    assert features("", "3 * 12 = 3600")["arithmetic_wrong"] == 1


def test_results_that_nothing_takes_up():
    assert features("", "3 * 4 = 12. 5 * 6 = 30. 12 + 2 = 14.\n#### 14")["unused_results"] == 1
    assert features("", "3 * 4 = 12. 12 / 2 = 6.")["unused_results"] == 1
    assert features("", "3 * 4 = 12. 12 / 2 = 6.\n#### 6")["unused_results"] == 0


def test_percents_in_the_prompt():
    assert features("20 percent of them", "")["percents"] == features("百分之二十", "")["percents"] == 1
    assert features("half of them", "")["percents"] == 0


def test_relations_in_the_prompt():
    assert features("Half of them are older than 20 percent.", "")["relations"] >= 3
    assert features("有蘋果三個", "")["relations"] == 0


def test_long_answers_are_bounded():
    assert features("1" * 100_000, "2 + 2 = 5. " * 50_000)["arithmetic_wrong"] == 1
