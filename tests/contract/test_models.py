"""Models that another machine runs in truth."""

import pytest

from sampan.contract.models import forwards_to_cloud


@pytest.mark.parametrize(
    ("name", "forwards"),
    [
        ("gpt-oss:120b-cloud", True),
        ("Kimi-K2:Cloud", True),
        ("qwen2.5:0.5b", False),
        ("cloud", False),
        ("cloud-7b", False),
        ("nimbus-cloudy", False),
        ("", False),
    ],
)
def test_names_that_say_so(name, forwards):
    assert forwards_to_cloud(name) is forwards
