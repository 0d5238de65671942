"""Patterns that are compiled when something is first looked for."""

import re

import pytest

from sampan.understand.late import Late


def test_it_is_the_pattern_from_the_first_use_on(monkeypatch):
    late = Late("a(b)", re.IGNORECASE)
    assert late.pattern == "a(b)"
    assert late.match("AB").group(1) == "B"
    monkeypatch.setattr(re, "compile", None)
    assert late.search("xab").span() == (1, 3)
    assert [each.start() for each in late.finditer("abab")] == [0, 2]
    assert late.fullmatch("abc") is None


def test_nothing_is_compiled_before(monkeypatch):
    monkeypatch.setattr(re, "compile", None)
    assert Late("(").pattern == "("


def test_it_has_nothing_else():
    with pytest.raises(AttributeError):
        Late("a").groups
