"""The line for the model: where it stands, in which language, what it tells, and that it changes nothing else."""

import copy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.contract.request import Dialect
from sampan.protect import MaskingProtector
from sampan.protect.guidance import EN, SILENT, TEXTS, ZH, Telling, added, reaches
from sampan.protect.hints import Hints
from tests.protect import builders as b

HINTS = Hints(("gender", "age", "area", "domain"), date(2026, 11, 24))
GUIDED, TOLD = Telling(guided=True), Telling(guided=True, hints=HINTS)
USER = {"role": "user", "content": f"HKID {b.HKID}"}


def cleared(body, dialect=Dialect.CHAT, telling=GUIDED, **how):
    decision = b.decided(body, dialect, **how)
    return MaskingProtector(b.Vault(), telling=lambda: telling).clear(decision, decision.routes[0])


MASKED = {"role": "user", "content": "HKID [HKID_1]"}
BRIEF = {"type": "text", "text": "Be brief."}


@pytest.mark.parametrize(
    ("before", "system"),
    [
        ([], {"role": "system", "content": TEXTS[EN]}),
        ([{"role": "system", "content": "Be brief."}], {"role": "system", "content": f"Be brief.\n\n{TEXTS[EN]}"}),
        (
            [{"role": "developer", "content": [BRIEF]}],
            {"role": "developer", "content": [BRIEF, {"type": "text", "text": TEXTS[EN]}]},
        ),
    ],
)
def test_chat(before, system):
    body = {"model": "cloud", "messages": [*before, USER]}
    as_it_was = copy.deepcopy(body)
    found, restorer = cleared(body)
    assert found.body == {"model": "cloud", "messages": [system, MASKED]}
    assert (found.guidance, found.masked, found.hints) == (EN, {"HKID": 1}, {})
    assert body == as_it_was
    assert restorer.whole("[HKID_1]") == b.HKID


@pytest.mark.parametrize(
    ("system", "sent"),
    [
        (None, TEXTS[EN]), ("Be brief.", f"Be brief.\n\n{TEXTS[EN]}"),
        ([{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
         [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": TEXTS[EN]}]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dialect", [Dialect.MESSAGES, Dialect.COUNT_TOKENS])
def test_messages(dialect, system, sent):
    body = {"model": "cloud", "messages": [USER], **({"system": system} if system else {})}
    assert cleared(body, dialect)[0].body["system"] == sent


@pytest.mark.parametrize("input_", [USER["content"], [USER]])
def test_responses_in_an_item_that_does_not_come_back(input_):
    body = {"model": "cloud", "instructions": "Be brief.", "input": input_}
    sent = cleared(body, Dialect.RESPONSES)[0].body
    assert sent["input"] == [{"role": "developer", "content": TEXTS[EN]}, {"role": "user", "content": "HKID [HKID_1]"}]
    assert sent["instructions"] == "Be brief."


@pytest.mark.parametrize(("dialect", "name"), [(Dialect.COMPLETIONS, "prompt"), (Dialect.EMBEDDINGS, "input")])
def test_nowhere_else_and_there_the_stand_in_says_itself_what_it_may(dialect, name):
    found, _ = cleared({"model": "cloud", name: "date of birth 3 May 1990"}, dialect, TOLD)
    assert found.body[name] == "date of birth [DATE_OF_BIRTH_1, age 36]"
    assert (found.guidance, found.hints, reaches(dialect)) == ("", {"DATE_OF_BIRTH": 1}, False)


@pytest.mark.parametrize(
    ("text", "telling", "kinds"),
    [
        ("hello", GUIDED, b.ALL),
        (f"HKID {b.HKID}", SILENT, b.ALL),
        ("I typed [PERSON_1] myself", GUIDED, b.ALL),
        (f"HKID {b.HKID}", GUIDED, frozenset()),
    ],
)
def test_nothing_is_added_where_nothing_is_masked_or_it_is_switched_off(text, telling, kinds):
    found, _ = cleared(b.chat(text), telling=telling, kinds=kinds)
    assert len(found.body["messages"]) == 1
    assert found.guidance == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"HKID {b.HKID}", EN),
        (f"佢個 HKID 係 {b.HKID}，幫我改", ZH),
        (f"身份證號碼 {b.HKID}", ZH),
        (f"Please write to 陳大文 about HKID {b.HKID}", EN),
    ],
)
def test_in_the_language_of_the_first_text_with_something_to_mask(text, language):
    assert cleared(b.chat(text, "and HKID A123456(3), thank you", "多謝晒，電話 9123 4567"))[0].guidance == language


def test_what_is_told_stands_behind_the_line_and_not_in_the_stand_ins():
    text = "PERSON: 陳大文, 3 May 1990; date of birth 3 May 1990, ada@harbour.example, HKID A123456(3)"
    found, restorer = cleared(b.chat(text, text), telling=TOLD)
    system, first, second = (each["content"] for each in found.body["messages"])
    assert system == (
        f"{TEXTS[EN]} Whoever was born on [DATE_OF_BIRTH_1] is 36 years old now. The domain of [EMAIL_1] is harbour.example."
    )
    assert first == second
    assert "age" not in first
    assert found.hints == {"DATE_OF_BIRTH": 1, "EMAIL": 1}
    assert restorer.whole(first) == text


def test_nothing_is_told_of_a_value_that_goes_in_the_clear():
    kinds = b.ALL - {Kind.EMAIL}
    found, _ = cleared(b.chat(f"ada@harbour.example HKID {b.HKID}"), telling=TOLD, kinds=kinds)
    assert found.body["messages"][0]["content"] == TEXTS[EN]


SAID = [f"HKID {b.HKID}", "電話 9123 4567", "hello", "born, date of birth 3 May 1990", b.EMAIL]
TURNS = st.lists(st.sampled_from(SAID), min_size=1, max_size=5)


def conversation(texts):
    return {"messages": [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]}


@given(TURNS, TURNS)
def test_an_unchanged_history_stays_the_same_bytes(history, more):
    before, after = (cleared(conversation(texts))[0] for texts in (history, history + more))
    if before.guidance:
        assert after.body["messages"][: len(history) + 1] == before.body["messages"]


NAMES = st.sampled_from(["role", "content", "messages", "system"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
)


@given(JSON, st.sampled_from([each for each in Dialect if reaches(each)]))
def test_no_body_makes_it_fail(value, dialect):
    body = {"messages": value, "input": value, "system": value}
    before = copy.deepcopy(body)
    assert "LINE" in str(added(body, dialect, "LINE"))
    assert body == before
