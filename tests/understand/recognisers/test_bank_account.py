"""Positives and negatives of `bank_account`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.bank_account import RECOGNISER

DETECTOR = Detector([RECOGNISER])
TABLE = [
    ("To A LEE 015-514-68-09127-3", ["015-514-68-09127-3"]),
    ("239-7-015583", ["239-7-015583"]),
    ("渣打447-0-318826-5", ["447-0-318826-5"]),
    ("2025-1-123456", []),
    ("戶口447-620931-668", ["447-620931-668"]),
    ("account 507 229805 771", ["507 229805 771"]),
    ("過數去012-197-4-730967-6", ["012-197-4-730967-6"]),
    ("A/C no. 123-4-567890", ["123-4-567890"]),
    ("final pay to 239-774018-292.", ["239-774018-292"]),
    ("存入036-284-1-097715", ["036-284-1-097715"]),
    ("FPS ID 1234567", ["1234567"]),
    ("轉數快識別碼 123456789", ["123456789"]),
    ("account number: 123456789012", ["123456789012"]),
    ("bank_account='012345678901'", ["012345678901"]),
    ("匯豐戶口 123 456789 001 同 123 456789 838", ["123 456789 001", "123 456789 838"]),
    ("sort code 12-34-56, account 12345678901", ["12-34-56", "12345678901"]),
    ("123-456789-001（匯豐戶口）", ["123-456789-001"]),
    ("HSBC 123-456789-833", ["123-456789-833"]),
    ("中銀 012 875 1 234567 8", []),
    ("銀行轉數快 91234567", []),
    ("account opened in 2019", []),
    ("order 447-620931-668", []),
    ("account balance 12,345,678.00", []),
    ("戶口結餘 1234567.50", []),
    ("account 20261123", []),
    ("my account manager, tel 23456789", []),
    ("單號123-456789-001", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in DETECTOR.detect(text)] == expected
