"""Edges of persons that the tagger found, and what is taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Finding, Kind
from sampan.understand.persons import settled

TABLE = [
    ("請查廖婉玲的紀錄", "查廖婉玲", ["廖婉玲"]),
    ("家長會康樂阿田", "康樂阿田", ["阿田"]),
    ("搵李大律師簽", "李大律", ["李大律師"]),
    ("搵榮師傅", "榮師", ["榮師傅"]),
    ("註明石主任收", "石主任收", ["石主任"]),
    ("慕容雪女士收", "慕容雪女士", ["慕容雪"]),
    ("我係黃太", "黃太", ["黃太"]),
    ("孔明曰天下", "孔明曰", []),
    ("程樂兒曰好", "程樂兒曰", ["程樂兒"]),
    ("我係2E程樂兒媽媽", "2E程樂兒", ["程樂兒"]),
    ("我係3B班嘅", "3B班", []),
    ("叫Ivy姑娘嚟", "Ivy姑娘", ["Ivy姑娘"]),
    ("搵Lucy陳簽", "Lucy陳", ["Lucy陳"]),
    ("YIM Sau Wah 嚴秀華", "YIM Sau Wah 嚴秀華", ["YIM Sau Wah", "嚴秀華"]),
    ("姓名 倫 家 慧", "倫 家 慧", ["倫 家 慧"]),
    ("Chan Sin Sang lei jor mei", "Chan Sin Sang lei jor mei", ["Chan Sin Sang lei"]),
    ("Kuya Boyet called", "Kuya Boyet", ["Boyet"]),
    ("Maria de la Cruz said", "Maria de la Cruz said", ["Maria de la Cruz"]),
    ("KWONG Ho Lam (Alvin)", "KWONG Ho Lam (Alvin", ["KWONG Ho Lam (Alvin)"]),
    ("P-1,Szeto,Wai Kit,1951", "Szeto,Wai Kit", ["Szeto", "Wai Kit"]),
    ("聽住溫馨提示", "溫馨", []),
    ("忘記關水喉", "關水喉", []),
    ("琴日講好", "琴日", []),
    ("職員阿姐叫我", "阿姐", []),
    ("李斯特菌好毒", "李斯特", []),
    ("羅便臣道、堅道", "羅便臣", []),
    ("羅便臣先生", "羅便臣", ["羅便臣"]),
    ("睇《陳夢吉》未", "陳夢吉", []),
    ("Wong Tai Sin, Lok Fu", "Wong Tai Sin", []),
    ("Nelson Street is", "Nelson", []),
    ("a Kelly bag", "Kelly", []),
    ("the Chan family", "Chan", ["Chan"]),
    ("SID: 123", "SID", []),
    ("user cw.lam", "lam", []),
    ("nei ho ma", "nei ho ma", []),
    ("brian mok dropped", "brian mok", ["brian mok"]),
    ("tell ah b now", "ah b", ["ah b"]),
    ("Ma'am Grace", "Ma", []),
]


@pytest.mark.parametrize(("text", "name", "expected"), TABLE)
def test_edges_and_what_stays(text, name, expected):
    start = text.index(name)
    found = settled(text, [Finding(start, start + len(name), Kind.PERSON, 0.7, name)])
    assert [each.text for each in found if each.kind is Kind.PERSON] == expected
    assert all(text[each.start : each.end] == each.text for each in found)


def test_the_name_of_a_society_is_one():
    text = "Heep Hong Society runs"
    found = settled(text, [Finding(0, 17, Kind.PERSON, 0.7, text[:17])])
    assert [(each.kind, each.text) for each in found] == [(Kind.ORG, "Heep Hong Society")]


def test_other_kinds_are_left():
    found = [Finding(0, 2, Kind.ADDRESS, 0.9, "溫馨")]
    assert settled("溫馨", found) == found


@given(st.text(max_size=60), st.data())
def test_any_span_of_any_text(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for each in settled(text, [Finding(start, end, Kind.PERSON, 0.7, text[start:end])]):
        assert 0 <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.text
