"""Positives and negatives of `ssn`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.ssn import RECOGNISER

TABLE = [
    ("123-45-6789", ["123-45-6789"]),
    ("SSN 123-45-6789.", ["123-45-6789"]),
    ("ssn: 123 45 6789", ["123 45 6789"]),
    ("social security number 123456789", ["123456789"]),
    ("１２３－４５－６７８９", ["１２３－４５－６７８９"]),
    ("AB123456C", ["AB123456C"]),
    ("AB 12 34 56 C", ["AB 12 34 56 C"]),
    ("000-45-6789", []),
    ("666-45-6789", []),
    ("923-45-6789", []),
    ("123-00-6789", []),
    ("123-45-0000", []),
    ("123 45 6789", []),
    ("123456789", []),
    ("1-123-45-6789", []),
    ("GB123456C", []),
    ("AB123456E", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
