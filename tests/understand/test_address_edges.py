"""Addresses: where they end, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Finding, Kind
from sampan.understand.address_edges import grown, is_address, settled

EDGES = [
    ("大角咀埃華街72號地舖，終點", "埃華街72號", "大角咀埃華街72號地舖"),
    ("美映樓G12有冇", "美映樓", "美映樓G12"),
    ("幸智樓605，", "幸智樓", "幸智樓605"),
    ("「匯景花園5座7樓D」", "匯景花園5座7樓D」", "匯景花園5座7樓D"),
    ("大廈B塔2801，收", "大廈B塔", "大廈B塔2801"),
    ("Wah Chui House, Rm 904. Recipient", "Wah Chui House", "Wah Chui House, Rm 904"),
    ("Tower 2, 38 Tai Hong Street, Sai Wan Ho, call", "Tower 2, 38 Tai Hong Street", "Tower 2, 38 Tai Hong Street, Sai Wan Ho"),
    ("12 High Street\nKowloon\nDear", "12 High Street", "12 High Street\nKowloon"),
    ("長安樓8樓 98765432", "長安樓8樓", "長安樓8樓"),
    ("住The Parkside 2A座31樓F室", "2A座31樓F室", "The Parkside 2A座31樓F室"),
    ("去Hang Sing Mansion 17B", "Hang Sing Mansion", "Hang Sing Mansion 17B"),
    ("住翠屏北邨（翠樟樓8室）", "翠樟樓8室", "翠屏北邨（翠樟樓8室"),
    ("埃華街72號舖3號，", "埃華街72號", "埃華街72號舖3號"),
    ("長安樓2025年", "長安樓", "長安樓"),
    ("天井 (C座)18樓", "天井 (C座)", "天井 (C座)18樓"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "inside", "expected"), EDGES)
def test_edges(text, inside, expected):
    start = text.index(inside)
    assert text[slice(*grown(text, start, start + len(inside)))] == expected


NONE = [
    ("會議室開放：三樓302室", "三樓302室", 0.9),
    ("地點35/F大會議室", "35/F大會議室", 0.5),
    ("梅\tMai\t4B\t5617", "梅\tMai\t4B\t5617", 0.3),
    ("Salamat po", "Salamat po", 0.1),
]


@pytest.mark.parametrize(("text", "inside", "score"), NONE)
def test_what_is_none(text, inside, score):
    start = text.index(inside)
    assert not is_address(text, Finding(start, start + len(inside), Kind.ADDRESS, score, inside))


def test_a_flat_is_one_and_others_stay():
    found = [Finding(2, 7, Kind.ADDRESS, 0.8, "12樓A室"), Finding(0, 1, Kind.PERSON, 0.8, "我")]
    assert settled("我住12樓A室呀", found) == found


@given(st.text(max_size=60), st.data())
def test_any_span_of_any_text(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    low, high = grown(text, start, end)
    assert 0 <= low <= start < high <= len(text)
