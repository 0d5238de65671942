"""Positives and negatives of `org`, without the tagger."""

import time

import pytest

from sampan.understand.recognisers.org import RECOGNISER

TABLE = [
    ("喺順興貿易有限公司返工", ["順興貿易有限公司"]),
    ("天衡工程(香港)有限公司", ["天衡工程(香港)有限公司"]),
    ("我去滙豐銀行開戶", ["滙豐銀行"]),
    ("汇丰银行", ["汇丰银行"]),
    ("瑪麗醫院覆診", ["瑪麗醫院"]),
    ("HSBC and MTR", ["HSBC", "MTR"]),
    ("Golden Harbour Trading Limited said", ["Golden Harbour Trading Limited"]),
    ("Marlowe & Fok LLP", ["Marlowe & Fok LLP"]),
    ("a limited offer", []),
    ("有限公司", []),
    ("HSBCX", []),
    ("the company", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    found = RECOGNISER.find(text)
    assert [each.text for each in found] == expected
    assert all(text[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize("piece", ["香港", "A ", "Aa & ", "有限", "Limited "])
def test_takes_time_in_proportion(piece):
    text = piece * 20_000
    started = time.perf_counter()
    RECOGNISER.find(text)
    assert time.perf_counter() - started < 5
