"""Findings of the tagger, settled."""

import pytest

from sampan.contract.labels import Finding, Kind
from sampan.understand.settle import is_somebody, settled

TABLE = [
    ("人力資源部", False),
    ("校友會", False),
    ("裝修公司", False),
    ("香港教育大學校友會", True),
    ("鉅匠室內設計", True),
    ("po ng clinic", False),
    ("#NOF L, s/p", False),
    ("Renaissance College", True),
]


@pytest.mark.parametrize(("name", "named"), TABLE)
def test_a_word_for_any_is_nobody(name, named):
    assert is_somebody(name) is named


def test_an_organisation_does_not_swallow_the_field_before_it():
    text = "業主:應國偉 裝修公司:鉅匠室內設計"
    assert settled(text, [Finding(3, 11, Kind.ORG, 0.9, text[3:11])]) == []


def test_each_kind_in_its_way():
    text = "阿姐住埃華街72號地舖"
    found = [Finding(0, 2, Kind.PERSON, 0.9, "阿姐"), Finding(3, 9, Kind.ADDRESS, 0.9, "埃華街72號")]
    assert [each.text for each in settled(text, found)] == ["埃華街72號地舖"]
