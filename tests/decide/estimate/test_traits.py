import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.estimate.traits import Traits

cues = st.lists(st.floats(-3, 3), max_size=40).map(tuple)
topics = st.lists(st.tuples(st.integers(0, 127), st.floats(0, 1)), max_size=8).map(tuple)
rows = st.lists(st.integers(0, 8191), max_size=400).map(tuple)


@given(st.floats(-2, 2, width=32), cues, topics, rows)
def test_there_and_back(hardness, cues, topics, rows):
    found = Traits.from_bytes(Traits(hardness, cues, topics, rows).to_bytes())
    assert found.hardness == hardness
    assert found.rows == rows
    assert found.cues == pytest.approx(cues, abs=0.013)
    assert [topic for topic, _ in found.topics] == [topic for topic, _ in topics]
    assert [share for _, share in found.topics] == pytest.approx([share for _, share in topics], abs=0.003)


@given(st.binary(max_size=40))
def test_other_bytes_are_no_traits_or_harmless(data):
    Traits.from_bytes(data)
    assert Traits.from_bytes(b"\xff" + data) is None
    assert Traits.from_bytes(b"") is None
