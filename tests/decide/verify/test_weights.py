"""What spoils an answer."""

import pytest

from sampan.decide.verify.weights import vetoes


@pytest.mark.parametrize(
    "name,least", [("empty", -8.0), ("calls_wrong", -8.0), ("repeating", -4.5), ("other_language", -2.5)]
)
def test_a_sign_that_spoils(name, least):
    assert vetoes({name: 1.0, "refusal": 1.0}) == {name: least}


def test_nothing_spoils():
    assert vetoes({"empty": 0.0, "repeating": 0.0, "prompt_estimate": 0.5}) == {}
