"""Positives and negatives of `cn_id`."""

import pytest

from sampan.understand.detector import Detector
from sampan.understand.recognisers.cn_id import RECOGNISER

TABLE = [
    ("11010519491231002X", ["11010519491231002X"]),
    ("11010519491231002x", ["11010519491231002x"]),
    ("身份证110101199003077758。", ["110101199003077758"]),
    ("110101 19900307 7758", ["110101 19900307 7758"]),
    ("１１０１０１１９９００３０７７７５８", ["１１０１０１１９９００３０７７７５８"]),
    ("身份证 110101199003077751", ["110101199003077751"]),
    ("110101199003077751", []),
    ("110101199013077758", []),
    ("1101011990030777581", []),
    ("a110101199003077758", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [each.text for each in Detector([RECOGNISER]).detect(text)] == expected
