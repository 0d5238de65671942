import math
import random

import pytest

from sampan.decide.estimate.guarantee import LEAST, Compared, promise, risk, upper


def compared(many, seed=0, slope=0.25):
    """The higher the score, the likelier that only the strong one is right."""
    made = random.Random(seed)
    pairs = []
    for _ in range(many):
        score, chance = made.random(), made.random()
        lost = chance < slope * score
        won = not lost and chance < slope * score + 0.03
        pairs.append(Compared(score, 0.0 if lost else 1.0, 0.0 if won else 1.0))
    return pairs


def test_too_few_pairs_promise_nothing():
    found = promise(compared(LEAST - 1), 0.05, 0.1)
    assert not found.made
    assert str(LEAST) in found.reason
    assert found.share == 0


def test_a_looser_promise_keeps_more():
    shares = [promise(compared(1000), epsilon, 0.1).share for epsilon in (0.01, 0.03, 0.06)]
    assert shares == sorted(shares)
    assert shares[-1] > 0.3


def test_impossible_promises_are_said():
    bad = [Compared(random.Random(at).random(), 0.0, 1.0) for at in range(LEAST)]
    found = promise(bad, 0.01, 0.1)
    assert not found.made
    assert "do not allow" in found.reason


@pytest.mark.parametrize(("epsilon", "delta"), [(0, 0.1), (1, 0.1), (0.1, 0), (0.1, 1), (float("nan"), 0.1)])
def test_nonsense_is_refused(epsilon, delta):
    with pytest.raises(ValueError, match="epsilon and delta"):
        promise(compared(LEAST), epsilon, delta)


def test_promises_hold_as_often_as_promised():
    """The threshold's true loss is known here: slope * threshold^2 / 2 - 0.03 * threshold."""
    broken = 0
    for seed in range(40):
        found = promise(compared(600, seed, slope=0.4), 0.05, 0.1)
        at = max(found.accept_below, 0.0) if found.made else 0.0
        broken += 0.4 * at**2 / 2 - 0.03 * at > 0.05
    assert broken <= 8


def test_the_same_score_is_kept_or_not_together():
    pairs = [Compared(0.5, 1.0, 1.0)] * 600
    assert promise(pairs, 0.05, 0.1).share == 1


def test_risk_by_hand():
    """Nothing lost: at least the exact binomial tail, P(Binomial(100, 0.05) <= 0) = 0.95^100."""
    assert upper(0, 100, 0.05) == pytest.approx(1 - 0.05 ** (1 / 100), abs=1e-6)
    assert risk(10, 0, 100, 0.05) == 1
    assert 0.95**100 <= risk(0, 0, 100, 0.05) <= 0.95**100 + 0.02
    assert risk(60, 20, 1000, 0.05) > risk(55, 20, 1000, 0.05)


@pytest.mark.parametrize("differ", [0.06, 0.1, 0.25, 0.6])
def test_the_test_is_exact_to_its_level(differ):
    """Over all results of 120 pairs whose mean loss is just epsilon: at most a tenth of them are taken for better, and not far less."""
    many, epsilon, level, wrong = 120, 0.06, 0.1, 0.0
    lose = (1 + epsilon / differ) / 2
    for both in range(many + 1):
        share = math.comb(many, both) * differ**both * (1 - differ) ** (many - both)
        if share < 1e-7:
            continue
        for lost in range(both, -1, -1):
            if risk(lost, both - lost, many, epsilon) <= level:
                taken = range(lost + 1)
                wrong += share * sum(math.comb(both, at) * lose**at * (1 - lose) ** (both - at) for at in taken)
                break
    assert 0.04 < wrong <= level
