"""Sentences known again by their catalogue text, and said in another language."""

import gettext
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from sampan.wording import Catalogue, Wording, worded, wording

REASON = "HKIDs stay home"


def catalogue(texts):
    made = Catalog()
    for english, ours in texts.items():
        made.add(english, ours)
    out = BytesIO()
    write_mo(out, made)
    out.seek(0)
    return Wording(Catalogue(out))


MADE = catalogue(
    {
        "Nothing yet.": "暫時沒有。",
        "No model is called `{name}`.": "沒有名為 `{name}` 的模型。",
        "{names} may not have this request: {reason}": "{names} 不可接收這個請求：{reason}",
        "it is damaged": "檔案已損壞",
        "{kind} cannot be read: {why}": "無法讀取{kind}：{why}",
        "{a} of {b}": "wrong",
        "you yourself": "你本人",
        "somebody of `{one}`": "`{one}` 的成員",
        "`{name}` needs an approval by {who}: {reason}": "`{name}` 需要 {who}批核：{reason}",
    }
)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Nothing yet.", "暫時沒有。"),
        ("No model is called `Nothing yet.`.", "沒有名為 `Nothing yet.` 的模型。"),
        ("`a`, `b` may not have this request: it is damaged; `c` may not have this request: HKIDs stay home.",
         "`a`、`b` 不可接收這個請求：檔案已損壞；`c` 不可接收這個請求：身份證號碼留在本機。"),
        ("x cannot be read: it is damaged. Nothing yet.", "無法讀取x：檔案已損壞。暫時沒有。"),
        ("`m` needs an approval by you yourself and somebody of `staff`: HKIDs stay home",
         "`m` 需要 你本人及`staff` 的成員批核：身份證號碼留在本機"),
        ("one of two", "one of two"),
        ("Something nobody translated.", "Something nobody translated."),
        ("", ""),
    ],
)  # fmt: skip
def test_read(said, read):
    assert MADE.read(said, {REASON: "身份證號碼留在本機"}) == read


def test_a_template_needs_every_value():
    assert MADE.read("No model is called ``.") == "No model is called ``."


@given(st.text(min_size=1).filter(lambda name: "`" not in name))
def test_values_come_through_as_they_are(name):
    said = f"No model is called `{name}`."
    assert len(said) > 4000 or MADE.read(said) == f"沒有名為 `{name}` 的模型。"


@given(st.text())
def test_anything_is_read_to_something(said):
    assert isinstance(MADE.read(said), str)
    assert bool(MADE.read(said)) is bool(said)


def test_english_says_everything_as_it_is():
    assert wording("en").read("Nothing yet.") == "Nothing yet."
    assert Wording(gettext.NullTranslations()).read("it is damaged") == "it is damaged"
    assert worded("x") == "x"


def test_what_is_long_is_not_looked_at():
    said = "No model is called `" + "x" * 5000 + "`."
    assert MADE.read(said) == said
