"""Tagger and rules together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.labels import Kind, Sensitivity, sensitivity_of
from sampan.understand.detector import Detector
from sampan.understand.normalise import SEPARATOR
from tests.understand.test_detector import FRAGMENTS

EVERYTHING = Detector.default(["PERSON:陳大文"])
NAMES = ["Chan Tai Man", "陳大文先生", "阿明", "Flat 5B, 12/F, Block 3", "美孚新邨第三座", "彌敦道688號15樓", "恒昌貿易有限公司", "Mr. ", "Ltd",
         "住喺", "CHAN", "<b>", "NRIC S1234567D", "IBAN GB82WEST12345698765432", "ＣＨＡＮ　ＴＡＩ　ＭＡＮ", "𝓒han", "MRN 123456",
         "員工編號 A12345",
         "回鄉證 H12345678", "SSN 536-22-1234", "BR 12345678", "ghp_aB3dE5gH7jK9mN1pQ3sT5vX7zA9cE1gH3jK5", "-----BEGIN PRIVATE KEY-----",
         "|", "\t", ",", ":", "  "]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS + NAMES) | st.text(max_size=8), max_size=16).map("".join), st.booleans())
def test_nothing_makes_any_of_them_fail_or_lose_its_place(text, joined):
    report = EVERYTHING.report(text, separator=SEPARATOR if joined else "")
    assert report.failed == {}
    after = 0
    for each in report.findings:
        assert after <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.text
        after = each.end


def test_five_megabytes_in_one_line():
    text = "the quick brown fox " * 250_000 + "HKID A123456(3)"
    (each,) = Detector.patterns().detect(text)
    assert (each.text, text[each.start : each.end]) == ("A123456(3)", "A123456(3)")


def test_they_work_in_one_detector():
    text = "陳大文（A123456(3)）住九龍旺角彌敦道688號15樓1505室，喺恒昌貿易有限公司返工，電話9123 4567。"
    report = Detector.default().report(text)
    kinds = {each.text: each.kind for each in report.findings}
    assert kinds["陳大文"] is Kind.PERSON
    assert kinds["A123456(3)"] is Kind.HKID
    assert kinds["九龍旺角彌敦道688號15樓1505室"] is Kind.ADDRESS
    assert kinds["恒昌貿易有限公司"] is Kind.ORG
    assert {"tagger", "person", "address", "org"} <= report.ran.keys()
    assert report.failed == {}


def test_an_address_is_confidential_and_an_organisation_is_not():
    assert sensitivity_of(frozenset({Kind.ADDRESS})) is Sensitivity.CONFIDENTIAL
    assert sensitivity_of(frozenset({Kind.ORG})) is Sensitivity.INTERNAL
