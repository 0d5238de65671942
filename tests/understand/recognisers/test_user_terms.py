"""Words given by the user."""

import pytest

from sampan.contract.labels import Kind
from sampan.understand.detector import Detector

TERMS = ["PERSON:陳大文", "Project Falcon", "Ann", "PERSON: Chan Tai Man ", "", "NOKIND:x"]
TABLE = [
    ("陳大文先生", [("陳大文", Kind.PERSON)]),
    ("project FALCON starts", [("project FALCON", Kind.USER_TERM)]),
    ("Ｐｒｏｊｅｃｔ Falcon", [("Ｐｒｏｊｅｃｔ Falcon", Kind.USER_TERM)]),
    ("Pro\u200bject Falcon", [("Pro\u200bject Falcon", Kind.USER_TERM)]),
    ("Ann, ann's", [("Ann", Kind.USER_TERM), ("ann", Kind.USER_TERM)]),
    ("ask Chan Tai Man.", [("Chan Tai Man", Kind.PERSON)]),
    ("見Ann啦", [("Ann", Kind.USER_TERM)]),
    ("İİ Ann", [("Ann", Kind.USER_TERM)]),
    ("nokind:x", [("nokind:x", Kind.USER_TERM)]),
    ("Annex and Joann", []),
    ("陳大明", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_finds_exactly_these(text, expected):
    assert [(each.text, each.kind) for each in Detector.patterns(TERMS).detect(text)] == expected


def test_no_terms_find_nothing():
    assert Detector.patterns([]).detect("Ann") == []
