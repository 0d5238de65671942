"""Why a detector failed, without a word of the text, and how often."""

import pytest

from sampan.understand.failures import Failures, why


def test_reasons_hold_no_value():
    assert why(FileNotFoundError("/home/ann/secret")) == "a file of it is missing"
    assert why(MemoryError()) == "there was no memory for it"
    assert why(ValueError("A123456(3)")) == "it broke (ValueError)"


@pytest.mark.parametrize("name", ["A123456(3)", "陳大文", "E" * 100, "9123 4567"])
def test_a_name_that_is_no_name_of_a_class_is_not_told(name):
    assert why(type(name, (Exception,), {})()) == "it broke"


def test_failures_are_counted():
    failures = Failures()
    failures.note({"tagger": "it broke"})
    failures.note({"tagger": "a file of it is missing", "org": "it broke"})
    listed = failures.listed()
    assert {name: (one["reason"], one["times"]) for name, one in listed.items()} == {
        "tagger": ("a file of it is missing", 2),
        "org": ("it broke", 1),
    }
    assert listed["tagger"]["last"] > 1e9
