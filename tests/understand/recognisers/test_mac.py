"""Positives and negatives of `mac`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.mac import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("00:1A:2B:3C:4D:5E", ["00:1A:2B:3C:4D:5E"]),
    ("mac 00-1a-2b-3c-4d-5e。", ["00-1a-2b-3c-4d-5e"]),
    ("001a.2b3c.4d5e", ["001a.2b3c.4d5e"]),
    ("00:00:00:00:00:00", []),
    ("ff:ff:ff:ff:ff:ff", []),
    ("12:34:56", []),
    ("00:1A:2B:3C:4D:5E:6F", []),
    ("1234.5678.9012", []),
    ("00:1A-2B:3C:4D:5E", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
