"""Which hints are given, and that nothing is lost by them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import RESTRICTED_KINDS, Finding, Kind, Passage, Piece
from sampan.contract.request import Dialect
from sampan.protect.channel import Channel, Mode, Way
from sampan.protect.hints import NONE, Hints
from sampan.protect.known import Known
from sampan.protect.mask import mask
from sampan.protect.operators.stand_in import OPERATOR
from sampan.protect.telling import Manner
from tests.protect import builders as b

TODAY = date(2026, 11, 24)
ALL = Hints(("gender", "age"), TODAY)
NAMES = ["Margaret Leung", "Peter Kwok", "Chan Tai Man", "黃小姐", "梁志偉", "陳大文"]
DATES = ["3 May 1990", "1950年2月11日", "1/2/2003", "1930-01-01"]
VALUES = st.one_of(
    st.tuples(st.just(Kind.PERSON), st.sampled_from(NAMES)), st.tuples(st.just(Kind.DATE_OF_BIRTH), st.sampled_from(DATES)),
    st.tuples(st.just(Kind.HKID), st.just(b.HKID)),
)  # fmt: skip


def test_nothing_unless_it_is_allowed():
    assert [NONE.of(Kind.PERSON, "黃小姐"), NONE.of(Kind.DATE_OF_BIRTH, "1990-05-03")] == ["", ""]
    assert [Hints(["age"]).of(Kind.PERSON, "黃小姐"), Hints(["gender"]).of(Kind.DATE_OF_BIRTH, "1990-05-03")] == [
        "",
        "",
    ]


def test_what_is_said():
    assert [ALL.of(Kind.PERSON, "黃小姐"), ALL.of(Kind.PERSON, "梁志偉"), ALL.of(Kind.PERSON, "陳大文")] == [
        "f",
        "m",
        "",
    ]
    assert [ALL.of(Kind.DATE_OF_BIRTH, each) for each in DATES] == ["age 36", "age 76", "age 23", "age 90+"]


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.PERSON, Kind.DATE_OF_BIRTH}))
def test_of_every_other_kind_nothing_is_said_whatever_the_settings_are(kind):
    assert ALL.of(kind, "Margaret, 3 May 1990") == ""


def test_nothing_is_said_of_what_must_be_kept_closest():
    assert not any(ALL.of(kind, value) for kind in RESTRICTED_KINDS for value in NAMES + DATES)


@pytest.mark.parametrize("value", NAMES + DATES)
def test_a_hint_hangs_on_the_value_alone(value):
    kind = Kind.PERSON if value in NAMES else Kind.DATE_OF_BIRTH
    known = Known(OPERATOR, ALL)
    first = known.stand_in(kind, value)
    known.stand_in(kind, "Grace")
    assert known.stand_in(kind, value) == first == known.written(kind, 1)


def text_of(parts):
    """A text of (before, kind, value), and its passage."""
    text, findings = "", []
    for before, (kind, value) in parts:
        text += before
        findings.append(Finding(len(text), len(text) + len(value), kind, 1.0, value))
        text += value
    return text, Passage(text, (Piece(("text",), 0, len(text)),), tuple(findings))


def masked(parts):
    text, passage = text_of(parts)
    known = Known(OPERATOR, ALL)
    return text, mask({"text": text}, [passage], frozenset(Kind), known), known


PARTS = st.lists(st.tuples(st.text(st.sampled_from("ab ,，、c\n(]"), min_size=1, max_size=4), VALUES), max_size=6)


@given(PARTS, st.data())
def test_what_is_masked_with_hints_comes_back_in_pieces_of_any_size(parts, data):
    text, done, known = masked(parts)
    channel = Channel(Way(known, OPERATOR, done.texts, arguments=True), Mode.TEXT)
    sent, out = str(done.body["text"]), ""
    while sent:
        size = data.draw(st.integers(1, 5))
        out, sent = out + channel.push(sent[:size]), sent[size:]
    assert out + channel.flush() == text


RESPELLED = st.sampled_from(
    [
        str.lower, str.upper, lambda s: s.replace(", ", ","), lambda s: s.replace(", ", "，"), lambda s: s.replace(", ", "、"),
        lambda s: s.replace(", ", " ,  "), lambda s: s.replace("[", "【").replace("]", "】"), lambda s: s.replace(" ", "\u3000"),
        lambda s: s.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}), lambda s: s.replace("_", "\\_"),
        lambda s: s.replace(", f]", ", female]").replace(", m]", ", male]"), lambda s: s.replace(", f]", "，女]").replace(", m]", "，男性]"),
        lambda s: s.replace("age ", "aged "), lambda s: s.replace("age 36]", "36歲]"), lambda s: s.replace("age ", "age"),
        lambda s: s.split(",")[0].rstrip("]") + "]",
    ]
)  # fmt: skip


@given(VALUES, RESPELLED, st.integers(1, 30))
def test_however_a_model_respells_it(value, respelled, size):
    known = Known(OPERATOR, ALL)
    written = respelled(known.stand_in(*value))
    channel = Channel(Way(known, OPERATOR, [], arguments=True), Mode.TEXT)
    said = f"Dear {written}, hello"
    out = "".join(channel.push(said[at : at + size]) for at in range(0, len(said), size)) + channel.flush()
    assert out == f"Dear {value[1]}, hello"


@pytest.mark.parametrize(
    "text",
    ["[PERSON_1, and more]", "[PERSON_1, f, m]", "[PERSON_1, x]", "[PERSON_1,]", "[PERSON_1 f]", "[PERSON_1, age]"],
)
def test_a_list_in_brackets_is_no_stand_in(text):
    known = Known(OPERATOR, ALL)
    known.stand_in(Kind.PERSON, "Ada")
    channel = Channel(Way(known, OPERATOR, [], arguments=True), Mode.TEXT)
    assert "".join(map(channel.push, text)) + channel.flush() == text


def test_a_link_that_was_given_comes_back_with_its_hint():
    known = Known(OPERATOR, ALL)
    written = known.stand_in(Kind.PERSON, "黃小姐")
    channel = Channel(Way(known, OPERATOR, [f"see https://x.example/{written}/a"], arguments=True), Mode.TEXT)
    assert channel.push(f"https://x.example/{written}/a and ") + channel.flush() == "https://x.example/黃小姐/a and "
    other = Channel(Way(known, OPERATOR, ["nothing"], arguments=True), Mode.TEXT)
    assert other.push(f"https://y.example/{written}/a ") + other.flush() == f"https://y.example/{written}/a "


def test_the_whole_stage_says_what_it_told():
    text = "PERSON 陳大文 born 3 May 1990, HKID A123456(3)"
    decision = b.decided({"model": "cloud", "prompt": text}, Dialect.COMPLETIONS)
    protector = b.MaskingProtector(b.Vault(), manner=lambda: Manner(hints=ALL))
    cleared, restorer = protector.clear(decision, decision.routes[0])
    content = cleared.body["prompt"]
    assert content == "PERSON [PERSON_1] born [DATE_OF_BIRTH_1, age 36], HKID [HKID_1]"
    assert cleared.hints == {"DATE_OF_BIRTH": 1}
    assert restorer.whole(content) == text
