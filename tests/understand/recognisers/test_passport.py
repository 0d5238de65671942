"""Positives and negatives of `passport`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.passport import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("French passport no. 19FV08472", ["19FV08472"]),
    ("PAX 1 CHAN/MAN DOC P/CHN/EJ4482017", ["EJ4482017"]),
    ("國籍：中國 證件 E91827364", ["E91827364"]),
    ("part EJ4482017 in stock", []),
    ("Passport no is 123456789", ["123456789"]),
    ("護照號碼：K12345678", ["K12345678"]),
    ("Passport No. K1234567", ["K1234567"]),
    ("passport no: h12345678", ["h12345678"]),
    ("BNO 護照 123456789", ["123456789"]),
    ("我本護照273382333唔見咗", ["273382333"]),
    ("中國護照 E12345678", ["E12345678"]),
    ("護照EJ1234567", ["EJ1234567"]),
    ("US passport: 512345678", ["512345678"]),
    ("Passport (Philippines) P1234567A", ["P1234567A"]),
    ("passport C01X00T47", ["C01X00T47"]),
    ("K12345678（護照）", ["K12345678"]),
    ("K12345678 is my passport", ["K12345678"]),
    ("'passportNo': 'K12345678'", ["K12345678"]),
    ("passport_number=K12345678", ["K12345678"]),
    ("Passport No.\nK12345678", ["K12345678"]),
    ("護照號碼 Ｋ１２３４５６７８", ["Ｋ１２３４５６７８"]),
    ("passport K12345678, K87654321 and H11112222", ["K12345678", "K87654321", "H11112222"]),
    ("name,passport\nA,K12345678\nB,H87654321\n", ["K12345678", "H87654321"]),
    ("| Name | Passport |\n|---|---|\n| A | K12345678 |\n| B | H87654321 |\n", ["K12345678", "H87654321"]),
    (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"],
    ),
    ("part K12345678 for the pump", []),
    ("K12345678", []),
    ("passport photos are 40 by 50", []),
    ("the passport expired. Order K12345678", []),
    ("護照申請，訂單編號 123456789", []),
    ("passport fee 370 dollars", []),
    ("passport office: tel 123456789", []),
    ("護照 2026-11-23 到期", []),
    ("My passportK12345678x", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
