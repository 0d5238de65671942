"""Periods by the calendar of a place, and a clock that never goes back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.budget import Every
from sampan.decide.calendar import Clock, period_of

HK = "Asia/Hong_Kong"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("every", "moment", "zone", "name", "start", "end"),
    [
        (Every.MONTH, "2026-11-30T15:59:59", HK, "2026-11", "2026-10-31T16:00", "2026-11-30T16:00"),
        (Every.MONTH, "2026-11-30T16:00:00", HK, "2026-12", "2026-11-30T16:00", "2026-12-31T16:00"),
        (Every.MONTH, "2026-11-30T16:00:00", "UTC", "2026-11", "2026-11-01T00:00", "2026-12-01T00:00"),
        (Every.DAY, "2026-02-28T16:00:00", HK, "2026-03-01", "2026-02-28T16:00", "2026-03-01T16:00"),
        (Every.DAY, "2026-03-29T12:00:00", "Europe/London", "2026-03-29", "2026-03-29T00:00", "2026-03-29T23:00"),
        (Every.MINUTE, "1970-01-01T00:01:30", HK, "m000000000001", "1970-01-01T00:01", "1970-01-01T00:02"),
    ],
)
def test_periods(every, moment, zone, name, start, end):
    period = period_of(every, at(moment), zone)
    assert (period.name, period.start, period.end) == (name, at(start), at(end))


@given(
    st.floats(1e8, 4e9), st.sampled_from(Every), st.sampled_from([HK, "UTC", "America/New_York", "Australia/Lord_Howe"])
)
def test_every_moment_is_in_its_period_and_names_are_in_order(moment, every, zone):
    period = period_of(every, moment, zone)
    assert period.start <= moment < period.end
    after = period_of(every, period.end, zone)
    assert after.start == period.end
    assert after.name > period.name


class Hands:
    def __init__(self):
        self.wall, self.steady = 1000.0, 50.0

    def clock(self):
        return Clock(lambda: self.wall, lambda: self.steady)


def test_a_clock_that_is_set_back_goes_on():
    hands = Hands()
    clock = hands.clock()
    hands.wall, hands.steady = 500.0, 60.0
    assert clock.now() == 1010.0
    hands.steady = 70.0
    assert clock.now() == 1020.0
    hands.wall = 1100.0
    assert clock.now() == 1100.0


def test_sleep_and_a_clock_set_forward_are_followed():
    hands = Hands()
    clock = hands.clock()
    hands.wall = 9000.0
    assert clock.now() == 9000.0
    hands.wall, hands.steady = 1001.0, 51.0
    assert clock.now() == 9001.0


def test_it_goes_on_from_what_was_seen_before():
    hands = Hands()
    clock = hands.clock()
    clock.not_before(2000.0)
    assert clock.now() == 2000.0
    clock.not_before(5.0)
    assert clock.now() == 2000.0


@given(st.lists(st.tuples(st.floats(0, 1e10), st.floats(0, 1e5)), max_size=30))
def test_it_never_goes_back(moves):
    hands = Hands()
    clock, last = hands.clock(), 0.0
    for wall, step in moves:
        hands.wall, hands.steady = wall, hands.steady + step
        now = clock.now()
        assert now >= max(wall, last + step if last else 0.0) - 1e-3
        last = now
