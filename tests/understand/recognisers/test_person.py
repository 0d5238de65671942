"""Positives and negatives of `person`, without the tagger."""

import pytest

from sampan.understand.recognisers.person import RECOGNISER

TABLE = [
    ("Uncle Wah and Prof Marchetti", ["Wah", "Marchetti"]),
    ("Sabi ng si Ma'am Grace at si Jun-jun po", ["Grace", "Jun-jun"]),
    ("Mrs Fields cookies", []),
    ("貴客盛振邦閣下", ["盛振邦"]),
    ("我係陳生，唔該", ["陳生"]),
    ("搵黃太簽收", ["黃太"]),
    ("歐陽先生你好", ["歐陽先生"]),
    ("曹Sir，林小姐到", ["曹Sir", "林小姐"]),
    ("請陈医生复诊", ["陈医生"]),
    ("阿強，食飯未？", ["阿強"]),
    ("同阿珊 講聲", ["阿珊"]),
    ("姓名：陳大文", ["陳大文"]),
    ("姓名:陳大文", ["陳大文"]),
    ("姓 名:陳 大 文", ["陳 大 文"]),
    ("聯絡人: 李嘉欣 電話", ["李嘉欣"]),
    ("CHAN Tai Man called", ["CHAN Tai Man"]),
    ("Chan Tai-man called", ["Chan Tai-man"]),
    ("Chan, Tai Man", ["Chan, Tai Man"]),
    ("Mr Chan and Dr. Ho Ka Yee", ["Chan", "Ho Ka Yee"]),
    ("Mrs O'Brien is here", ["O'Brien"]),
    ("MR CHAN IS HERE", ["CHAN"]),
    ("高生產力", []),
    ("黃太陽", []),
    ("阿媽，阿里巴巴", []),
    ("先生，唔該", []),
    ("學生要交功課", []),
    ("姓名:不詳", []),
    ("Wong Tai Sin Temple", []),
    ("Sai Wan Ho", []),
    ("Ma Tau Wai Road", []),
    ("Chan Tai", []),
    ("chan_tai_man", []),
    ("mr right", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    found = RECOGNISER.find(text)
    assert [each.text for each in found] == expected
    assert all(text[each.start : each.end] == each.text for each in found)
