"""Positives and negatives of `tw_id`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.tw_id import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("A123456789", ["A123456789"]),
    ("身分證字號A123456789。", ["A123456789"]),
    ("a123456789", ["a123456789"]),
    ("身分證字號 A123456788", ["A123456788"]),
    ("居留證 A800000014", ["A800000014"]),
    ("A123456788", []),
    ("part no A123456789", []),
    ("型號A123456789", []),
    ("XA123456789", []),
    ("A1234567890", []),
    ("A523456789", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
