import json

import pytest

from sampan.contract.errors import Corrupt
from sampan.decide.estimate.head import LEAST, WIDTH, Example, Features, Featuriser, Head
from sampan.decide.estimate.prompt import PromptReader

TEXTS = ["Write a python function.", "幫我寫封信", "What is 3 + 4?", "Who wrote Hamlet?", "Prove it by induction."]


@pytest.fixture(scope="module")
def features():
    reader = PromptReader.default()
    featuriser = Featuriser(reader.table)
    return [featuriser.features(reader.look(text, "en")[1]) for text in TEXTS]


def test_features_are_short_vectors(features):
    for places, values in features:
        assert len(places) == len(values)
        assert max(places) < WIDTH
        assert 0.3 < sum(value * value for value in values) < 1.5
    assert features[0] != features[1]


def examples(features):
    return [Example(features[at % 5], (0.4, -0.3, 0.1, -0.1, 0.0)[at % 5]) for at in range(LEAST)]


@pytest.mark.parametrize("way", ["fit", "learn"])
def test_learns_what_is_left(features, way):
    head = Head()
    some = examples(features)
    if way == "fit":
        head.fit(some)
    else:
        for each in some:
            head.learn(each)
    said = [head.says(each) for each in features]
    assert said == pytest.approx([0.4, -0.3, 0.1, -0.1, 0.0], abs=0.08)


def test_says_nothing_of_few(features):
    head = Head()
    for each in examples(features)[:-1]:
        head.learn(each)
    assert not head.grown
    head.learn(examples(features)[0])
    assert head.grown
    assert head.says(features[0]) > 0.2


def test_fit_solves_the_ridge():
    """Two features, three outcomes, by hand: (X'X + 14) w = X'y."""
    head = Head()
    head.fit(
        [
            Example(Features([1], [1.0]), 1.0),
            Example(Features([1, 2], [1.0, 2.0]), 0.5),
            Example(Features([2], [1.0]), 0.0),
        ]
    )
    head.labels = LEAST
    assert head.says(Features([1], [1.0])) == pytest.approx((19 * 1.5 - 2 * 1.0) / (16 * 19 - 4), abs=1e-6)
    assert head.says(Features([2], [1.0])) == pytest.approx((16 * 1.0 - 2 * 1.5) / (16 * 19 - 4), abs=1e-6)


def test_state_there_and_back(features):
    head = Head()
    head.fit(examples(features))
    copy = Head.from_state(json.loads(json.dumps(head.state())))
    assert copy.says(features[0]) == head.says(features[0])
    assert len(json.dumps(head.state())) < 100_000


@pytest.mark.parametrize("change", [{"weights": "!"}, {"seen": "AAAA"}, {"labels": "many"}, {"weights": None}])
def test_corrupt_state_is_said(change):
    with pytest.raises(Corrupt, match="cannot be read"):
        Head.from_state(Head().state() | change)
    with pytest.raises(Corrupt, match="cannot be read"):
        Head.from_state({})
