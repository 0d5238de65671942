"""Positives and negatives of `address`, without the tagger."""

import time

import pytest

from sampan.understand.recognisers.address import RECOGNISER

TABLE = [
    ("長沙灣幸福邨幸智樓605，", ["長沙灣幸福邨幸智樓605"]),
    ("畢架山花園10號屋", ["畢架山花園10號屋"]),
    ("广东省广州市天河区体育西路191号中石化大厦B塔2801", ["广东省广州市天河区体育西路191号中石化大厦B塔2801"]),
    ("寄到深圳市南山区科苑路15号B栋4单元802", ["深圳市南山区科苑路15号B栋4单元802"]),
    ("中環郵政總局信箱12045號", ["中環郵政總局信箱12045號"]),
    ("P.O. Box 80417, Cheung Sha Wan Post Office", ["P.O. Box 80417, Cheung Sha Wan Post Office"]),
    ("元朗鳳攸北街23號對開", ["元朗鳳攸北街23號"]),
    ("會議室：三樓302室", []),
    ("三號線", []),
    ("住新界青衣長安邨安江樓2506室", ["新界青衣長安邨安江樓2506室"]),
    ("香港西營盤第三街102號地下", ["香港西營盤第三街102號地下"]),
    ("送去太古城12座8樓B室呀", ["太古城12座8樓B室"]),
    ("彌敦道688號15樓", ["彌敦道688號15樓"]),
    ("弥敦道688号15楼", ["弥敦道688号15楼"]),
    ("我住12座5樓B室", ["12座5樓B室"]),
    ("Flat 21D, 5 Mosque Street, Central are", ["Flat 21D, 5 Mosque Street, Central"]),
    ("Room 618, Yau Oi Estate Oi Lai House, Tuen Mun next", ["Room 618, Yau Oi Estate Oi Lai House, Tuen Mun"]),
    ("Flat A, 12/F, Tower 3\nCity Garden\nNorth Point", ["Flat A, 12/F, Tower 3\nCity Garden\nNorth Point"]),
    ("3/F, 45 Peel Street, Central", ["3/F, 45 Peel Street, Central"]),
    ("3樓", []),
    ("喺3樓 3/F 等", []),
    ("旺角", []),
    ("彌敦道", []),
    ("太古城好大", []),
    ("Nathan Road", []),
    ("Meet on 3/F", []),
    ("Room 12", []),
    ("A座", []),
    ("第3期", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    found = RECOGNISER.find(text)
    assert [each.text for each in found] == expected
    assert all(text[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize("piece", ["香港", "12座", "Flat 1, ", "一", "A ", "1/F ", "Aa "])
def test_takes_time_in_proportion(piece):
    text = piece * 20_000
    started = time.perf_counter()
    RECOGNISER.find(text)
    assert time.perf_counter() - started < 5
