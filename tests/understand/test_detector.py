"""Findings of one text: offsets, overlaps, encodings, failures."""

import base64
import tracemalloc
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.labels import Finding, Kind
from sampan.understand import Detector, patterns
from sampan.understand.detector import merge
from sampan.understand.normalise import SEPARATOR

DETECTOR = Detector.patterns(["PERSON:陳大文"])
FRAGMENTS = ["A123456(3)", "9123 4567", "chan@example.org", "4111 1111 1111 1111", "[PERSON_1]", "陳大文", "%41", "\u200b",
             "sk-abcdef0123456789AB", "https://h.example/?token=abcdefgh", "\\u0041", "，", " ", "1", "A", "（", "é", "😀", "İ",
             "data:text/plain;base64,QTEyMzQ1NigzKQ==", "\x1e", "護照 K12345678", "passport,",
             "學　號", "s1234567", "\n", "DOB 1990-05-03", "生日",
             "日生", "戶口", "123-456789-001", "八達通", "12345678(0)", "車牌 AB 1234", "粵Z1234港", "pw: Xy12345z", "密碼", "佢有糖尿病",
             "22.3193, 114.1694", "°", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "00:1A:2B:3C:4D:5E",
             "a,b,dob\n1,2,1990-05-03\n", "\ud800", "&#65;", "\x00"]  # fmt: skip


def found(text):
    return [(each.kind.value, each.text) for each in DETECTOR.detect(text)]


def test_the_followed_request():
    text = "幫我用英文覆呢個客：陳大文 (HKID A123456(3)，電話 9123 4567) 想取消6月3號嘅booking。"
    assert found(text) == [("PERSON", "陳大文"), ("HKID", "A123456(3)"), ("PHONE", "9123 4567")]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=14).map("".join))
def test_offsets_are_of_the_original_and_never_overlap(text):
    after = 0
    for each in DETECTOR.detect(text):
        assert each.start >= after
        assert each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.text
        after = each.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%41123456%283%29", [("HKID", "%41123456%283%29")]),
        ("x=%41123456%283%29&y=1", [("HKID", "%41123456%283%29")]),
        (r"\u0041123456(3)", [("HKID", r"\u0041123456(3)")]),
        (r"\x41123456(3)", [("HKID", r"\x41123456(3)")]),
        ("&#65;123456(3)", [("HKID", "&#65;123456(3)")]),
        ("%2541123456(3)", [("HKID", "%2541123456(3)")]),
        ("chan%40example.org", [("EMAIL", "chan%40example.org")]),
        ("%E9%99%B3大文", []),
        ("%E9%99%B3%E5%A4%A7%E6%96%87", [("PERSON", "%E9%99%B3%E5%A4%A7%E6%96%87")]),
        ("data:text/plain;base64,QTEyMzQ1NigzKQ==", [("HKID", "data:text/plain;base64,QTEyMzQ1NigzKQ==")]),
        ("see data:,A123456(3)", [("HKID", "A123456(3)")]),
        ("see data:,%41123456(3)", [("HKID", "%41123456(3)")]),
        ("50% off, 20%20", []),
    ],
)
def test_encoded_values(text, expected):
    assert found(text) == expected


def test_binary_data_urls_are_reported_as_unread():
    assert DETECTOR.report("data:image/png;base64,iVBORw0KGgo=").unread == ("image/png",)
    assert DETECTOR.report("data:text/plain;base64,////").unread == ("text/plain",)
    assert DETECTOR.report("data:text/plain,hello").unread == ()


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 4, Kind.PHONE, 0.7), (5, 9, Kind.EMAIL, 0.9)], [(0, 4, Kind.PHONE), (5, 9, Kind.EMAIL)]),
        ([(0, 6, Kind.PHONE, 0.7), (4, 9, Kind.HKID, 1.0)], [(0, 9, Kind.HKID)]),
        ([(0, 9, Kind.EMAIL, 0.9), (2, 4, Kind.USER_TERM, 0.98)], [(0, 9, Kind.EMAIL)]),
        ([(0, 9, Kind.PHONE, 0.7), (0, 9, Kind.IP, 0.9)], [(0, 9, Kind.IP)]),
        ([(0, 5, Kind.PHONE, 0.7), (4, 8, Kind.IP, 0.9), (7, 10, Kind.SSN, 0.9)], [(0, 10, Kind.SSN)]),
        ([(0, 9, Kind.EMAIL, 0.95), (2, 5, Kind.PASSWORD, 0.8)], [(0, 9, Kind.PASSWORD)]),
        ([(0, 9, Kind.LOOKALIKE, 1.0), (2, 8, Kind.PHONE, 0.7)], [(0, 9, Kind.PHONE)]),
    ],
)
def test_overlaps_keep_everything_covered(spans, expected):
    text = "0123456789"
    settled = merge(text, [Finding(a, b, kind, score, text[a:b]) for a, b, kind, score in spans])
    assert [(each.start, each.end, each.kind) for each in settled] == expected


class Broken:
    name, version = "broken", "1"

    def find(self, text):
        raise RuntimeError("no")


class Teapots:
    name, version = "teapots", "2.1"

    def find(self, text):
        at = text.find("teapot")
        return [] if at < 0 else [Finding(at, at + 6, Kind.USER_TERM, 0.9, "teapot")]


def test_a_recogniser_that_raises_makes_it_incomplete():
    report = Detector.patterns(extra=[Broken(), Teapots()]).report("A123456(3) ｔｅａｐｏｔ")
    assert report.failed == {"broken": "it broke (RuntimeError)"}
    assert "broken" not in report.ran
    assert [(each.kind, each.text) for each in report.findings] == [
        (Kind.HKID, "A123456(3)"),
        (Kind.USER_TERM, "ｔｅａｐｏｔ"),
    ]
    assert report.ran["teapots"] == "2.1"
    assert "patterns" in report.ran


def test_canarywire_core_types_in_their_sentences():
    text = (
        "Please update the account: mail amber.birch1234@example.org, phone +12025550123, IBAN DE89370400440532013000, "
        "card 4000001234567899, SSN 123-45-6789. Thanks."
    )
    assert [kind for kind, _ in found(text)] == ["EMAIL", "PHONE", "BANK_ACCOUNT", "CREDIT_CARD", "SSN"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("護照號碼：Ｋ１２３４\u200b５６７８", [("PASSPORT", "Ｋ１２３４\u200b５６７８")]),
        ("pаsspоrt: K12345678", [("PASSPORT", "K12345678")]),
        ("八達通　４５４６０５０２（８）", [("OCTOPUS", "４５４６０５０２（８）")]),
        ("八達通\n45460502(8)", [("OCTOPUS", "45460502(8)")]),
        ("學　　號：s1234567", [("STUDENT_ID", "s1234567")]),
        ("STUDENT ID: S1234567", [("STUDENT_ID", "S1234567")]),
        (r"{\"passport\": \"K12345678\"}", [("PASSPORT", "K12345678")]),
        ("passport%3DK12345678", [("PASSPORT", "K12345678")]),
        ("x=%E8%AD%B7%E7%85%A7%20K12345678", [("PASSPORT", "K12345678")]),
        ('"\\u8b77\\u7167": "K12345678"', [("PASSPORT", "K12345678")]),
        ("cGFzc3BvcnQ6IEsxMjM0NTY3OA==", [("PASSPORT", "cGFzc3BvcnQ6IEsxMjM0NTY3OA==")]),
        ("戶口一二三四五六七八九", [("BANK_ACCOUNT", "一二三四五六七八九")]),
        ("A12****(*), A/C 123-***-***", []),
        ("order no. 12345678, tracking 716340909, 單號123456789, membership no. 12345678", []),
    ],
)
def test_however_it_is_written(text, expected):
    assert found(text) == expected


def test_many_places_are_looked_at_in_another_order_and_give_the_same(monkeypatch):
    text = "\n".join(
        [
            "A123456(3) 電話 9123 4567",
            "card 4111 1111 1111 1111, a@example.org",
            "學號 s1155123456",
            "HSBC 123-456789-838",
        ]
        * 9
    )
    one = DETECTOR.report(text)
    monkeypatch.setattr("sampan.understand.detector._MANY", 0)
    assert DETECTOR.report(text) == one
    assert len(one.findings) > 30


KEY = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 9 + "-----END PRIVATE KEY-----"
TABLE = "name,passport,dob\n" + "Chan,K12345678,1990-01-01\n" * 9
LONGER = [
    KEY,
    TABLE,
    "%E8%AD%B7%E7%85%A7%20K12345678",
    base64.b64encode("護照 K12345678, 電話 9123 4567".encode()).decode(),
    "x" * 70,
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*FRAGMENTS, *LONGER]) | st.text(max_size=6), max_size=30).map("".join),
    st.integers(1, 200),
    st.sampled_from(["", SEPARATOR]),
)
def test_a_text_looked_at_in_windows_gives_the_same_as_at_once(text, size, separator):
    whole = DETECTOR.report(text, separator=separator)
    with mock.patch.object(patterns, "WINDOW", size):
        assert DETECTOR.report(text, separator=separator) == whole


@pytest.mark.parametrize("value", ["A123456(3)", KEY, "%41123456%283%29", "passport: K12345678", TABLE])
@pytest.mark.parametrize("filling", ["x ", "字。", "0 "])
def test_what_stands_across_the_border_of_two_windows_is_found(value, filling):
    border = patterns.WINDOW
    for before in range(1, len(value), max(1, len(value) // 4)):
        text = (filling * border)[: border - before - 1] + "\n" + value + "\n" + filling * 50
        start = border - before
        inside = [each for each in DETECTOR.detect(text) if each.start >= start]
        alone = DETECTOR.detect(value)
        assert [(each.kind, each.start - start, each.text) for each in inside] == [
            (each.kind, each.start, each.text) for each in alone
        ]


@pytest.mark.parametrize("unit", ["0 ", "a\u200b", "😀", "%41", "dob|", "secret=", "學號", "A1\u200b", "\\u0041"])
def test_what_is_held_meanwhile_is_bounded(unit):
    text = unit * (1_200_000 // len(unit))
    tracemalloc.start()
    try:
        DETECTOR.report(text)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
