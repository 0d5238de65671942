"""Writing stand-ins and reading them again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.protect.operators import stand_in
from sampan.protect.operators.stand_in import OPERATOR
from sampan.understand import Detector

KINDS = st.sampled_from(list(Kind))
NUMBERS = st.integers(1, 99_999)
DETECTOR = Detector.patterns()


def found(text):
    return [(seen.kind, seen.number, text[seen.start : seen.end]) for seen in OPERATOR.read(text)]


@given(KINDS, NUMBERS, st.text(max_size=20), st.text(max_size=20))
def test_what_is_written_is_read(kind, number, before, after):
    written = OPERATOR.write(kind, number)
    text = f"{before.replace('[', '(')} {written} {after}"
    assert (kind, number, written) in found(text)
    assert OPERATOR.opens(text)


@pytest.mark.parametrize(
    "text",
    ["[person_1]", "[Person_1]", "[PERSON 1]", "[ PERSON_1 ]", "[PERSON-1]", "[PERSON1]", "［PERSON＿１］", "【PERSON_1】",
     "[ＰＥＲＳＯＮ_１]", "[PERSON\\_1]", "\\[PERSON\\_1\\]", "[PERSON_\n1]", "[PERSON\u200b_1]", "[PERSON\u3000_1]"],
)  # fmt: skip
def test_other_spellings_are_read(text):
    assert found(f"ask {text} now") == [(Kind.PERSON, 1, text)]


@pytest.mark.parametrize(
    "text", ["person 1", "PERSON_1", "[PERSON]", "[PERSON_]", "[PERSONS_1]", "[PERSON_1", "[PERSON_x]", "[PERSON_1.2]",
             "[PERSON (1)]", "[[PERSON]_1]", "[PERSON____________1]"],
)  # fmt: skip
def test_what_only_resembles_one_is_not(text):
    assert found(text) == []


@given(
    st.lists(
        st.sampled_from(
            [
                *"[【［]】］_-\\ \n\u3000７1中é",
                "HKID",
                "ｐｈｏｎｅ",
                "BANK_ACCOUNT",
                "[HKID_1]",
                "【 URL WITH_TOKEN-12】",
            ]
        )
    )
)
def test_among_other_letters_the_same_is_read_as_in_plain_ones(pieces):
    text = "".join(pieces)
    folded = "".join(sign if sign.isascii() else "?" for sign in text.translate(stand_in._FOLD))
    assert [seen[:2] for seen in OPERATOR.read(text)] == [seen[:2] for seen in OPERATOR.read(folded)]
    most = dict.fromkeys(Kind, 12)
    assert OPERATOR.pending(text, most) == OPERATOR.pending(folded, most)


@given(KINDS, st.integers(1, 40), st.data())
def test_every_beginning_is_held_and_nothing_longer(kind, number, data):
    written = OPERATOR.write(kind, number)
    highest = {kind: data.draw(st.integers(number, 40))}
    for cut in range(1, len(written)):
        text = "see " + written[:cut]
        assert OPERATOR.pending(text, highest) == 4, text
    assert OPERATOR.pending("see " + written, highest) == len(written) + 4


@pytest.mark.parametrize(
    "text", ["[PERSON_3", "[PHONE_", "[x", "a[1]", "[PERSON_0", "[" + " " * 30, "[PERSON" + "1" * 80]
)
def test_what_cannot_become_one_that_was_given_out_is_not_held(text):
    assert OPERATOR.pending(text, {Kind.PERSON: 2}) == len(text)


def test_a_backslash_before_the_bracket_is_held_with_it():
    assert OPERATOR.pending("see \\", {Kind.PERSON: 1}) == 4
    assert OPERATOR.pending("see \\[PER", {Kind.PERSON: 1}) == 4


SPELLINGS = st.sampled_from(
    [
        "[{}_{}]",
        "[{} {}]",
        "[ {}_{} ]",
        "[{}{}]",
        "[{}-{}]",
        "［{}＿{}］",
        "【{}_{}】",
        "[{}\\_{}]",
        "[{}\n{}]",
        "[{}\u200b_{}]",
    ]
)


@given(KINDS, NUMBERS, SPELLINGS, st.sampled_from([str.upper, str.lower, str.title]))
def test_whatever_would_be_restored_is_a_look_alike_when_somebody_types_it(kind, number, spelling, case):
    typed = spelling.format(case(kind.value), number)
    if found(typed):
        kinds = [finding.kind for finding in DETECTOR.detect(f"I typed {typed} myself")]
        assert kinds == [Kind.LOOKALIKE], typed
