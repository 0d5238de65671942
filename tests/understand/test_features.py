"""Tokens and features."""

import numpy as np
import pytest

from sampan.understand.features import FLAGS, SLOTS, WIDTH, features


def flags(text, token):
    found = features(text)
    return {FLAGS[column] for column in found.flags[token].nonzero()[0]}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("陳大文Tai 12", ["陳", "大", "文", "Tai", "12"]),
        ("a_b\n9/F", ["a", "_", "b", "\n", "9", "/", "F"]),
        ("naïve Ünal", ["naïve", "Ünal"]),
        ("\U00020bb7家", ["\U00020bb7", "家"]),
        ("가나다 ありがとう Привет", ["가나다", "ありがとう", "Привет"]),
        ("", []),
        (" \t ", []),
    ],
)
def test_tokens(text, tokens):
    found = features(text)
    assert [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == tokens
    assert found.hashed.shape == (len(tokens), SLOTS)
    assert found.flags.shape == (len(tokens), WIDTH)


def test_traditional_and_simplified_look_alike():
    assert np.array_equal(features("陳國華經理").hashed, features("陈国华经理").hashed)


def test_word_lists_show():
    assert {"surname"} <= flags("陳大文", 0)
    assert {"hk_last", "capital"} <= flags("Chan Tai Man", 0)
    assert {"home_b"} <= flags("美孚新邨", 0)
    assert {"room", "capital"} <= flags("Flat 3", 0)
    assert "spaced" in flags("Flat 3", 1)


def test_the_neighbours_of_a_character_matter():
    assert not np.array_equal(features("大文").hashed[0], features("大小").hashed[0])
