import itertools

import pytest

from sampan.contract.models import Model, Realm, Wire
from sampan.decide.estimate.odds import sigmoid
from sampan.decide.estimate.priors import EASE, expected, harder, prior, size_of


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("qwen2.5-1.5b-instruct", 1.5),
        ("SmolLM2-135M-Instruct-Q4_1.gguf", 0.135),
        ("llama3-chatqa-1.5-70b", 70),
        ("Mixtral-8x7B", 33.6),
        ("gpt-oss:120b-cloud", 120),
        ("gemma-2-9b-it", 9),
        ("gpt-4-1106-preview", 0),
        ("claude-v2", 0),
        ("a4bc", 0),
    ],
)
def test_size_in_a_name(name, size):
    assert size_of(name) == pytest.approx(size)


def model(name, realm=Realm.PUBLIC, upstream=""):
    return Model(name=name, realm=realm, wire=(Wire.OPENAI,), upstream_model=upstream)


def test_larger_is_better():
    odds = [prior(model(name)) for name in ("a-0.5b", "a-1.5b", "a-7b", "a-70b", "a-400b")]
    assert odds == sorted(odds)
    assert len(set(odds)) == len(odds)


def test_realm_when_the_name_tells_nothing():
    odds = [prior(model("one", realm)) for realm in (Realm.PERSONAL, Realm.ENTERPRISE, Realm.PUBLIC)]
    assert odds == sorted(odds)
    assert prior(model("campus", upstream="llama-70b")) == prior(model("llama-70b"))


def test_harder_prompts_widen_the_gap():
    small, large = model("a-8x7b"), model("gpt-4-1106-preview")
    gaps = [sigmoid(expected(large, step / 2)) - sigmoid(expected(small, step / 2)) for step in range(-6, 7)]
    assert all(one < other for one, other in itertools.pairwise(gaps))
    assert expected(small, 0) == prior(small)


def test_longer_and_denying_prompts_are_harder():
    assert harder((), 0, 0) == 0
    assert harder((), 1, 0) == harder((), 0, 1) > 0 > harder((), -1, 0)


def test_what_is_easy_by_its_domain_is_easier():
    by_ease = sorted(EASE, key=EASE.get)
    found = [harder(((domain, 1.0),), 0, 0) for domain in by_ease]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0 > found[-1]
    half = harder(((by_ease[0], 0.5), (by_ease[-1], 0.5)), 0, 0)
    assert half == pytest.approx((found[0] + found[-1]) / 2)
    assert harder(((by_ease[0], 0.4),), 0, 0) == pytest.approx(found[0])


def test_a_domain_of_another_reader_says_nothing():
    assert harder((("cooking", 1.0),), 0.5, 0) == harder((), 0.5, 0)
