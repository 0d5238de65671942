import json

import pytest

from sampan.contract.errors import Corrupt
from sampan.contract.models import Model, Realm, Wire
from sampan.decide.estimate import Estimator
from sampan.decide.estimate.calibrate import Pair
from sampan.decide.estimate.estimator import VERSION, Outcome

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


@pytest.mark.parametrize(
    "state", [{}, {"version": 99}, {"version": VERSION}, {"version": VERSION, "counters": 3, "heads": {}}, [], None]
)
def test_corrupt_state_is_said(state):
    with pytest.raises(Corrupt, match="cannot be read"):
        Estimator.from_state(state)


def test_pairs_out_of_range_are_said(estimator):
    for pairs in (None, [[0.5, 2]], [[0.5]], [["a", 1]]):
        with pytest.raises(Corrupt, match="cannot be read"):
            Estimator.from_state(estimator.state() | {"pairs": pairs})


WORDS = ["apple", "ledger", "moon", "verdict", "piano", "mosque", "turtle", "engine", "harbour", "poem"]


def outcomes(estimator, times):
    """The small model fails where `moon` or `poem` is asked about, and nowhere else."""
    for _ in range(times):
        for word in WORDS:
            yield Outcome(
                SMALL,
                estimator.look(f"Tell me about the {word} in two sentences.", "en"),
                float(word not in {"moon", "poem"}),
            )


@pytest.mark.parametrize("way", ["train", "learn"])
def test_a_head_tells_prompts_of_one_domain_apart(estimator, way):
    some = list(outcomes(estimator, 60))
    if way == "train":
        estimator.train(some)
    else:
        for each in some:
            estimator.learn(each.model, each.look, each.outcome, each.weight)
    moon, turtle = (estimator.look(f"Tell me about the {word} in two sentences.", "en") for word in ("moon", "turtle"))
    low, high = (estimator.uncalibrated(SMALL, look.prompt, look.traits).quality for look in (moon, turtle))
    assert low < high - 0.25
    copy = Estimator.from_state(json.loads(json.dumps(estimator.state())))
    assert copy.estimate(SMALL, moon.prompt, moon.traits) == estimator.estimate(SMALL, moon.prompt, moon.traits)


def test_heads_of_the_version_before_are_left_out(estimator):
    estimator.train(list(outcomes(estimator, 60)))
    older = Estimator.from_state(estimator.state() | {"version": VERSION - 1})
    assert older.labels(SMALL.name) == 600
    assert older.state()["heads"] == {}


def test_the_head_is_asked_beside_the_models_level_not_its_domains(estimator):
    """Wrong in one domain alone, which the words tell: the head does not count again what the counters count."""
    estimator.train(list(outcomes(estimator, 60)))
    looks = [estimator.look(f"Tell me about the {word} in two sentences.", "en") for word in WORDS]
    said = [estimator.uncalibrated(SMALL, look.prompt, look.traits).quality for look in looks]
    assert sum(said) / len(said) == pytest.approx(0.8, abs=0.03)


def test_without_traits_the_head_is_left_out(estimator):
    estimator.train(list(outcomes(estimator, 60)))
    look = estimator.look("Tell me about the moon in two sentences.", "en")
    assert estimator.estimate(SMALL, look.prompt).quality > estimator.estimate(SMALL, look.prompt, look.traits).quality


def test_is_calibrated(estimator):
    look = estimator.look(CODE, "en")
    raw = estimator.uncalibrated(LARGE, look.prompt, look.traits).quality
    estimator.calibrate([Pair(raw, float(at % 10 == 0)) for at in range(400)])
    found = estimator.estimate(LARGE, look.prompt, look.traits)
    assert found.quality == pytest.approx(0.1, abs=0.06)
    assert 0 <= found.low <= found.quality
    assert estimator.error() == pytest.approx(raw - 0.1, abs=0.01)
    assert Estimator.from_state(estimator.state()).estimate(LARGE, look.prompt, look.traits) == found


def test_impossible_outcomes_are_not_trained_on(estimator):
    with pytest.raises(ValueError, match="outcome"):
        estimator.train([Outcome(SMALL, estimator.look(CODE, "en"), 3.0)])
    assert estimator.names() == []
