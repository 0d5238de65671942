"""Positives and negatives of `octopus`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.octopus import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("八達通45460502(8)", ["45460502(8)"]),
    ("Octopus 716340909", ["716340909"]),
    ("octopus card no: 12345678-9", ["12345678-9"]),
    ("八達通號碼：12345678", ["12345678"]),
    ("張Octopus 1234 5678 (9) 唔見咗", ["1234 5678 (9)"]),
    ("45460502呢張八達通", ["45460502"]),
    ("我八達通嘅號碼係12345678（0）", ["12345678（0）"]),
    ("Octopus add value 500", []),
    ("八達通電話 22662222", []),
    ("45460502(8)", []),
    ("八達通，卡號12345678", ["12345678"]),
    ("card no. 34567890 (Octopus)", ["34567890"]),
    ("八達通拍咗12次", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
