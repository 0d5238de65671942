"""Names in a row with a person."""

import pytest

from sampan.contract.labels import Finding, Kind
from sampan.understand.name_rows import beside

TABLE = [
    ("請找張敏儀、王海簽收", "張敏儀", ["王海"]),
    ("琴日少芬同志偉兩個嗌交", "少芬", ["志偉"]),
    ("1.石磊 2.倪雪 3.農有福", "石磊", ["倪雪", "農有福"]),
    ("楊子謙、柴宇軒、戎詩雅。", "柴宇軒", ["楊子謙", "戎詩雅"]),
    ("陳大文同大家講", "陳大文", []),
    ("陳大文、公司、電話", "陳大文", []),
    ("陳大文，溫馨提示", "陳大文", []),
    ("陳大文及其家人", "陳大文", []),
]


@pytest.mark.parametrize(("text", "name", "expected"), TABLE)
def test_who_stands_beside(text, name, expected):
    start = text.index(name)
    found = beside(text, [Finding(start, start + len(name), Kind.PERSON, 0.9, name)])
    assert sorted(each.text for each in found) == sorted(expected)
    assert all(text[each.start : each.end] == each.text for each in found)


def test_nothing_beside_nobody():
    assert beside("北京、上海", [Finding(0, 2, Kind.ORG, 0.9, "北京")]) == []


def test_a_long_row_ends():
    text = "、".join(["陳大文"] * 500)
    assert len(beside(text, [Finding(0, 3, Kind.PERSON, 0.9, "陳大文")])) <= 41
