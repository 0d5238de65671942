import json

import pytest

from sampan.contract.errors import Corrupt
from sampan.contract.models import Model, Realm, Wire
from sampan.decide.estimate import Estimator

SMALL = Model("qwen2.5-1.5b", Realm.PERSONAL, (Wire.LOCAL,))
LARGE = Model("cloud", Realm.PUBLIC, (Wire.OPENAI,))
CODE = "Write a python function `def area(r)` that returns the area of a circle."


@pytest.fixture
def estimator():
    return Estimator.default()


def test_without_labels_larger_is_expected_to_be_better(estimator):
    look = estimator.look(CODE, "en")
    small, large = (estimator.estimate(model, look.prompt, look.traits) for model in (SMALL, LARGE))
    assert small.quality < large.quality
    assert small.labels == large.labels == 0
    assert small.low < small.quality


def test_learns(estimator):
    look = estimator.look(CODE, "en")
    for _ in range(40):
        estimator.learn(SMALL, look, 1.0)
        estimator.learn(LARGE, look, 0.0)
    assert estimator.estimate(SMALL, look.prompt).quality > 0.85 > 0.2 > estimator.estimate(LARGE, look.prompt).quality
    assert estimator.labels(SMALL.name) == 40
    assert estimator.names() == ["cloud", "qwen2.5-1.5b"]
    estimator.forget("cloud")
    assert estimator.labels("cloud") == 0


@pytest.mark.parametrize(
    ("outcome", "weight"), [(1.1, 1), (-0.1, 1), (float("nan"), 1), (1, 0), (1, 2), (1, float("nan"))]
)
def test_impossible_outcomes(estimator, outcome, weight):
    with pytest.raises(ValueError, match="outcome"):
        estimator.learn(SMALL, estimator.look(CODE, "en"), outcome, weight)


def test_state_there_and_back(estimator):
    look = estimator.look(CODE, "en")
    for outcome in (1.0, 0.5, 0.0):
        estimator.learn(SMALL, look, outcome, 0.7)
    copy = Estimator.from_state(json.loads(json.dumps(estimator.state())))
    assert copy.estimate(SMALL, look.prompt, look.traits) == estimator.estimate(SMALL, look.prompt, look.traits)
    assert copy.read(CODE, "en") == look.prompt


@pytest.mark.parametrize("state", [{}, {"version": 99}, {"version": 1}, {"version": 1, "counters": 3}, [], None])
def test_corrupt_state_is_said(state):
    with pytest.raises(Corrupt, match="cannot be read"):
        Estimator.from_state(state)
