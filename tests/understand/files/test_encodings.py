"""Bytes as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.understand.files.encodings import decoded

TEXT = "客戶陳大文，身份證號碼 A123456(3)，電話 9123 4567。請於星期三前回覆，多謝。"
SIMPLE = "客户陈大文，身份证号码 A123456(3)，电话 9123 4567。请于星期三前回复，谢谢。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5hkscs"])
def test_traditional(encoding):
    text = f"Dear all, {TEXT}"
    assert text in decoded(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk"])
def test_simplified(encoding):
    assert SIMPLE in decoded(SIMPLE.encode(encoding))


def test_western():
    assert decoded("naïve café".encode("cp1252"))[0] == "naïve café"


def test_a_hint_is_tried_first():
    assert decoded(TEXT.encode("big5"), "big5") == (TEXT,)
    assert decoded(TEXT.encode(), "no-such-thing") == (TEXT,)


@pytest.mark.parametrize("data", [b"\0\1\2\3", b"abc\x00def", b"\x1b\x02", bytes(range(256)), b"\xff\xfe\x00"])
def test_no_text(data):
    assert decoded(data) is None


def test_nothing():
    assert decoded(b"") == ("",)


@given(st.binary(max_size=200))
def test_never_raises(data):
    found = decoded(data)
    assert found is None or all(isinstance(text, str) for text in found)
