"""Patterns that are compiled when something is first looked for."""

import re

import pytest

from sampan.understand.late import late


def test_it_is_the_pattern_from_the_first_use_on(monkeypatch):
    pattern = late("a(b)", re.IGNORECASE)
    assert pattern.pattern == "a(b)"
    assert pattern.match("AB").group(1) == "B"
    monkeypatch.setattr(re, "compile", None)
    assert pattern.search("xab").span() == (1, 3)
    assert [each.start() for each in pattern.finditer("abab")] == [0, 2]
    assert pattern.fullmatch("abc") is None


def test_nothing_is_compiled_before(monkeypatch):
    monkeypatch.setattr(re, "compile", None)
    assert late("(").pattern == "("


def test_it_has_nothing_else():
    with pytest.raises(AttributeError):
        late("a").groups
