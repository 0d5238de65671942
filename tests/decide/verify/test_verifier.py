"""The whole verifier."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.estimate import Trial
from sampan.contract.verdict import Call, Said
from sampan.decide.estimate.combine import FEATURES
from sampan.decide.verify.verifier import AnswerVerifier
from tests.decide.verify.builders import request

TRIAL = Trial(accept_at=0.6, prior=0.7)
FORMAT = {"type": "json_schema", "json_schema": {"schema": {"type": "object", "required": ["city"]}}}
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "required": ["city"]}}}]


def verdict(said, trial=TRIAL, **more):
    said = said if isinstance(said, Said) else Said(said, finish="stop")
    return AnswerVerifier().verify(request(**{"question": "What is the capital of France?", **more}), said, trial)


def test_an_answer_without_signs_is_as_good_as_was_expected():
    seen = verdict("The capital of France is Paris.")
    assert seen.score == pytest.approx(0.7)
    assert (seen.spoke, seen.usable) == ({}, True)


@pytest.mark.parametrize(
    "said,check",
    [("I'm sorry, but I can't help with that.", "refusal"), (Said("Paris is", finish="length"), "truncated"), ("", "empty"),
     ("Paris. " * 100, "repeating"), ("法國的首都是巴黎，位於塞納河畔。", "other_language"),
     ("```python\ndef f(:\n```", "code_parses"), (Said("x", finish="refusal"), "refusal")],
)  # fmt: skip
def test_a_bad_sign_is_enough(said, check):
    seen = verdict(said, Trial(0.6, 0.9))
    assert seen.score < 0.6
    assert seen.spoke[check] == min(seen.spoke.values())


def test_code_that_parses_says_nothing_for_a_fact():
    seen = verdict("```python\nprint('The capital of France is Lyon.')\n```")
    assert seen.features["code_parses"] == 1.0
    assert seen.score == pytest.approx(0.7)
    assert seen.spoke == {}


def test_json_that_does_not_fit_cannot_be_used():
    assert verdict('{"city": "Paris"}', response_format=FORMAT).usable
    seen = verdict('{"town": "Paris"}', response_format=FORMAT)
    assert (seen.score < 0.01, seen.usable) == (True, False)


def test_calls_that_cannot_be_carried_out_cannot_be_given_out():
    good, bad = (Said("", (Call("weather", text),), "tool_calls") for text in ('{"city": "Paris"}', "{}"))
    assert verdict(good, tools=TOOLS).score == pytest.approx(0.7)
    assert (verdict(bad, tools=TOOLS).score < 0.01, verdict(bad, tools=TOOLS).usable) == (True, False)


def test_how_sure_it_was_moves_the_score_a_little():
    sure, unsure = (verdict(Said("Paris", logprobs=each)).score for each in ((-0.01,) * 20, (-0.6,) * 19 + (-5.0,)))
    assert unsure < 0.6 < 0.7 < sure


def test_a_second_answer_counts():
    assert verdict(Said("It is 7.", again="That makes 7.")).score > 0.8
    assert verdict(Said("It is 7.", again="That makes 9.")).score < 0.3


@pytest.mark.parametrize("prior", [0.0, 1.0, -3.0, 7.0, math.nan, math.inf])
def test_no_estimate_settles_it_alone(prior):
    assert 0.0 < verdict("Paris.", Trial(0.5, prior)).score < 1.0
    assert verdict("", Trial(0.5, prior)).score < 0.1


def test_steps_are_computed_again():
    asked = "A pen costs 3 dollars and a book 12 dollars. What do 4 pens and 2 books cost?"
    right = "4 pens cost 4 * 3 = 12 dollars. 2 books cost 2 * 12 = 24 dollars. Together 12 + 24 = 36 dollars."
    good, bad = (verdict(text, question=asked) for text in (right, right.replace("= 36", "= 38")))
    assert bad.spoke["arithmetic_wrong"] < -1
    assert bad.score < 0.6 < good.score
    assert "arithmetic_wrong" not in verdict("Thirty-six dollars.", question=asked).features


def test_a_result_that_nobody_asked_to_be_marked_is_not_missed():
    seen = verdict("17 + 26 = 43, and 43 + 1 = 44.", question="What is 17 + 26 + 1?")
    assert "answer_missing" not in seen.features
    assert seen.score >= 0.7


def test_at_most_twenty_features_are_learned():
    said = Said("x " * 300, (Call("weather", "{}"),), "stop", (-0.1,), "y")
    seen = verdict(said, tools=TOOLS, response_format=FORMAT).features
    assert len(FEATURES) <= 20
    assert seen.keys() - FEATURES.keys() == {"empty", "repeating", "other_language", "calls_wrong"}


@given(st.text(), st.text(), st.sampled_from(["stop", "length", "tool_calls", "refusal", ""]), st.floats(0, 1))
def test_any_text_has_a_score(question, answer, finish, prior):
    seen = verdict(Said(answer, finish=finish), Trial(0.5, prior), question=question)
    assert 0.0 <= seen.score <= 1.0
    assert all(math.isfinite(each) for each in (*seen.features.values(), *seen.spoke.values()))
