"""Answers that stop before their end."""

import pytest

from sampan.decide.verify.truncation import truncated

LONG = "The council decided that the park should be open on every day of the week, and that the "


@pytest.mark.parametrize(
    "answer,finish,limited,told",
    [
        ("Done.", "length", False, 1.0),
        ("Done.", "length", True, 0.0),
        ("```python\nx = 1\n", "stop", False, 1.0),
        ("```python\nx = 1\n```", "stop", False, 0.0),
        (LONG * 3 + "museum, and", "stop", False, 0.5),
        ("首先要準備好申請文件，然後去入境處遞交的", "stop", False, 0.5),
        ("The total is 3 +", "stop", False, 0.5),
        ("He went to the", "stop", False, 0.5),
        ("So they had 36 + 50 (and then 12", "stop", False, 0.5),
        ("So they had <<36+50=86>>86 (and 12).", "stop", False, 0.0),
        ("42", "stop", False, 0.0),
        ("Hong Kong", "stop", False, 0.0),
        ("呢個係答案", "stop", False, 0.0),
        ("", "stop", False, 0.0),
        (LONG * 3 + "museum is closed.", "stop", False, 0.0),
        (
            "Steps to take before the move:\n\n" + "- pack every box with care and label it clearly\n" * 6,
            "stop",
            False,
            0.0,
        ),
        ("所有申請人必須出示身份證明文件。" * 10, "stop", False, 0.0),
    ],
)
def test_what_is_cut(answer, finish, limited, told):
    assert truncated(answer, finish, limited=limited) == told
