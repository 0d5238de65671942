"""Positives and negatives of `coordinates`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.coordinates import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("22.3193, 114.1694", ["22.3193, 114.1694"]),
    ("喺(22.31930,114.16940)等", ["22.31930,114.16940"]),
    ("lat: 22.3193, lng: 114.1694", ["22.3193", "114.1694"]),
    ('{"latitude": 22.3193, "longitude": 114.1694}', ["22.3193", "114.1694"]),
    ("GPS 22.319,114.169", ["22.319,114.169"]),
    ("座標：22.3193, 114.1694", ["22.3193, 114.1694"]),
    ("22°18'00\"N 114°10'00\"E", ["22°18'00\"N 114°10'00\"E"]),
    ("緯度22.3193", ["22.3193"]),
    ("geo:-33.8568,151.2153", ["-33.8568,151.2153"]),
    ("[0.1234, 0.5678, 0.9012]", []),
    ("12.3456, 23.4567, 34.5678", []),
    ("3.1416", []),
    ("prices 12.50, 13.75", []),
    ("95.1234, 114.1234", []),
    ("22.3193%, 14.1694%", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
