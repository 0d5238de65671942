"""Words that say what a number is."""

import pytest

from sampan.contract.labels import Kind
from sampan.understand.meanings import NAMES, nearest, said, spelled, strong, weak, whole
from sampan.understand.normalise import SEEN, SEPARATOR


@pytest.mark.parametrize(
    ("window", "kinds"),
    [
        ("my passport and 八達通", [Kind.PASSPORT, Kind.OCTOPUS]),
        ("student_id studentNo STUDENT-NO", [Kind.STUDENT_ID] * 3),
        ("accountant, passporting, subaccount", []),
        ("訂單編號", [Kind.LOOKALIKE]),
        ("İpassport", [Kind.PASSPORT]),
        ("", []),
    ],
)
def test_said(window, kinds):
    assert [kind for _, _, kind in said(window)] == kinds


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("護照 ", Kind.PASSPORT),
        ("護照過期，八達通 ", Kind.OCTOPUS),
        ("八達通45460502(8)，去 ", None),
        ("I lost my passport! See ", None),
        (f"passport{SEPARATOR} ", None),
        ("order no. ", Kind.LOOKALIKE),
    ],
)
def test_the_nearest_word_counts_until_its_number_or_sentence_ends(before, kind):
    assert nearest(before + "12345678", len(before)) is kind


def test_a_word_of_one_kind_is_no_word_of_another():
    seen = {}
    for kind, names in NAMES.items():
        for word in (*names.latin, *names.chinese):
            assert seen.setdefault(word, kind) is kind, word


def test_strong_and_weak():
    assert "學號" in strong(Kind.STUDENT_ID).chinese
    assert "student" in weak(Kind.STUDENT_ID).latin


def test_spellings():
    assert spelled("br no") == ["br no", "br-no", "br_no", "brno"]


def test_whole_words():
    assert whole("myPassport", 2, 10)
    assert not whole("mypassport", 2, 10)
    assert whole("passports", 0, 8)


def test_characters_fit_into_a_byte():
    assert len(set(SEEN)) == len(SEEN) <= 128
