"""Policy text: statements and places."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sampan.decide.source import Fault, Layer, Source, statements, tokens

TWO = '// first\npermit(principal, action, resource);\n  @id("b;")\nforbid(principal,\n  action, resource) ; // end\n'


def source(text):
    return Source(Layer.USER, "mine.cedar", text)


def test_a_file_is_split_at_the_semicolons_that_end_policies():
    one, two = statements(source(TWO))
    assert one.text == "permit(principal, action, resource);"
    assert two.text == '@id("b;")\nforbid(principal,\n  action, resource) ;'


def test_what_has_no_end_is_a_statement_too():
    (one,) = statements(source("permit(principal"))
    assert one.text == "permit(principal"
    assert statements(source("// only a comment\n")) == []


def test_places_count_from_one_in_characters():
    _, two = statements(source(TWO.replace('"b;"', '"乙;"')))
    assert two.place(0) == (3, 3)
    assert two.place(two.text.index("forbid")) == (4, 1)
    assert two.place(two.text.index("action")) == (5, 3)


def test_a_fault_says_file_line_column_and_a_hint():
    _, two = statements(source(TWO))
    assert str(two.fault(0, "wrong", "do so")) == "mine.cedar:3:3: wrong; do so"
    assert str(Fault("a", 1, 2, "wrong")) == "a:1:2: wrong"


def test_tokens():
    assert [token for _, token in tokens('a::"b;c" == 1 // x\n&& "open')] == [
        "a",
        "::",
        '"b;c"',
        "==",
        "1",
        "&&",
        '"open',
    ]


@given(st.text(alphabet='ab;"/ \n(\\', max_size=40))
def test_statements_never_overlap_and_lose_no_token(text):
    found = statements(source(text))
    inside = [token for each in found for token in tokens(each.text)]
    assert len(inside) == len(list(tokens(text)))
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
