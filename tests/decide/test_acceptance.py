import math

import msgspec
import pytest

from sampan.decide.acceptance import HALF_LIFE_S, Acceptance


def counted(kept, lost, now=0.0):
    found = Acceptance()
    for each in [True] * kept + [False] * lost:
        found.add("m", 0.5, kept=each, now=now)
    return found


def test_what_was_seen_is_shrunk_towards_what_is_expected():
    assert Acceptance().rate("m", 0.6) == 0.6
    assert counted(0, 10).rate("m", 0.6, 0.0) == pytest.approx(0.3)
    assert counted(90, 0).rate("m", 0.6, 0.0) == 1.0
    assert counted(45, 45).rate("m", 0.6, 0.0) == pytest.approx(0.6)


def test_hard_prompts_that_were_never_kept_say_nothing_against_easy_ones():
    found = Acceptance()
    for _ in range(100):
        found.add("m", 0.02, kept=False, now=0.0)
    assert found.rate("m", 0.8, 0.0) > 0.5


def test_it_fades_and_a_clock_that_was_set_back_changes_nothing():
    found = counted(0, 10)
    assert found.rate("m", 0.6, HALF_LIFE_S) == pytest.approx(0.6 * 5 / 7.5)
    assert found.rate("m", 0.6, 100 * HALF_LIFE_S) == pytest.approx(0.6)
    assert found.rate("m", 0.6, -HALF_LIFE_S) == pytest.approx(0.3)
    found.add("m", 0.5, kept=True, now=HALF_LIFE_S)
    assert found.rate("m", 0.6, HALF_LIFE_S) == pytest.approx(0.6 * 6 / 8)


def test_it_outlives_the_process():
    found, again = counted(3, 4), Acceptance()
    again.restore(msgspec.json.decode(msgspec.json.encode(found.state())))
    assert again.rate("m", 0.5, 0.0) == found.rate("m", 0.5, 0.0)
    again.clear()
    assert again.rate("m", 0.5) == 0.5


@pytest.mark.parametrize(
    "count", [{"hoped": -1}, {"hoped": math.inf}, {"kept": math.inf}, {"at": math.nan}, {"kept": -1}]
)
def test_impossible_counts_are_refused(count):
    with pytest.raises(ValueError):
        Acceptance().restore({"m": {"hoped": 1.0, "kept": 0.0, "at": 0.0} | count})
