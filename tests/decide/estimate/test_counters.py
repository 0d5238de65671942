import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.errors import Corrupt
from sampan.contract.estimate import Prompt
from sampan.decide.estimate.counters import Counters
from sampan.decide.estimate.odds import logit, sigmoid

LAW = Prompt((("law", 0.9),), 2)
CODE = Prompt((("code", 0.9),), 2)
HARD_LAW = Prompt((("law", 0.9),), 4)


def taught(prompt, good, bad, counters=None):
    counters = counters or Counters(math.inf)
    for outcome in [1.0] * good + [0.0] * bad:
        counters.learn("m", prompt, outcome, 1.0, 0.0)
    return counters


def test_nothing_learned_is_the_prior():
    assert Counters().estimate("m", LAW, 1.2).quality == pytest.approx(sigmoid(1.2))
    assert Counters().estimate("m", LAW, 1.2).labels == 0


def test_many_outcomes_beat_the_prior():
    found = taught(LAW, 180, 20).estimate("m", LAW, 0.0)
    assert found.quality == pytest.approx(0.9, abs=0.03)
    assert found.labels == 200
    assert 0.8 < found.low < found.quality


def test_what_is_known_of_one_domain_moves_another_less():
    counters = taught(LAW, 0, 60)
    taught(CODE, 60, 0, counters)
    law, code = counters.estimate("m", LAW, 0.0), counters.estimate("m", CODE, 0.0)
    unseen = counters.estimate("m", Prompt((("music", 0.9),), 2), 0.0)
    assert law.quality < 0.2 < unseen.quality < 0.8 < code.quality
    assert unseen.low < unseen.quality


def test_harder_prompts_of_the_same_domain():
    counters = taught(LAW, 80, 20)
    easy, hard = counters.estimate("m", LAW, 0.0), counters.estimate("m", HARD_LAW, -1.1)
    assert hard.quality == pytest.approx(sigmoid(logit(easy.quality) - 1.1), abs=0.05)


def test_more_outcomes_narrow_the_bound():
    gaps = []
    for times in (1, 10, 100):
        found = taught(LAW, 7 * times, 3 * times).estimate("m", LAW, 0.0)
        gaps.append(found.quality - found.low)
    assert gaps == sorted(gaps, reverse=True)


def test_forgets():
    counters = Counters(half_life=50)
    taught(LAW, 200, 0, counters)
    before = counters.estimate("m", LAW, 0.0).quality
    taught(LAW, 0, 200, counters)
    assert before > 0.9
    assert counters.estimate("m", LAW, 0.0).quality < 0.15
    never = taught(LAW, 0, 200, taught(LAW, 200, 0))
    assert never.estimate("m", LAW, 0.0).quality == pytest.approx(0.5, abs=0.02)


def test_forget_drops_one_model():
    counters = taught(LAW, 5, 0)
    counters.forget("m")
    counters.forget("never seen")
    assert counters.names() == []


outcomes = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([LAW, CODE, HARD_LAW]), st.floats(0, 1), st.floats(0.1, 1)),
    max_size=30,
)


@given(outcomes)
def test_state_there_and_back(some):
    counters = Counters(20)
    for name, prompt, outcome, weight in some:
        counters.learn(name, prompt, outcome, weight, -0.3)
    copy = Counters.from_state(json.loads(json.dumps(counters.state())))
    for name in ("a", "b", "c"):
        for prompt in (LAW, CODE, HARD_LAW):
            found = counters.estimate(name, prompt, 0.4)
            assert copy.estimate(name, prompt, 0.4) == found
            assert 0 <= found.low <= found.quality <= 1


def spoiled(change):
    state = json.loads(json.dumps(taught(LAW, 3, 2).state()))
    change(state)
    return state


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("models"),
        lambda state: state.update(half_life=0),
        lambda state: state.update(half_life="long"),
        lambda state: state["models"]["m"]["cells"].update(law=[1, 2, 0, 0]),
        lambda state: state["models"]["m"]["cells"].update(law=[-1, -1, 0, 0]),
        lambda state: state["models"]["m"]["cells"].update(law=[1, 1, math.nan, 0]),
        lambda state: state["models"]["m"]["cells"].update(law=[1, 1, 0, 99]),
        lambda state: state["models"]["m"].update(cells=3),
        lambda state: state.update(models=[]),
    ],
)
def test_corrupt_state_is_said(change):
    with pytest.raises(Corrupt, match="counters cannot be read"):
        Counters.from_state(spoiled(change))


def test_domains_of_a_family_tell_about_each_other():
    families = {"law": "books", "history": "books", "code": "programs"}
    counters = taught(LAW, 0, 40, Counters(math.inf, families))
    taught(CODE, 40, 0, counters)
    near, far = (counters.estimate("m", Prompt(((domain, 1.0),), 2), 0.0).quality for domain in ("history", "unknown"))
    assert near < far - 0.1


def test_level_is_the_share_of_good_answers():
    counters = Counters(half_life=float("inf"))
    assert counters.level("m") == 0.5
    for at in range(8):
        counters.learn("m", CODE, float(at < 6), 1.0, 0.0)
    assert counters.level("m") == 7 / 10
