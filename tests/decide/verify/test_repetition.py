"""Answers that say nothing, or the same again and again."""

import pytest

from sampan.decide.verify.repetition import echo, empty, repeating

ESSAY = (
    "Hong Kong's harbour was the reason for its growth. Ships from many places found deep water and shelter there. "
    "Later came factories, then banks. Today visitors come for the food, the hills and the trams. Ferries still cross "
    "between the two shores every few minutes, and a ride costs less than a cup of tea."
)


@pytest.mark.parametrize("answer,told", [("", 1), (" \n", 1), ("...", 1), ("。", 1), ("7", 0), ("係", 0), ("yes", 0)])
def test_empty(answer, told):
    assert empty(answer) == told


@pytest.mark.parametrize(
    "answer",
    ["I will do it. " * 40, "好的。" * 80, "1, 2, 3, " * 60, ESSAY[:40] + "the end of the end of " * 60,
     "\n".join(["First, open the settings of the program."] * 6)],
)  # fmt: skip
def test_a_loop(answer):
    assert repeating(answer) == 1.0


@pytest.mark.parametrize(
    "answer",
    [ESSAY, "哈哈哈哈哈", "no " * 20, "\n".join(f"{n}. Item number {n} of the list, {n * 7} dollars" for n in range(1, 30)),
     "香港的夏天又熱又濕，出門前記得看天氣報告。颱風季節由六月到十月，八號風球懸掛時學校會停課。" * 2],
)  # fmt: skip
def test_no_loop(answer):
    assert repeating(answer) == 0.0


def test_the_question_once_more():
    assert echo("What is the capital of France?", "what is the capital of  France?\n") == 1.0
    assert echo("What is the capital of France?", "Paris") == 0.0
    assert echo("hi", "Hi") == 0.0
