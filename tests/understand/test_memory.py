"""Memory that was needed once."""

import ctypes

from sampan.understand.memory import give_back


def test_freed_memory_is_handed_back(monkeypatch):
    asked = []

    class Library:
        def __init__(self, _name):
            self.malloc_trim = asked.append

    monkeypatch.setattr(ctypes, "CDLL", Library)
    give_back()
    assert asked == [0]


def test_a_c_library_that_keeps_nothing_is_not_asked(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    give_back()
