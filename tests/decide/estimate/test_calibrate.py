import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.estimate.calibrate import Isotonic, Pair, ece


def overconfident(many, seed=1):
    made = random.Random(seed)
    pairs = []
    for _ in range(many):
        truth = made.random()
        expected = min(max(truth + 0.3 * (truth - 0.5), 0), 1)
        pairs.append(Pair(expected, float(made.random() < truth)))
    return pairs


def test_few_pairs_change_nothing():
    assert Isotonic.of(overconfident(20))(0.37) == 0.37
    assert Isotonic()(0.8) == 0.8


def test_calibration_error_falls():
    mapped = Isotonic.of(overconfident(2000))
    fresh = overconfident(4000, seed=2)
    assert ece(fresh) > 0.05
    assert ece(Pair(mapped(each.expected), each.outcome) for each in fresh) < 0.03


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=60, max_size=200),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_order_is_kept(pairs, one, other):
    mapped = Isotonic.of([Pair(*each) for each in pairs])
    low, high = sorted((one, other))
    assert mapped(low) <= mapped(high) + 1e-12
    assert mapped(low) >= -1e-9
    assert mapped(high) <= 1 + 1e-9


def test_error_by_hand():
    pairs = [Pair(0.95, 1.0), Pair(0.95, 0.0), Pair(0.15, 0.0), Pair(0.15, 0.0)]
    assert ece(pairs) == pytest.approx((2 * 0.45 + 2 * 0.15) / 4)
    assert ece([]) == 0
