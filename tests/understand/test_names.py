"""Tagger and rules together."""

from sampan.contract.labels import Kind, Sensitivity, sensitivity_of
from sampan.understand.detector import Detector
from sampan.understand.names import recognisers


def test_they_work_in_one_detector():
    text = "陳大文（A123456(3)）住九龍旺角彌敦道688號15樓1505室，喺恒昌貿易有限公司返工，電話9123 4567。"
    report = Detector.default(extra=recognisers()).report(text)
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
