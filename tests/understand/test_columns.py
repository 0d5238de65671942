"""Columns of tables written as text."""

import pytest

from sampan.understand.columns import cells


def below(text, heading):
    place = text.index(heading)
    return [text[start:stop].strip() for start, stop in cells(text, place, place + len(heading))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,no,b\n1,2,3\n4,5,6", ["2", "5"]),
        ("a\tno\tb\n1\t2\t3\n", ["2"]),
        ("| a | no |\n|---|---|\n| 1 | 2 |\n", ["2"]),
        ('"a";"no"\n"1";"2"\n', ['"2"']),
        ("no,a\n1,2\n\n3,4\n", ["1"]),
        ("no,a\n1,2\nprose\n", ["1"]),
        ("no, we do not,\nthink so\n", []),
        ("no\n1\n", []),
        ("no,a", []),
        ("x 2026,no,b\n1,2,3\n", []),
        ("a,no" + "," * 80 + "\n" + "1," * 81 + "\n", []),
        ("INSERT INTO t (a, no, b) VALUES (1, 'x, (y)', 2),\n ('it''s', 5, 6);", ["'x, (y)'", "5"]),
        ('insert into t (`no`) values ("1")', ['"1"']),
        ("INSERT INTO t (a, no) SELECT 1, 2", []),
        ("f(a, no) VALUES (1, 2)", []),
        ("a,no\n" + "1" * 3000 + ",2\n", []),
    ],
)
def test_cells(text, expected):
    assert below(text, "no") == expected
