"""Stretches in another spelling."""

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
    assert all(one.end <= two.start for one, two in zip(found, found[1:], strict=False))


def test_not_a_data_url():
    assert spans("data: none", [0]) == []
    assert spans("data:text", [0]) == []
