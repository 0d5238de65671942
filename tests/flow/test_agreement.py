"""Whose word counts, for which request, and how far."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.labels import Kind
from sampan.contract.request import PERSON, Principal, Unmask
from sampan.flow.agreement import Approver, facts_of, mark_of, reach_of, speaks_for
from tests.flow.held import ANN, ASKER, EMAIL, OWNER, PHONE, STAFF, held, request
from tests.flow.stages import model

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("approver", "asker", "spoken_for"),
    [
        (ANN, ASKER, (PERSON,)),
        (STAFF, ASKER, ("staff",)),
        (OWNER, ASKER, ()),
        (Approver("ann", ("staff",), "key_app"), ASKER, ()),  # the key that asked
        (Approver("ann", ("staff",), "key_ann"), ASKER, (PERSON,)),  # nobody approves for a group what is their own
        (OWNER, Principal("owner"), (PERSON,)),  # the owner asked without a key, and answers with the token
        (OWNER, Principal("owner", key="key_app"), (PERSON,)),
        (Approver("wong", ("students",), "key_w"), ASKER, ()),
    ],
)
def test_whose_word_counts(approver, asker, spoken_for):
    assert speaks_for(approver, (PERSON, "staff"), asker) == spoken_for


NAMES = st.sampled_from(["ann", "wong", "owner"])
KEYS = st.sampled_from(["", "k1", "k2"])


@given(NAMES, KEYS, st.frozensets(st.sampled_from(["staff", "heads"])), NAMES, KEYS)
def test_no_key_answers_for_itself_and_groups_take_two(user, key, groups, asker, asked_with):
    approver, principal = Approver(user, tuple(groups), key), Principal(asker, key=asked_with)
    found = speaks_for(approver, (PERSON, "staff", "heads"), principal)
    assert not found or not key or key != asked_with
    assert (PERSON in found) <= (user == asker)
    assert set(found) - {PERSON} <= groups
    if user == asker:
        assert set(found) <= {PERSON}


OTHERS = {
    "words": lambda h: replaced(h, body={"model": "cloud", "messages": [{"role": "user", "content": "hi!"}]}),
    "asker": lambda h: replaced(h, principal=Principal("ann", key="key_2")),
    "conversation": lambda h: replaced(h, conversation="c2"),
    "unmask": lambda h: replaced(h, unmask=(Unmask("x", "y"),)),
    "beta": lambda h: replaced(h, headers={"anthropic-beta": "x"}),
    "rules": lambda h: msgspec.structs.replace(h, rules=("ask", "more")),
    "needed": lambda h: msgspec.structs.replace(h, needed=("heads",)),
    "policy": lambda h: held(h.labelled.request, policy="sha256:2"),
    "form": lambda h: held(h.labelled.request, masked={PHONE}),
    "model": lambda h: held(h.labelled.request, model=msgspec.structs.replace(model("cloud"), jurisdiction="US")),
}


def replaced(one, **facts):
    return held(msgspec.structs.replace(one.labelled.request, **facts))


@pytest.mark.parametrize("change", OTHERS)
def test_what_is_changed_is_another_request(change):
    one = held()
    assert mark_of(SECRET, OTHERS[change](one)) != mark_of(SECRET, one)


def test_the_same_sent_again_is_the_same():
    one = held()
    again = replaced(one, id="rcp_2", received=9.0, headers={"idempotency-key": "x"})
    assert mark_of(SECRET, again) == mark_of(SECRET, one)
    assert mark_of(b"t" * 32, again) != mark_of(SECRET, one)


def reach(kinds=(PHONE,), masked=(), conversation="c1", **more):
    return reach_of(held(request(conversation=conversation), kinds=kinds, masked=masked, **more))


def test_a_conversation_s_approval_takes_in_no_more_kinds_rules_or_places():
    given = reach((PHONE, EMAIL), masked={EMAIL})
    assert given.covers(reach((PHONE, EMAIL), masked={EMAIL}))
    assert reach((PHONE, EMAIL)).covers(reach((PHONE,)))
    assert not reach((PHONE,)).covers(reach((PHONE, EMAIL)))
    assert not given.covers(reach((PHONE, EMAIL), masked={PHONE}))
    assert not reach().covers(reach(conversation="c2"))
    assert not reach().covers(reach(policy="sha256:2"))
    assert not reach().covers(reach(rules=("ask", "other")))
    assert not reach().covers(reach(model=model("cloud2")))
    assert not reach().covers(reach_of(held(request(conversation="c1", principal=Principal("ben")), kinds=(PHONE,))))
    assert reach(rules=("ask", "other")).covers(reach())


def test_an_approver_sees_kinds_and_places_never_values():
    facts = facts_of(held(request("my number is 9123 4567"), kinds=(PHONE, EMAIL), masked={EMAIL}))
    assert "9123" not in str(facts)
    assert (facts["clear"], facts["masked"]) == ([Kind.PHONE], [Kind.EMAIL])
    assert (facts["model"], facts["realm"], facts["needed"], facts["rules"]) == ("cloud", "public", ["staff"], ["ask"])
