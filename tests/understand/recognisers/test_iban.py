"""Positives and negatives of `iban`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.iban import RECOGNISER

TABLE = [
    ("DE89370400440532013000", ["DE89370400440532013000"]),
    ("DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"]),
    ("GB82WEST12345698765432.", ["GB82WEST12345698765432"]),
    ("戶口FR1420041010050500013M02606喎", ["FR1420041010050500013M02606"]),
    ("gb82 west 1234 5698 7654 32", ["gb82 west 1234 5698 7654 32"]),
    ("NL91ABNA0417164300 and more", ["NL91ABNA0417164300"]),
    ("NO9386011117947", ["NO9386011117947"]),
    ("DE89370400440532013001", []),
    ("XX89370400440532013000", []),
    ("DE8937040044053201300", []),
    ("DE893704004405320130000", []),
    ("ADE89370400440532013000", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
