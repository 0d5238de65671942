"""Two answers to one question."""

import pytest

from sampan.decide.verify.agreement import SHORT, agreement, could_turn


@pytest.mark.parametrize(
    "one,other,share",
    [
        ("3 + 4 = 7. So 7 apples.", "The sum is 7", 1.0),
        ("So 7 apples.", "So 8 apples.", 0.0),
        ("It is 1,000.", "That makes 1000", 1.0),
        ("The answer is B", "Answer: (B)", 1.0),
        ("答案係 C", "答案是 B", 0.0),
        ("A", "(A)", 1.0),
        ("Paris", "paris", 1.0),
        ("It is a small bird", "It is a small cat", 0.5),
        ("Paris", "Lyon", 0.0),
        ("香港", "澳門", 0.0),
        ("...", "...", 1.0),
        ("anything", "", None),
        ("anything", "  ", None),
    ],
)
def test_pairs(one, other, share):
    assert agreement(one, other) == (share if share is None else pytest.approx(share))


@pytest.mark.parametrize(
    "question,one,other,share",
    [
        ("How many sides does a hexagon have?", "A hexagon has six sides.", "It has 6.", 1.0),
        ("What language is spoken in Brazil?", "Portuguese", "The language spoken in Brazil is Portuguese.", 1.0),
        ("Which ship first carried tea to Boston?", "The ship that first carried tea to Boston was the Alert.",
         "The ship that first carried tea to Boston was the Empress.", 0.0),
        ("Is a whale a mammal? Answer yes or no.", "Yes.", "Yes.", 1.0),
        ("Is a whale a mammal? Answer yes or no.", "Yes.", "No.", 0.0),
        ("From 8:30 it takes 45 minutes. When is it over?", "At 9:15, after 45 minutes.", "At 9:20, after 45 minutes.", 0.0),
        ("日本嘅首都係邊度？", "日本嘅首都係東京。", "東京", 1.0),
        ("日本嘅首都係邊度？", "日本嘅首都係東京。", "日本嘅首都係大阪。", 0.0),
    ],
)  # fmt: skip
def test_what_the_question_says_is_no_agreement(question, one, other, share):
    assert agreement(one, other, question) == pytest.approx(share)
    assert agreement(other, one, question) == pytest.approx(share)


def test_of_two_long_texts_it_says_nothing():
    assert agreement("good words " * SHORT, "other phrases " * SHORT) is None


def test_which_verdicts_a_second_answer_can_turn():
    assert could_turn(0.62, 0.8)
    assert could_turn(0.85, 0.8)
    assert not could_turn(0.3, 0.8)
    assert not could_turn(0.99, 0.8)
