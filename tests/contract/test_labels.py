"""Sensitivity of what was found."""

import pytest

from sampan.contract.labels import (
    CONFIDENTIAL_KINDS,
    RESTRICTED_KINDS,
    TOLD_KINDS,
    Kind,
    Labels,
    Sensitivity,
    sensitivity_of,
)


@pytest.mark.parametrize("kind", sorted(RESTRICTED_KINDS))
def test_restricted_wins(kind):
    assert sensitivity_of(frozenset({kind})) is Sensitivity.RESTRICTED
    assert sensitivity_of(frozenset({kind, Kind.PERSON})) is Sensitivity.RESTRICTED


@pytest.mark.parametrize("kind", sorted(CONFIDENTIAL_KINDS))
def test_confidential(kind):
    assert sensitivity_of(frozenset({kind})) is Sensitivity.CONFIDENTIAL


def test_nothing_found_is_not_public():
    assert sensitivity_of(frozenset()) is Sensitivity.INTERNAL


def test_every_kind_has_its_place():
    assert RESTRICTED_KINDS | CONFIDENTIAL_KINDS | TOLD_KINDS | {Kind.LOOKALIKE} == set(Kind)
    assert not RESTRICTED_KINDS & CONFIDENTIAL_KINDS
    assert not TOLD_KINDS & (RESTRICTED_KINDS | CONFIDENTIAL_KINDS)


def test_the_order():
    assert sorted(Sensitivity) == [
        Sensitivity.PUBLIC,
        Sensitivity.INTERNAL,
        Sensitivity.CONFIDENTIAL,
        Sensitivity.RESTRICTED,
    ]


@pytest.mark.parametrize(("languages", "word"), [((), "en"), (("yue",), "yue"), (("zh-Hant", "en"), "mixed")])
def test_the_language_in_one_word(languages, word):
    assert Labels({}, Sensitivity.PUBLIC, {}, languages=languages).language == word
