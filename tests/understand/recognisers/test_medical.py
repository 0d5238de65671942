"""Positives and negatives of `medical`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.medical import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("佢確診糖尿病", ["糖尿病"]),
    ("患者有高血壓同哮喘", ["高血壓", "哮喘"]),
    ("The patient has type 2 diabetes.", ["type 2 diabetes"]),
    ("My mum was diagnosed with breast cancer last year", ["breast cancer"]),
    ("陳太患有抑鬱症，要請病假", ["抑鬱症"]),
    ("She is HIV positive", ["HIV positive"]),
    ("阿婆有認知障礙症", ["認知障礙症"]),
    ("Mr Chan suffers from epilepsy", ["epilepsy"]),
    ("我驗出乙型肝炎", ["乙型肝炎"]),
    ("[PERSON_1] was diagnosed with asthma", ["asthma"]),
    ("糖尿病有咩症狀？", []),
    ("What are the symptoms of diabetes?", []),
    ("patients with diabetes should exercise", []),
    ("Research on breast cancer has grown", []),
    ("高血壓嘅成因", []),
    ("write an essay about depression for my class", []),
    ("the great depression", []),
    ("stroke order of a character", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
