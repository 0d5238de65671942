"""Positives and negatives of `lookalike`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.lookalike import RECOGNISER

TABLE = [
    ("[PERSON_1]", ["[PERSON_1]"]),
    ("[ person_1 ]", ["[ person_1 ]"]),
    ("［PERSON_1］", ["［PERSON_1］"]),
    ("【HKID_2】", ["【HKID_2】"]),
    (r"[PERSON\_1]", [r"[PERSON\_1]"]),
    (r"\[CREDIT\_CARD\_12\]", [r"[CREDIT\_CARD\_12\]"]),
    ("[credit card 3]", ["[credit card 3]"]),
    ("[Phone-4]", ["[Phone-4]"]),
    ("[ＨＫＩＤ＿１]", ["[ＨＫＩＤ＿１]"]),
    ("[PER\u200bSON_1]", ["[PER\u200bSON_1]"]),
    ("[LOOKALIKE_1]", ["[LOOKALIKE_1]"]),
    ("PERSON_1", []),
    ("[PERSON]", []),
    ("[PLACE_1]", []),
    ("[x](y)", []),
    ("person 1", []),
    ("a[phone]", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
