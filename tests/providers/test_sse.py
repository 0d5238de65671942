"""Server-sent events: any split, any line ending."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.errors import UpstreamDown
from sampan.providers.sse import SseParser, encode

LINE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)


def test_the_standards_examples():
    parser = SseParser()
    raw = b"\xef\xbb\xbf: comment\n\ndata: YHOO\ndata: +2\ndata: 10\n\nevent: add\ndata:73857293\nid: 1\nretry: 5\n\ndata\n\n"
    assert parser.feed(raw) == [("", b"YHOO\n+2\n10"), ("add", b"73857293"), ("", b"")]


def test_an_event_without_data_is_none_and_its_name_is_forgotten():
    assert SseParser().feed(b"event: ping\n\ndata: x\n\n") == [("", b"x")]


def test_only_one_space_is_taken_off():
    assert SseParser().feed(b"data:  x\n\n") == [("", b" x")]


@given(
    st.lists(st.tuples(LINE.map(str.strip), st.lists(LINE, min_size=1, max_size=3)), max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.integers(0, 200), max_size=8),
)
def test_what_is_written_is_read_back_whatever_the_split(events, newline, cuts):
    raw = b"".join(encode(name, "\n".join(lines).encode()) for name, lines in events).replace(b"\n", newline.encode())
    parser, got, edges = SseParser(), [], sorted({0, len(raw), *(min(c, len(raw)) for c in cuts)})
    for start, end in itertools.pairwise(edges):
        got += parser.feed(raw[start:end])
    assert got == [(name, "\n".join(lines).encode()) for name, lines in events]


def test_a_carriage_return_is_an_end_at_once():
    parser = SseParser()
    assert parser.feed(b"data: x\r\r") == [("", b"x")]
    assert parser.feed(b"\ndata: y\r\n\r") == [("", b"y")]
    assert parser.feed(b"\ndata: z\n\n") == [("", b"z")]


def test_a_last_event_without_its_blank_line():
    parser = SseParser()
    assert parser.feed(b"data: [DONE]") == []
    assert parser.finish() == [("", b"[DONE]")]
    assert parser.finish() == []


def test_one_event_is_bounded_many_are_not():
    parser = SseParser(limit=1000)
    for _ in range(100):
        assert parser.feed(b"data: " + b"x" * 100 + b"\n\n")
    with pytest.raises(UpstreamDown):
        for _ in range(100):
            parser.feed(b"x" * 100)


def test_many_data_lines_are_bounded_too():
    parser = SseParser(limit=1000)
    with pytest.raises(UpstreamDown):
        for _ in range(100):
            parser.feed(b"data: " + b"x" * 100 + b"\n")
