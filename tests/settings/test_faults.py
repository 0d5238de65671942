"""What is wrong with a value, said to a person."""

import msgspec
import pytest

from sampan.settings import _Tables
from sampan.settings.faults import clause, names_at, path_of, type_at


def said(tree):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(tree, _Tables)
    what, _, dotted = str(caught.value).partition(" - at `$")
    value = tree
    for step in path_of(dotted):
        value = value[step]
    return clause(_Tables, path_of(dotted), what, value)


MODEL = {"name": "a", "realm": "public", "wire": "openai"}


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ({"server": {"port": "x"}}, "this must be a whole number"),
        ({"server": {"host": 1}}, 'this must be a text in quotes, such as "this"'),
        ({"server": {"port": 70000}}, "it must be 65535 or less"),
        ({"server": {"port": -1}}, "it must be 0 or more"),
        ({"privacy": {"names": "yes"}}, "this must be true or false, without quotes"),
        ({"privacy": {"terms": "a"}}, 'this must be a list, such as ["a", "b"]'),
        ({"privacy": 3}, "this must be a table"),
        ({"model": [MODEL | {"realm": "pubic"}]}, "`pubic` is none of personal, enterprise, public; did you mean `public`?"),
        ({"model": [MODEL | {"site": "moon"}]}, "`moon` is none of device, edge, cloud"),
        ({"model": [{"realm": "public"}]}, "`name` is missing here"),
        ({"model": [MODEL | {"timeout_s": 0}]}, "it must be more than 0"),
    ],
)  # fmt: skip
def test_in_words(tree, why):
    assert said(tree) == why


def test_what_nobody_knows_stays():
    assert clause(_Tables, (), "Something else", None) == "something else"


def test_names_and_types():
    assert "port" in names_at(_Tables, ["server"])
    assert "realm" in names_at(_Tables, ["model", 0])
    assert names_at(_Tables, ["server", "port"]) == []
    assert type_at(_Tables, ["nothing", "here"]) is None
    assert path_of("[0].a-b[12]`") == [0, "a-b", 12]
