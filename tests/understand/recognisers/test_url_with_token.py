"""Positives and negatives of `url_with_token`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.url_with_token import RECOGNISER

TABLE = [
    ("https://h.example/a?access_token=abcdef123", ["https://h.example/a?access_token=abcdef123"]),
    ("睇https://h.example/a?key=abcdef123，得", ["https://h.example/a?key=abcdef123"]),
    ("postgres://user:secret@db.example:5432/x", ["postgres://user:secret@db.example:5432/x"]),
    ("https://b.example/o?X-Amz-Signature=aaaabbbb&x=1.", ["https://b.example/o?X-Amz-Signature=aaaabbbb&x=1"]),
    ("https://h.example/#id_token=abcdef123", ["https://h.example/#id_token=abcdef123"]),
    ("https://h.example/a?page=2&sort=key", []),
    ("https://user@h.example/", []),
    ("https://h.example/a?token=", []),
    ("://nothing?token=abcdef", []),
    ("https://h.example/monkey=abcdefgh", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
