import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.speed import UNMEASURED, Speed
from sampan.decide.pace import WINDOW, Paces


def fed(paces, name, *seconds):
    for each in seconds:
        paces.first(name, each)
    return paces


def test_median_and_the_late_ones_of_a_window():
    paces = Paces(0.9)
    assert paces.of("m") is UNMEASURED
    fed(paces, "m", *range(1, 11))
    assert paces.of("m") == Speed(6, 10, 0.0, 10)
    fed(paces, "m", *[0.5] * WINDOW)
    assert paces.of("m") == Speed(0.5, 0.5, 0.0, WINDOW)
    assert paces.of("other") is UNMEASURED


def test_what_is_late_can_be_set_anew():
    paces = fed(Paces(0.5), "m", *range(1, 11))
    assert paces.of("m").late_s == 6
    paces.late_from(1.0)
    assert paces.of("m").late_s == 10


def test_speed_is_a_moving_mean_of_answers_that_ended():
    paces = Paces()
    for seconds, tokens in ((2.0, 100), (1.0, 100), (1.0, 0), (1.0, 3)):
        paces.began("m")
        paces.ended("m", seconds, tokens)
    assert paces.of("m").tokens_s == pytest.approx(50 + 0.1 * 50)


def test_waiting_is_what_stands_before_in_the_slots():
    paces = Paces(slots=lambda name: 2 if name == "here" else 0)
    for name in ("here", "far"):
        paces.began(name)
        paces.ended(name, 4.0, 100)
    for _ in range(3):
        paces.began("here")
        paces.began("far")
    assert paces.of("here").waiting_s == pytest.approx(2 * 4.0 / 2)
    assert paces.of("far").waiting_s == 0.0
    for _ in range(2):
        paces.ended("here", 1.0, 0)
    assert paces.of("here").waiting_s == 0.0
    for _ in range(5):
        paces.ended("here", 1.0, 0)
    assert paces.of("here").waiting_s == 0.0


def test_who_gives_up_late_says_something_and_who_gives_up_soon_does_not():
    paces = fed(Paces(0.5), "m", 1.0, 1.0, 1.0)
    paces.abandoned("m", 0.2)
    assert paces.of("m").seen == 3
    paces.abandoned("m", 5.0)
    assert paces.of("m").seen == 4
    paces.abandoned("unknown", 5.0)
    assert paces.of("unknown") == UNMEASURED


@given(st.lists(st.floats()), st.lists(st.tuples(st.floats(), st.integers(0, 10**6))))
def test_nothing_broken_is_measured(firsts, answers):
    paces = fed(Paces(), "m", *firsts)
    for seconds, tokens in answers:
        paces.began("m")
        paces.ended("m", seconds, tokens)
    assert all(math.isfinite(value) and value >= 0 for value in msgspec.structs.astuple(paces.of("m")))


def test_it_outlives_the_process():
    paces = fed(Paces(), "m", 1.0, 2.0, 3.0)
    paces.began("m")
    paces.ended("m", 2.0, 100)
    again = Paces()
    again.restore(msgspec.json.decode(msgspec.json.encode(paces.state())))
    assert again.of("m") == paces.of("m")
    paces.forget()
    assert paces.of("m") == Speed()


@pytest.mark.parametrize("state", [[], {"m": 3}, {"m": {"firsts": "x"}}, 7])
def test_what_cannot_be_read_changes_nothing(state):
    paces = fed(Paces(), "m", 1.0)
    with pytest.raises(msgspec.ValidationError):
        paces.restore(state)
    assert paces.of("m").seen == 1
    paces.restore({"m": {"firsts": [-1.0, 1e99, 2.0], "tokens_s": -3.0}})
    assert paces.of("m") == Speed(2.0, 2.0, 0.0, 1)


def test_short_answers_of_lately_are_counted_by_their_whole_time():
    clock = [0.0]
    paces = Paces(now=lambda: clock[0])
    for seconds, tokens in ((9.0, 10), (2.0, 10), (3.0, 96), (50.0, 97), (-1.0, 5), (math.nan, 5), (1.0, 0)):
        paces.whole("m", seconds, tokens)
    assert paces.of("m").brief_s == 3.0
    clock[0] = 901.0
    assert paces.of("m").brief_s == 0.0, "a device that was busy is tried again"
    paces.whole("m", 1.0, 10)
    assert paces.of("m").brief_s == 0.0, "one alone says little"
    paces.whole("m", 1.0, 10)
    assert paces.of("m").brief_s == 1.0
    paces.forget()
    assert paces.of("m").brief_s == 0.0
