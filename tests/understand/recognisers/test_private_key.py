"""Positives and negatives of `private_key`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.private_key import RECOGNISER

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"
TABLE = [
    (KEY, [KEY]),
    (f"see {KEY} thanks", [KEY]),
    (KEY.replace("\n", "\\n"), [KEY.replace("\n", "\\n")]),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk", ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk"]),
    (f"{KEY}\n{KEY}", [KEY, KEY]),
    ("-----BEGIN CERTIFICATE-----\nMIIEow\n-----END CERTIFICATE-----", []),
    ("-----BEGIN PUBLIC KEY-----", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
