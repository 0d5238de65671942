"""Stretches in another spelling."""

import itertools

from sampan.understand.encoded import spans


def test_each_decoded_character_knows_where_it_stands():
    text = "a %41%E9%99%B3b z"
    (span,) = spans(text, [2, 5])
    assert (span.start, span.end, span.decoded) == (2, 15, "A陳b")
    assert text[slice(*span.covering(1, 2))] == "%E9%99%B3"
    assert text[slice(*span.covering(0, 3))] == "%41%E9%99%B3b"


def test_each_stretch_once():
    assert len(spans("%41%42 %43", [0, 3, 7])) == 2


def test_a_stretch_is_bounded():
    text = "%41" * 5000
    found = spans(text, list(range(0, len(text), 3)))
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


def test_not_a_data_url():
    assert spans("data: none", [0]) == []
    assert spans("data:text", [0]) == []


def test_a_data_url_of_text_says_where_each_character_stands():
    text = "see data:text/plain;charset=utf-8,Chan%20Tai%20Man"
    (span,) = spans(text, [4])
    assert span.decoded == "Chan Tai Man"
    assert text[slice(*span.covering(0, 12))] == "Chan%20Tai%20Man"


def test_a_data_url_in_base64_only_counts_whole():
    text = "data:;base64,QTEyMzQ1NigzKQ=="
    (span,) = spans(text, [0])
    assert (span.decoded, span.covering(0, 1)) == ("A123456(3)", (0, len(text)))


def test_what_is_not_text_is_not_read():
    assert [each.decoded for each in spans("data:image/png,%89PNG", [0])] == [None]
    assert [each.decoded for each in spans("data:image/png;base64,iVBORw0K", [0])] == [None]
