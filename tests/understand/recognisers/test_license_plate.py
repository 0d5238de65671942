"""Positives and negatives of `license_plate`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.license_plate import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("車牌好像是粤Z·4T82港", ["粤Z·4T82港"]),
    ("車牌AB1234", ["AB1234"]),
    ("Vehicle KL 5892", ["KL 5892"]),
    ("車牌號碼：ab 1234", ["ab 1234"]),
    ("架Tesla XJ 520喺停車場", ["XJ 520"]),
    ("my car is LV 88", ["LV 88"]),
    ("number plate LOVE U2", ["LOVE U2"]),
    ("的士 TX1234", ["TX1234"]),
    ("license plate: HK 1", ["HK 1"]),
    ("AB1234 呢個車牌", ["AB1234"]),
    ("粵B12345", ["粵B12345"]),
    ("粤Z1234港", ["粤Z1234港"]),
    ("京A·12345", ["京A·12345"]),
    ("plate no. ZZ-9999", ["ZZ-9999"]),
    ("AB 1234 泊咗喺雙黃線，俾人抄牌", ["AB 1234"]),
    ("the driver of RX 8231 ran off", ["RX 8231"]),
    ("AB1234", []),
    ("room AB 123", []),
    ("the car costs 1234", []),
    ("車程 30 分鐘", []),
    ("flight CX 888", []),
    ("my car broke at 10 AM 12 March", []),
    ("停車場 B2 層", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
