"""Identifiers."""

import re
import time

from sampan.contract.ids import _CROCKFORD, new_id


def time_of(made):
    number = 0
    for letter in made.partition("_")[2]:
        number = number * 32 + _CROCKFORD.index(letter)
    return (number >> 80) / 1000


def test_form():
    assert re.fullmatch(r"rcp_[0-7][0-9A-HJKMNP-TV-Z]{25}", new_id("rcp"))


def test_it_holds_the_time_to_the_millisecond():
    before = time.time()
    made = time_of(new_id("x"))
    assert before - 0.001 <= made <= time.time()


def test_sorted_by_time(monkeypatch):
    made = []
    for moment in (1, 255, 1_600_000_000_000, 1_700_000_000_000):
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment * 1_000_000)
        made.append(new_id("x"))
    assert sorted(made) == made


def test_never_twice():
    assert len({new_id("x") for _ in range(10_000)}) == 10_000
