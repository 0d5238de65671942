import json
import random

import pytest

from sampan.contract.errors import Corrupt
from sampan.decide.estimate.calibrate import Pair, ece
from sampan.decide.estimate.combine import FEATURES, Combiner, Judged, solved
from sampan.decide.estimate.odds import sigmoid


def judged(many, seed=0):
    made = random.Random(seed)
    some = []
    for _ in range(many):
        wrong, long = float(made.random() < 0.3), made.uniform(4, 7)
        good = made.random() < (0.15 if wrong else 0.95 if long > 5.5 else 0.6)
        some.append(Judged({"arithmetic_wrong": wrong, "length": long, "prompt_estimate": 0.7}, float(good)))
    return some


def test_at_most_twenty_features():
    assert len(FEATURES) <= 20


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("refusal", 0, 1),
        ("arithmetic_wrong", 0, 2),
        ("schema_ok", 1, 0),
        ("agreement", 1, 0),
        ("prompt_estimate", 0.9, 0.2),
    ],
)
def test_by_hand(name, good, bad):
    combiner = Combiner()
    assert combiner.score({"prompt_estimate": 0.6} | {name: good}) > combiner.score(
        {"prompt_estimate": 0.6} | {name: bad}
    )


def test_without_signs_it_is_the_prompts_estimate():
    assert Combiner().score({"prompt_estimate": 0.37}) == pytest.approx(0.37)
    assert Combiner().score({}) == 0.5
    assert Combiner().score({"agreement": float("nan")}) == 0.5
    assert Combiner.of([]).labels == 0


def test_labels_correct_the_hand():
    learned, fresh = Combiner.of(judged(800)), judged(2000, seed=1)
    pairs = [Pair(learned.score(each.features), each.outcome) for each in fresh]
    by_hand = [Pair(Combiner().score(each.features), each.outcome) for each in fresh]
    assert ece(pairs) < 0.05 < ece(by_hand)
    short, long = ({"arithmetic_wrong": 0.0, "length": length, "prompt_estimate": 0.7} for length in (4.5, 6.5))
    assert learned.score(short) < learned.score(long)
    assert Combiner().score(short) > Combiner().score(long)


def test_few_labels_change_little():
    learned = Combiner.of(judged(3))
    assert learned.score({"refusal": 1.0, "prompt_estimate": 0.9}) < 0.2


def test_solves():
    assert solved([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0]) == pytest.approx([0.8, 1.4])


def test_state_there_and_back():
    learned = Combiner.of(judged(200))
    copy = Combiner.from_state(json.loads(json.dumps(learned.state())))
    for each in judged(20, seed=3):
        assert copy.score(each.features) == learned.score(each.features)
    assert copy.labels == 200
    older = learned.state()
    del older["weights"]["doubt"]
    assert Combiner.from_state(older).score({"doubt": 3.0}) < 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"weights": 3},
        {"weights": {"length": "x"}},
        {"weights": {"length": float("nan")}},
        {"steps": [1]},
        {"labels": None},
    ],
)
def test_corrupt_state_is_said(change):
    with pytest.raises(Corrupt, match="cannot be read"):
        Combiner.from_state(Combiner().state() | change)


def test_the_parts_add_up_to_the_whole_and_more_can_be_added():
    features = {"prompt_estimate": 0.7, "refusal": 1.0, "code_parses": 0.5}
    combiner = Combiner()
    parts = combiner.parts(features)
    assert parts.keys() == features.keys()
    assert combiner.raw(features) == pytest.approx(sigmoid(sum(parts.values())))
    assert combiner.chance(features) == pytest.approx(combiner.score(features))
    assert combiner.chance(features, -8.0) < 0.01 < combiner.chance(features, 8.0)
