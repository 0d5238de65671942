"""Positives and negatives of `hkid`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.hkid import RECOGNISER, check_character

TABLE = [
    ("身份證 A123456 / 3", ["A123456 / 3"]),
    ("身份證: A123456", ["A123456"]),
    ("身份證頭三個字係A12", []),
    ("門診編號：QE23-00917，帶身份證", []),
    ("請填身份證號碼，例如A123456(7)", []),
    ("身份證號碼A123456(7)", ["A123456(7)"]),
    ("A123456(3)", ["A123456(3)"]),
    ("HKID: A123456(3).", ["A123456(3)"]),
    ("身份證A123456(3)係佢", ["A123456(3)"]),
    ("A123456（3）", ["A123456（3）"]),
    ("Ａ１２３４５６（３）", ["Ａ１２３４５６（３）"]),
    ("A1234563", ["A1234563"]),
    ("a123456(3)", ["a123456(3)"]),
    ("A 123456 (3)", ["A 123456 (3)"]),
    ("A-123456-3 is my HKID", ["A-123456-3"]),
    ("A 123 456 (3)", ["A 123 456 (3)"]),
    ("Ａ\u200b123456(3)", ["Ａ\u200b123456(3)"]),
    ("А123456(3)", ["А123456(3)"]),  # a Cyrillic А
    ("AB987654(3)", ["AB987654(3)"]),
    ("HKIDA123456(3)", ["A123456(3)"]),
    ("A123456[3]", ["A123456[3]"]),
    ("C668668(E)", []),
    ("my HKID is A123456(4)", ["A123456(4)"]),
    ("身份證號碼 A123456(7)", ["A123456(7)"]),
    ("A123456(4)", []),
    ("product A123456-4", []),
    ("XA123456(3)4", []),
    ("QA123456(3)", []),
    ("in 202411 2 people", []),
    ("A12345(3)", []),
    ("A1234567(3)", []),
    ("commit a1234563f", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected


@pytest.mark.parametrize(
    ("letters", "digits", "check"), [("A", "123456", "3"), ("AB", "987654", "3"), ("G", "123456", "A")]
)
def test_check_character(letters, digits, check):
    assert check_character(letters, digits) == check
