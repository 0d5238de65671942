"""Positives and negatives of `business_registration`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.business_registration import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("B.R. 52918846", ["52918846"]),
    ("商業登記41796911-000", ["41796911-000"]),
    ("BR no. 83026674", ["83026674"]),
    ("商業登記證號碼：82866229-000-04-25-6", ["82866229-000-04-25-6"]),
    ("82866229-000-04-25-6", ["82866229-000-04-25-6"]),
    ("company number 1234567", ["1234567"]),
    ("公司編號 12345678", ["12345678"]),
    ("BRN: 12345678 000", ["12345678 000"]),
    ("UBI 12345678", ["12345678"]),
    ("brake no 12345678", []),
    ("12345678-000", []),
    ("商業登記費 2250 元", []),
    ("商業登記署電話 21878088", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
