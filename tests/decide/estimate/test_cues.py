import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.estimate.cues import NAMES, cues_of
from sampan.decide.estimate.ngrams import tokens_of


def cues(text):
    return dict(zip(NAMES, cues_of(text, tokens_of(text)), strict=True))


def test_options_are_seen():
    found = cues("What is 2 + 2?\nA. 3\nB. four\nC. 5\nD. none of these")
    assert found["options"] == 4
    assert found["question"] == pytest.approx(math.log1p(len("What is 2 + 2?")))
    assert found["option_digits"] == 0.5
    assert found["both"] > 0


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("digits", "12345 and 678", "one and two"),
        ("not", "Which is not true?", "Which is true?"),
        ("shares", "half of 20 percent", "some of it"),
        ("shares", "打八折之後一半", "打折之後"),
        ("formulae", "∫ x √ y", "x y"),
        ("code", "def f(): return x", "a story of x"),
        ("cantonese", "佢哋喺邊", "他們在哪裏"),
        ("beyond_ascii", "你好", "hi"),
        ("blank", "The ____ is red", "The car is red"),
        ("length", "a" * 500, "a"),
        ("lines", "a\nb\nc", "a b c"),
        ("capitals", "NASA AND NATO", "nasa and nato"),
    ],
)
def test_cues_rise_with_what_they_name(name, more, less):
    assert cues(more)[name] > cues(less)[name]


@given(st.text())
def test_anything_has_cues(text):
    assert all(map(math.isfinite, cues_of(text, tokens_of(text))))
