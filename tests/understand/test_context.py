"""Words near a number."""

import pytest

from sampan.understand.context import Words, beside, meaning
from sampan.understand.normalise import SEPARATOR

WORDS = Words("phone, phone no", "電話", against=("order no, id", "訂單"))
TABLE = [
    ("phone 1", 1),
    ("Phone-No: 1", 1),
    ("phones 1", 1),
    ("電話1", 1),
    ("order_no 1", -1),
    ("訂單1", -1),
    ("phone, order no 1", -1),
    ("order no, phone 1", 1),
    ("headphone 1", 0),
    ("idle 1", 0),
    ("1 (phone)", 1),
    (f"phone{SEPARATOR}1", 0),
    (f"1{SEPARATOR}phone", 0),
    ("phone" + " " * 40 + "1", 0),
    ("1", 0),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_the_nearest_word_decides(text, expected):
    at = text.index("1")
    assert meaning(text, (at, at + 1), WORDS) == expected
    assert beside(text, (at, at + 1), WORDS) is (expected > 0)
