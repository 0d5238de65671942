"""Rows and vectors of words."""

import numpy as np
import pytest

from sampan.understand.features import features
from sampan.understand.vectors import Table, Words


def keys(word):
    """Its key: of a Chinese word that of its run of characters."""
    found = features(word).keys
    return found[0, len(word) - 1] if word[0] > "\u3400" else found[0, 0]


@pytest.fixture
def words():
    """京 1, 北京 2, 北京大学 3; 大学 is cut but has no vector; 京大 has one and is not cut; smith 5, Smith 6."""
    rows = {keys("京"): 1, keys("北京"): 2, keys("北京大学"): 3, keys("大学"): 0, keys("京大"): 4, keys("smith"): 5}
    rows[features("smith").keys[0, 1]] = 6
    order = sorted(rows)
    uncut = {keys("京大")}
    return Words({
        "word_keys": np.array(order, np.uint32),
        "word_rows": np.array([rows[key] for key in order], np.uint16),
        "word_cuts": np.array([key not in uncut for key in order]),
        "chinese": np.zeros((5, 2), np.int8),
    })  # fmt: skip


def test_a_character_knows_the_longest_words_that_begin_and_end_there(words):
    rows = words.rows(features("在北京大学").keys)
    assert rows.tolist() == [[0, 0, 0, 0, 0], [0, 3, 0, 0, 0], [1, 4, 2, 0, 0], [0, 0, 4, 0, 0], [0, 0, 3, 0, 0]]


def test_latin_words_have_rows_of_their_own_table(words):
    assert words.rows(features("Smith SMITH smithy").keys).tolist() == [
        [0, 0, 0, 1, 2],
        [0, 0, 0, 1, 2],
        [0, 0, 0, 0, 0],
    ]


def test_what_texts_are_cut_into(words):
    cuts = words.cuts(features("北京大学Smith").keys)
    assert cuts[0].tolist() == [-1, 2, -1, 3]
    assert cuts[1].tolist() == [1, -1, -1, -1]
    assert cuts[2].tolist() == [-1, 0, -1, -1]
    assert cuts[4].tolist() == [-1, -1, -1, -1]


def test_short_texts(words):
    assert words.rows(features("京").keys).tolist() == [[1, 0, 0, 0, 0]]
    assert words.rows(features("").keys).shape == (0, 5)


def test_a_table_scales_its_rows():
    table = Table(np.array([[0, 0], [1, 2], [4, 6]], np.int8), np.array([1.0, 0.5, 0.25], np.float16))
    assert table.width == 2
    assert table(np.array([[1, 2], [0, 1]])).tolist() == [[[0.5, 1.0], [1.0, 1.5]], [[0.0, 0.0], [0.5, 1.0]]]
