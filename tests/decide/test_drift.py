import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.drift import LEAST, WINDOW, Drift, Outcomes


def outcomes(expected, happens, count, seed=1):
    rng, found = random.Random(seed), Outcomes()
    for _ in range(count):
        found.add(expected, float(rng.random() < happens), 1.0)
    return found


def test_what_goes_as_expected_raises_no_alarm():
    alarms = [outcomes(0.7, 0.7, LEAST, seed).drift().alarm for seed in range(200)]
    assert sum(alarms) <= 4


def test_what_went_wrong_does_but_not_on_a_few():
    assert outcomes(0.9, 0.5, LEAST).drift().alarm
    assert not outcomes(0.9, 0.0, LEAST - 1).drift().alarm
    assert Outcomes().drift() == Drift(0, 0.0, 0.0, alarm=False)


def test_only_the_newest_count():
    found = outcomes(0.9, 0.0, WINDOW)
    for _ in range(WINDOW):
        found.add(0.9, 0.9, 1.0)
    drift = found.drift()
    assert (drift.outcomes, drift.error, drift.alarm) == (WINDOW, 0.0, False)


shares = st.floats(0, 1)


@given(st.lists(st.tuples(shares, shares, st.floats(0.01, 1)), max_size=50))
def test_error_is_a_share_and_outlives_the_process(rows):
    found, again = Outcomes(), Outcomes()
    for row in rows:
        found.add(*row)
    assert 0 <= found.drift().error <= 1.0001
    again.restore(msgspec.json.decode(msgspec.json.encode(found.state())))
    assert again.drift() == found.drift()


@pytest.mark.parametrize("state", [[[2.0, 0.0, 1.0]], [[0.5, 0.5, 0.0]], {"a": 1}, [[1.0]], None])
def test_what_cannot_be_read_changes_nothing(state):
    found = outcomes(0.5, 0.5, 10)
    with pytest.raises((ValueError, msgspec.ValidationError)):
        found.restore(state)
    assert found.drift().outcomes == 10
