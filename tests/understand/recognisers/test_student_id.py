"""Positives and negatives of `student_id`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.student_id import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("學生(20123456)", ["20123456"]),
    ("matric no. U1234567A", ["U1234567A"]),
    ("我學號尾四位係 7734，成個係1155187734", ["1155187734"]),
    ("見附件(20123456)", []),
    ("my student id is 20198812", ["20198812"]),
    ("library card, UID 3035881207", ["3035881207"]),
    ("學號：s1234567", ["s1234567"]),
    ("學號1155179036", ["1155179036"]),
    ("Student ID: 20123456", ["20123456"]),
    ("student no. 20123456D", ["20123456D"]),
    ("studentId: 3035123456", ["3035123456"]),
    ("SID 1155123456", ["1155123456"]),
    ("學生證s2204815唔見咗", ["s2204815"]),
    ("我學號係 12345678", ["12345678"]),
    ("s1234567（學號）", ["s1234567"]),
    ("student s1234567 handed in late", ["s1234567"]),
    ("學生編號 2021-0034", ["2021-0034"]),
    ("student_no\tname\n20123456\tA\n20123457\tB\n", ["20123456", "20123457"]),
    ("董柏言（s5802093，28/05/1981）申請休學一年。", ["s5802093"]),
    ("students 20123456", []),
    ("there are 20123 students", []),
    ("s1234567", []),
    ("學生電話 91234567", []),
    ("學生 91234567", []),
    ("student union, tel 2609 7000", []),
    ("學號未有，訂單 12345678", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
