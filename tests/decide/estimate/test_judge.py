import random

import pytest

from sampan.contract.models import Model, Realm, Wire
from sampan.decide.estimate import Estimator
from sampan.decide.estimate.judge import Asked, judged, outcomes_of

MODELS = {name: Model(name, Realm.PUBLIC, (Wire.OPENAI,)) for name in ("coder", "poet")}


def asked(many):
    """The coder is good at code and bad at letters, the poet the other way round."""
    estimator, made = Estimator.default(), random.Random(1)
    code, letter = "Write a python function that sorts list number {}.", "幫我寫第{}封電郵俾客人，多謝佢哋。"
    for at in range(many):
        is_code = made.random() < 0.6
        good, bad = float(made.random() < 0.9), float(made.random() < 0.2)
        outcomes = {"coder": good, "poet": bad} if is_code else {"coder": bad, "poet": good}
        yield Asked(estimator.look((code if is_code else letter).format(at), "en"), outcomes)


def test_choosing_beats_the_best_single_model():
    found = judged(list(asked(200)), MODELS, Estimator.default)
    assert found.random < found.best_single < found.chosen - 0.1 < found.oracle
    assert found.off < 0.1
    assert (found.prompts, found.outcomes) == (200, 400)


def test_too_few():
    with pytest.raises(ValueError, match="9 prompts"):
        judged(list(asked(9)), MODELS, Estimator.default)


def test_outcomes_one_by_one():
    some = list(asked(3))
    assert len(outcomes_of(some, MODELS)) == 6
