"""Positives and negatives of `ip`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.ip import RECOGNISER

TABLE = [
    ("router at 192.168.0.1", []),
    ("route 10.20.0.0/16", []),
    ("Chrome/124.0.0.0", []),
    ("upgraded from 4.2.1.0 to 4.3.0.1", []),
    ("host 10.4.3.118", ["10.4.3.118"]),
    ("server 10.0.0.5/24", ["10.0.0.5"]),
    ("203.0.113.7", ["203.0.113.7"]),
    ("from 192.168.1.20:8080", ["192.168.1.20"]),
    ("伺服器10.0.0.1壞咗", ["10.0.0.1"]),
    ("２０３．０．１１３．７", ["２０３．０．１１３．７"]),
    ("2001:db8:abcd::1", ["2001:db8:abcd::1"]),
    ("fe80::1ff:fe23:4567:890a", ["fe80::1ff:fe23:4567:890a"]),
    ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", ["2001:0db8:85a3:0000:0000:8a2e:0370:7334"]),
    ("::ffff:203.0.113.7", ["203.0.113.7"]),
    ("127.0.0.1", []),
    ("0.0.0.0", []),
    ("255.255.255.0", []),
    ("::1", []),
    ("version 1.2.3.4", []),
    ("v1.2.3.4", []),
    ("numpy==1.2.3.4", []),
    ("1.2.3", []),
    ("1.2.3.4.5", []),
    ("256.1.1.1", []),
    ("12:34:56", []),
    ("std::vec", []),
    ("d::e", []),
    ("2024-11-23T14:40:00", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
