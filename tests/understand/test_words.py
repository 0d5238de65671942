"""The word lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.understand import words


def test_folding_keeps_length():
    assert words.folded("陳國華，Chan 臺灣") == "陈国华，Chan 台湾"


@pytest.mark.parametrize(
    "name",
    [
        "surnames.txt", "given.txt", "districts.txt", "estates.txt", "streets.txt", "bodies.txt", "fold.txt", "words_zh.txt", "words_en.txt",
        "places_zh.txt", "places_en.txt", "orgs_zh.txt", "first_names.txt", "last_names.txt",
    ],
)  # fmt: skip
def test_every_list_says_where_it_comes_from_and_has_no_empty_entry(name):
    path = words.files("sampan.understand").joinpath("data", name)
    head = [line for line in path.read_text(encoding="utf-8").splitlines()[:3] if line.startswith("# ")]
    assert any("Source:" in line or "ompiled for this project" in line for line in head)
    listed = words.lines(name)
    assert len(listed) > 100
    assert all(line.strip() for line in listed)


def test_places_have_both_names():
    for name, parts in (("districts.txt", 2), ("estates.txt", 3), ("streets.txt", 3)):
        assert {line.count("|") + 1 for line in words.lines(name)} == {parts}


def test_flags_of_words():
    assert {"hk_last", "hk_syllable"} <= set(words.flags_of("chan"))
    assert "street" in words.flags_of("road")
    assert words.flags_of("qqqq") == ()


_WORDS = st.text(alphabet="abcñ", min_size=1, max_size=4)


@given(
    st.dictionaries(st.sampled_from(["first", "last", "place"]), st.sets(_WORDS, max_size=30)),
    st.lists(_WORDS | st.text()),
)
def test_packed_flags_say_what_the_lists_say(listed, asked):
    packed = words._Flags(listed)
    for word in [*asked, *(member for members in listed.values() for member in members)]:
        assert packed.of(word) == tuple(name for name, members in listed.items() if word in members)
