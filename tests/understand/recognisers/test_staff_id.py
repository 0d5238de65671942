"""Positives and negatives of `staff_id`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.staff_id import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("Emp. No. 004417", ["004417"]),
    ("教師註冊編號 T041827", ["T041827"]),
    ("staff no. 4471", ["4471"]),
    ("員工編號：A00123", ["A00123"]),
    ("職員編號 E-10234", ["E-10234"]),
    ("Employee ID: EMP-00123", ["EMP-00123"]),
    ("僱員編號00123", ["00123"]),
    ("工號 88123", ["88123"]),
    ("emp id = 100234", ["100234"]),
    ("staff EMP10234 resigned", ["EMP10234"]),
    ("employeeNo: 'HK-1023'", ["HK-1023"]),
    ("100234（員工編號）", ["100234"]),
    ("職員證 T12345", ["T12345"]),
    ("500 staff", []),
    ("staff of 1200 people", []),
    ("employee handbook 2026", []),
    ("staff meeting room 301", []),
    ("員工旅行 2026", []),
    ("staff no. 12", []),
    ("EMP10234", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
