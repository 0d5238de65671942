"""Positives and negatives of `medical_record`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.medical_record import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("牙科病歷 D-4471", ["D-4471"]),
    ("UMRN 770021934", ["770021934"]),
    ("診症號碼 SC-11821", ["SC-11821"]),
    ("MRN is 20231187", ["20231187"]),
    ("病歷號HN17502284(1)", ["HN17502284(1)"]),
    ("MRN MRN-55120938", ["MRN-55120938"]),
    ("病歷TWC4302786", ["TWC4302786"]),
    ("病歷AE49315404C", ["AE49315404C"]),
    ("medical record no: 12345678", ["12345678"]),
    ("Patient ID: P0012345", ["P0012345"]),
    ("HN12345678(9)", ["HN12345678(9)"]),
    ("病人編號 123456", ["123456"]),
    ("住院號：2023001234", ["2023001234"]),
    ("patient_id,name\n12345,A\n12346,B\n", ["12345", "12346"]),
    ("medical records from 2019", []),
    ("病歷 2 頁", []),
    ("病人 AE12345678X 今日出院", ["AE12345678X"]),
    ("MRN: 24-00123-7", ["24-00123-7"]),
    ("hospital file no. 2024/003456", ["2024/003456"]),
    ("個案編號 A123456，病人已出院", ["A123456"]),
    ("個案編號 A123456", []),
    ("病歷 2024-03-05 更新", []),
    ("HN123", []),
    ("patient waited 45 minutes", []),
    ("病歷唔見咗，電話 91234567", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
