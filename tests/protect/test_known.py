"""Numbering of stand-ins."""

from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.contract.storage import StandIn
from sampan.protect.known import Known
from sampan.protect.operators.stand_in import OPERATOR

VALUES = st.lists(st.tuples(st.sampled_from([Kind.PERSON, Kind.PHONE]), st.text(min_size=1, max_size=4)), max_size=30)


@given(VALUES)
def test_equal_texts_share_a_stand_in_and_two_texts_never_do(values):
    known = Known(OPERATOR)
    given_out = {}
    for kind, value in values:
        given_out.setdefault(known.stand_in(kind, value), set()).add((kind, value))
    assert all(len(meant) == 1 for meant in given_out.values())
    assert len(known) == len(set(values))


def test_numbers_follow_the_first_appearance_within_a_kind():
    known = Known(OPERATOR)
    written = [known.stand_in(Kind.PERSON, name) for name in ("Ada", "Bob", "Ada")]
    assert written == ["[PERSON_1]", "[PERSON_2]", "[PERSON_1]"]
    assert known.stand_in(Kind.PHONE, "9123 4567") == "[PHONE_1]"
    assert known.highest == {Kind.PERSON: 2, Kind.PHONE: 1}


def test_what_was_never_given_out_stands_for_nothing():
    known = Known(OPERATOR)
    known.stand_in(Kind.PERSON, "Ada")
    assert known.value(Kind.PERSON, 2) is None
    assert known.value(Kind.PHONE, 1) is None


def test_a_conversation_goes_on_with_its_numbers():
    known = Known(OPERATOR)
    known.learn({"[PERSON_3]": StandIn("Ada", "PERSON")})
    assert known.stand_in(Kind.PERSON, "Ada") == "[PERSON_3]"
    assert known.stand_in(Kind.PERSON, "Bob") == "[PERSON_4]"
    assert dict(known.all())["[PERSON_4]"] == StandIn("Bob", "PERSON")
