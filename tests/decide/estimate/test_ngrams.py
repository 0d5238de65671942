from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.estimate.ngrams import BUCKETS, HEAD, MOST, TAIL, rows_of, tokens_of, window


def test_tokens():
    assert tokens_of("Write 12 SQL-queries, 唔該晒!") == ["write", "12", "sql", "-", "queries", ",", "唔該晒", "!"]


def test_words_share_rows_and_order_matters():
    one, other = rows_of(tokens_of("dog bites man")), rows_of(tokens_of("man bites dog"))
    assert set(one) & set(other)
    assert set(one) != set(other)
    assert rows_of(tokens_of("dog dog dog dog")) == rows_of(tokens_of("dog dog"))


@given(st.text(max_size=300))
def test_rows_are_distinct_and_in_the_table(text):
    rows = rows_of(tokens_of(text))
    assert len(set(rows)) == len(rows) <= MOST
    assert all(0 <= row < BUCKETS for row in rows)


def test_long_texts_are_read_at_both_ends():
    text = "a" * HEAD + "b" * 10_000 + "c" * TAIL
    assert "b" not in window(text)
    assert len(window(text)) == HEAD + TAIL + 1
    assert window("short") == "short"
