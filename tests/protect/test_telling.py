"""What the model is told of stand-ins: where it stands, in which language, when, and that it changes nothing else."""

import contextlib
import copy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.errors import PolicyRefused
from sampan.contract.labels import Kind
from sampan.contract.request import Dialect
from sampan.protect import MaskingProtector
from sampan.protect.hints import Hints
from sampan.protect.telling import LINES, SILENT, Manner, has_turns
from tests.protect import builders as b

HINTS = Hints(("gender", "age", "area", "domain"), date(2026, 11, 24))
GUIDED, TOLD = Manner(guided=True), Manner(guided=True, hints=HINTS)
EN, ZH = LINES["en"], LINES["zh"]
TEXT, MASKED = f"HKID {b.HKID}", f"{EN}\n\nHKID [HKID_1]"
BORN = "How old? Date of birth 3 May 1990"


def cleared(body, dialect=Dialect.CHAT, manner=GUIDED, **how):
    decision = b.decided(body, dialect, **how)
    return MaskingProtector(b.Vault(), manner=lambda: manner).clear(decision, decision.routes[0])


def turns(*texts):
    return {"messages": [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]}


def contents(body):
    return [each["content"] for each in body["messages"]]


@pytest.mark.parametrize("dialect", [Dialect.CHAT, Dialect.MESSAGES, Dialect.COUNT_TOKENS])
@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (TEXT, MASKED),
        ([{"type": "text", "text": TEXT}], [{"type": "text", "text": MASKED}]),
        ([{"type": "image", "alt": "x"}, {"type": "text", "text": TEXT, "cache_control": {}}, {"type": "text", "text": "end"}],
         [{"type": "image", "alt": "x"}, {"type": "text", "text": MASKED, "cache_control": {}}, {"type": "text", "text": "end"}]),
    ],
)  # fmt: skip
def test_before_a_person_s_text(dialect, content, sent):
    body = {"system": "Be brief.", "messages": [{"role": "user", "content": content}]}
    before = copy.deepcopy(body)
    found, restorer = cleared(body, dialect)
    assert found.body == {"system": "Be brief.", "messages": [{"role": "user", "content": sent}]}
    assert (found.guided, found.masked, found.hints) == (True, {"HKID": 1}, {})
    assert body == before
    assert restorer.whole("[HKID_1]") == b.HKID


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        (TEXT, MASKED),
        ([{"role": "user", "content": TEXT}], [{"role": "user", "content": MASKED}]),
        (
            [{"role": "user", "content": [{"type": "input_text", "text": TEXT}]}],
            [{"role": "user", "content": [{"type": "input_text", "text": MASKED}]}],
        ),
    ],
)
def test_responses(given_, sent):
    assert cleared({"instructions": "Be brief.", "input": given_}, Dialect.RESPONSES)[0].body == {
        "instructions": "Be brief.",
        "input": sent,
    }


@pytest.mark.parametrize(("dialect", "name"), [(Dialect.COMPLETIONS, "prompt"), (Dialect.EMBEDDINGS, "input")])
def test_where_there_are_no_turns_the_stand_in_says_itself_what_it_may(dialect, name):
    found, _ = cleared({"model": "cloud", name: BORN}, dialect, TOLD)
    assert found.body[name] == "How old? Date of birth [DATE_OF_BIRTH_1, age 36]"
    assert (found.guided, found.hints, has_turns(dialect)) == (False, {"DATE_OF_BIRTH": 1}, False)


@pytest.mark.parametrize(
    ("text", "manner", "kinds"),
    [
        ("hello", TOLD, b.ALL),
        (BORN, SILENT, b.ALL),
        ("I typed [PERSON_1] myself", TOLD, b.ALL),
        (BORN, TOLD, frozenset()),
    ],
)
def test_nothing_where_nothing_is_masked_or_nothing_is_to_be_told(text, manner, kinds):
    found, _ = cleared(b.chat(text), manner=manner, kinds=kinds)
    assert "\n" not in found.body["messages"][0]["content"]
    assert (found.guided, found.hints) == (False, {})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (TEXT, EN),
        (f"Please 幫我 check 呢個 HKID number {b.HKID}", ZH),
        (f"Please write a short letter to 陳大文, thank them for the form, ask about HKID {b.HKID}", EN),
    ],
)
def test_in_the_language_of_the_text(text, line):
    assert contents(cleared(b.chat(text))[0].body)[0].startswith(f"{line}\n\n")


def test_once_and_in_the_person_s_own_turn():
    body = {
        "messages": [
            {"role": "system", "content": TEXT},
            {"role": "assistant", "content": "phone 9123 4567"},
            {"role": "user", "content": "hello"},
            {"role": "user", "content": TEXT},
        ]
    }
    sent = contents(cleared(body)[0].body)
    assert sent == ["HKID [HKID_1]", "phone [PHONE_1]", f"{EN}\n\nhello", "HKID [HKID_1]"]


def test_what_comes_from_a_tool_is_no_place_for_it():
    body = {
        "messages": [
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": TEXT}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": TEXT}]}]},
        ]
    }  # fmt: skip
    found, _ = cleared(body, Dialect.MESSAGES)
    assert "full name" not in str(found.body)
    assert not found.guided


def test_hints_where_the_text_calls_for_them_and_once():
    found, restorer = cleared(
        turns("Date of birth 3 May 1990", "yes", BORN, "36", BORN + ", ada@harbour.example"), manner=TOLD
    )
    said = "Somebody born on [DATE_OF_BIRTH_1] is 36 years old today."
    sent = contents(found.body)
    assert sent[0] == f"{EN}\n\nDate of birth [DATE_OF_BIRTH_1]"
    assert sent[2] == f"{said}\n\nHow old? Date of birth [DATE_OF_BIRTH_1]"
    assert said not in sent[4]
    assert "harbour" not in str(sent)
    assert found.hints == {"DATE_OF_BIRTH": 1}
    assert restorer.whole(sent[2]).endswith(BORN)


def test_nothing_is_told_of_a_value_that_goes_in_the_clear():
    body = turns("Which domain? ada@harbour.example", TEXT)
    assert "The domain of [EMAIL_1] is harbour.example." in str(cleared(body, manner=TOLD)[0].body)
    assert "domain of" not in str(cleared(body, manner=TOLD, kinds=b.ALL - {Kind.EMAIL})[0].body)


SAID = [
    TEXT,
    "電話 9123 4567 幾多歲",
    "hello",
    BORN,
    "Date of birth 3 May 1990, which domain?",
    b.EMAIL,
    "譯做英文：陳大文",
]
TURNS = st.lists(st.sampled_from(SAID), min_size=1, max_size=6)


@given(TURNS, TURNS)
def test_an_unchanged_history_stays_the_same_bytes(history, more):
    before, after = (cleared(turns(*texts), manner=TOLD)[0].body["messages"] for texts in (history, history + more))
    assert after[: len(history)] == before


@given(TURNS)
def test_the_numbers_are_those_of_a_body_without_it(texts):
    told, plain = (cleared(turns(*texts), manner=manner)[0].body for manner in (TOLD, SILENT))
    for with_it, without in zip(contents(told), contents(plain), strict=True):
        assert with_it.rpartition("\n\n")[2] == without


CONTENT = st.recursive(
    st.none() | st.integers() | st.just(TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "text"]), inner),
)


@given(CONTENT, st.sampled_from([each for each in Dialect if has_turns(each)]))
def test_no_body_makes_it_fail(value, dialect):
    for body in (
        {"messages": value, "input": value},
        {"messages": [{"role": "user", "content": value}], "input": [value]},
    ):
        with contextlib.suppress(PolicyRefused):  # a number
            found, _ = cleared(body, dialect, TOLD)
            unread = b.decided(body, dialect).labelled.labels.unread
            assert unread or b.HKID not in str(found.body)


def test_a_text_that_is_json_is_masked_behind_it():
    found, restorer = cleared(b.chat(f'{{"id": "{b.HKID}", "n": 1}}'), manner=TOLD)
    sent = found.body["messages"][0]["content"]
    assert sent == f'{EN}\n\n{{"id": "[HKID_1]", "n": 1}}'
    assert b.HKID in restorer.whole(sent)
