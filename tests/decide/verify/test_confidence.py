"""How sure a model was."""

import pytest

from sampan.decide.verify.confidence import confidence_mean, confidence_min


def test_mean_and_least_sure():
    assert confidence_mean([-0.1, -0.3]) == pytest.approx(-0.2)
    assert confidence_min([-0.1] * 39 + [-3.0, -5.0]) == pytest.approx(-4.0)
    assert confidence_min([-0.1, -2.0]) == pytest.approx(-2.0)


def test_a_long_answer_says_nothing():
    assert confidence_mean([-0.1] * 96) is None
    assert confidence_min([-0.1] * 96) is None
    assert confidence_mean([-0.1] * 95) == pytest.approx(-0.1)


def test_nothing_is_known():
    assert confidence_mean([]) is None
    assert confidence_min(()) is None
