"""Each acceptance point of the web app names tests that exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
TEXT = (TESTS / "e2e" / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)


def test_all_twelve_points_are_there():
    rows = re.findall(r"^\| (\d+) \|.*`[\w/]+\.py::", TEXT, re.MULTILINE)
    assert [int(row) for row in rows] == list(range(1, 13))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=str)
def test_a_named_test_is_there(path, name):
    assert re.search(rf"^(?:async )?(?:def|class) {name}\b", (TESTS / path).read_text(encoding="utf-8"), re.MULTILINE)
