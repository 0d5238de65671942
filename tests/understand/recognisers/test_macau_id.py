"""Positives and negatives of `macau_id`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.macau_id import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("澳門居民身份證 BIR\n姓名 施嘉欣\n編號 1528830(4)", ["1528830(4)"]),
    ("編號 1528830(4)", []),
    ("澳門身份證 1234567(8)", ["1234567(8)"]),
    ("澳門居民身份證號碼：5/123456/7", ["5/123456/7"]),
    ("Macau ID 12345678", ["12345678"]),
    ("BIR no. 7123456(0)", ["7123456(0)"]),
    ("Macao resident identity card 1234567（8）", ["1234567（8）"]),
    ("1234567(8)", []),
    ("澳門酒店訂單 12345678", []),
    ("Macau ID 92345678", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
