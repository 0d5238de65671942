"""Two answers to one question."""

import pytest

from sampan.decide.verify.agreement import agreement


@pytest.mark.parametrize(
    "one,other,share",
    [
        ("3 + 4 = 7. So 7 apples.", "The sum is 7", 1.0),
        ("So 7 apples.", "So 8 apples.", 0.0),
        ("It is 1,000.", "That makes 1000", 1.0),
        ("The answer is B", "Answer: (B)", 1.0),
        ("答案係 C", "答案是 B", 0.0),
        ("A", "(A)", 1.0),
        ("Paris", "paris", 1.0),
        ("The answer is a bird", "The answer is a cat", 4 / 6),
        ("Paris", "Lyon", 0.0),
        ("香港", "香港島", 2 / 3),
        ("...", "...", 1.0),
        ("anything", "", None),
        ("anything", "  ", None),
    ],
)
def test_pairs(one, other, share):
    assert agreement(one, other) == (share if share is None else pytest.approx(share))
