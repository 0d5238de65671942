"""Positives and negatives of `email`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.email import RECOGNISER

TABLE = [
    ("amber.birch1234@example.org", ["amber.birch1234@example.org"]),
    ("電郵chan@example.com.hk今日", ["chan@example.com.hk"]),
    ("<Chan.Tai+Man@mail.example.org>,", ["Chan.Tai+Man@mail.example.org"]),
    ("ｃｈａｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", ["ｃｈａｎ＠ｅｘａｍｐｌｅ．ｃｏｍ"]),
    ("chan @ example.com", ["chan @ example.com"]),
    ("mail a@b.co.", ["a@b.co"]),
    ("o'neil_x@example.ie", ["o'neil_x@example.ie"]),
    ("root@[192.168.1.9]", ["root@[192.168.1.9]"]),
    ("a@b.com,c@d.org", ["a@b.com", "c@d.org"]),
    ("git@github.com:owner/name", []),
    ("logo@2x.png", []),
    ("@decorator", []),
    ("user@host", []),
    ("pip install x@1.2.3", []),
    ("@types/node", []),
    ("meet @ 5.30", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
