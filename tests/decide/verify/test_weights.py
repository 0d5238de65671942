"""What each check adds."""

import pytest

from sampan.decide.verify.weights import evidence


@pytest.mark.parametrize(
    "name,good,bad",
    [("refusal", 0, 1), ("truncated", 0, 1), ("empty", 0, 1), ("repeating", 0, 1), ("other_language", 0, 1), ("schema_ok", 1, 0),
     ("calls_ok", 1, 0), ("arithmetic_wrong", 0, 1), ("code_parses", 1, 0), ("citation_found", 1, 0), ("confidence_mean", -0.05, -0.9),
     ("confidence_min", -0.5, -6.0), ("agreement", 1, 0)],
)  # fmt: skip
def test_a_bad_sign_takes_away_and_a_good_one_does_not(name, good, bad):
    assert evidence({name: float(bad)})[name] < -0.5
    assert evidence({name: float(good)})[name] >= 0.0


def test_unsure_tokens_alone_settle_nothing():
    assert evidence({"confidence_mean": -50.0, "confidence_min": -50.0}) == {
        "confidence_mean": -1.2,
        "confidence_min": -1.2,
    }


def test_what_was_not_measured_adds_nothing():
    assert evidence({"prompt_estimate": 0.5}) == {}
