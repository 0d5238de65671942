"""Positives and negatives of `home_return_permit`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.home_return_permit import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("港澳居民來往內地通行證\n姓名 明慧珊\n證件號碼 H08827361", ["H08827361"]),
    ("型號 H08827361", []),
    ("回鄉證號碼H12345678", ["H12345678"]),
    ("回鄉證：H1234567801", ["H1234567801"]),
    ("home return permit M12345678", ["M12345678"]),
    ("HRP no. H12345678", ["H12345678"]),
    ("台胞證 12345678", ["12345678"]),
    ("港澳居民來往內地通行證號碼：H12345678", ["H12345678"]),
    ("往來港澳通行證 C12345678", ["C12345678"]),
    ("H12345678（回鄉證）", ["H12345678"]),
    ("回乡证 h12345678", ["h12345678"]),
    ("回鄉證 H1234 5678", ["H1234 5678"]),
    ("H12345678", []),
    ("回鄉證 91 日後到期", []),
    ("回鄉證換咗，電話 91234567", []),
    ("Home return permit fee: 260", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
