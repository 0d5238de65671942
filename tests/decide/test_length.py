"""How long an answer will probably be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.estimate import Prompt
from sampan.decide.length import BRIEF, LONG, likely_tokens


def of(text, domain="trivia", asked=50):
    return likely_tokens(text, Prompt(((domain, 0.9),)), asked)


@pytest.mark.parametrize(
    "text",
    [
        "Who wrote it? One word.",
        "Is a whale a mammal? Yes or no.",
        "Sort [2, 1], just the result.",
        "淨係要結果。",
        "點叫？一個字。",
    ],
)
def test_a_word_is_asked_for(text):
    assert of(text) < of("What is the capital of Peru?")


@pytest.mark.parametrize("text", ["What is the capital of Peru?", "秘魯嘅首都係邊度？", "一打有幾多隻？"])
def test_a_question_of_one_fact_is_answered_in_a_sentence(text):
    assert of(text) <= 32


@pytest.mark.parametrize(
    "text", ["Explain photosynthesis.", "Write a poem.", "點解天係藍色？", "請詳細介紹香港。", "word " * 60]
)
def test_what_takes_long(text):
    assert of(text) == LONG


@pytest.mark.parametrize(
    ("text", "long"),
    [("A PLAN, please", True), ("my planet", False), ("a rewrite", False), ("step by step", True), ("list 10 cities", True),
     ("list 3 cities", False), ("看plan", False), ("plan_b", False)],
)  # fmt: skip
def test_only_whole_words_in_any_case_make_it_long(text, long):
    assert (of(text) == LONG) is long


def test_work_on_a_text_is_as_long_as_the_text():
    assert of("x", "translation", 120) == 120
    assert of("x", "summary", 400) == 100
    assert of("x", "translation", 9000) == LONG


def test_code_and_problems():
    assert of("俾一行 code", "code") < BRIEF < of("Write a parser", "code")
    assert of("What is 17 + 26?", "word_problem") < BRIEF < of("Tom has 3 apples and " * 9, "word_problem")


@given(st.text(max_size=300), st.sampled_from(["", "code", "summary", "maths", "chat"]), st.integers(0, 10**6))
def test_always_a_number_of_tokens(text, domain, asked):
    assert 0 < likely_tokens(text, Prompt(((domain, 1.0),) if domain else ()), asked) <= LONG
