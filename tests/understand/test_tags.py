"""From scores to spans."""

import numpy as np

from sampan.understand.tags import TAGS, spans_of


def scores(*tags):
    found = np.zeros((len(tags), len(TAGS)), np.float32)
    for row, tag in enumerate(tags):
        found[row, TAGS.index(tag)] = 9
    return found


def told(*tags, lean=0.0):
    return [each[:3] for each in spans_of(scores(*tags), lean)]


def test_begin_inside_end_is_one_span():
    assert told("O", "B-PERSON", "I-PERSON", "E-PERSON", "O") == [(1, 4, "PERSON")]


def test_single_and_neighbours():
    assert told("S-PERSON", "S-ORG", "B-ADDRESS", "E-ADDRESS") == [(0, 1, "PERSON"), (1, 2, "ORG"), (2, 4, "ADDRESS")]


def test_what_is_illegal_becomes_the_likeliest_legal():
    legal = {("PERSON",), ("PERSON", "PERSON"), ()}
    for tags in (["I-PERSON"], ["O", "E-PERSON", "O"], ["B-PERSON", "O"], ["B-PERSON", "E-ORG"]):
        found = told(*tags)
        assert tuple(label for *_, label in found) in legal | {("ORG",)}
        assert all(0 <= start < end <= len(tags) for start, end, _ in found)


def test_leaning_takes_what_is_nearly_as_likely_as_nothing():
    close = np.zeros((1, len(TAGS)), np.float32)
    close[0, 0], close[0, TAGS.index("S-PERSON")] = 5.0, 4.5
    assert spans_of(close) == []
    assert [each[2] for each in spans_of(close, 0.8)] == ["PERSON"]


def test_nothing_in_nothing_out():
    assert spans_of(np.zeros((0, len(TAGS)), np.float32)) == []


def test_scores_are_probabilities():
    assert all(0 < each[3] < 1 for each in spans_of(scores("S-PERSON", "B-ORG", "E-ORG")))
