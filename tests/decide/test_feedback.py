import math

import pytest

from sampan.contract.errors import BadRequest, NotFound
from sampan.contract.request import Principal
from sampan.decide.feedback import KINDS, MOST_A_DAY, Feedback
from sampan.decide.learning import Learner
from sampan.decide.pace import Paces
from tests.decide.learned import MODELS, Kept, receipt, receipts

ANN, BOB = Principal("ann"), Principal("bob")


def desk(*rows, store=None):
    store = store or Kept()
    learner = Learner(store, Paces(), lambda: MODELS)
    return Feedback(learner, store, receipts(*(rows or [receipt()]))), learner, store


def value_of(kind):
    return 0.25 if KINDS[kind][0] is None else None


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_counts_once(kind):
    feedback, _, store = desk()
    first = feedback.said(ANN, "rcp_1", kind, value_of(kind))
    assert first == {"receipt": "rcp_1", "kind": kind, "model": "local", "counted": True, "labels": 1}
    again = feedback.said(ANN, "rcp_1", kind, value_of(kind))
    assert (again["counted"], again["labels"]) == (False, 1)
    assert Learner(store, Paces(), lambda: MODELS).labels("local") == 1, "it is on the disk when it is acknowledged"


@pytest.mark.parametrize(
    ("kind", "value", "up"),
    [("up", None, True), ("copy", None, True), ("down", None, False), ("regenerate", None, False), ("edit", 0.9, False),
     ("edit", 0.0, True), ("test", 1.0, True), ("test", 0.0, False)],
)  # fmt: skip
def test_which_way_it_counts(kind, value, up):
    feedback, learner, _ = desk()
    before = learner.estimate(MODELS[0], learner.look("x", "en").prompt).quality
    feedback.said(ANN, "rcp_1", kind, value)
    after = learner.estimate(MODELS[0], learner.look("x", "en").prompt).quality
    assert (after > before) is up
    assert after != before


def test_only_the_asker_or_the_owner():
    feedback, _, store = desk(receipt(key="key_1"))
    for stranger in (BOB, ANN, Principal("ann", key="key_2"), Principal("", key="")):
        with pytest.raises(NotFound, match="No such receipt"):
            feedback.said(stranger, "rcp_1", "up")
    assert store.said == {}
    assert feedback.said(Principal("ann", key="key_1"), "rcp_1", "up")["counted"]
    assert feedback.said(None, "rcp_1", "copy")["counted"]
    with pytest.raises(NotFound):
        feedback.said(None, "rcp_2", "up")


@pytest.mark.parametrize(
    ("row", "error", "told"),
    [
        (receipt(days=31), NotFound, "too old"),
        (receipt(at="yesterday"), NotFound, "too old"),
        (receipt(route={}), BadRequest, "nothing to learn"),
        (receipt(route={"trial": {}}), BadRequest, "nothing to learn"),
        (receipt(route=None), BadRequest, "nothing to learn"),
        (receipt(route={"prompt": {"domains": 3}, "model": "local"}), BadRequest, "cannot be read"),
        (receipt(model="gone"), BadRequest, "no longer set up"),
        (receipt(end="error"), BadRequest, "not answered"),
    ],
)
def test_what_cannot_be_learned_from(row, error, told):
    feedback, learner, store = desk(row)
    with pytest.raises(error, match=told):
        feedback.said(ANN, "rcp_1", "up")
    assert (store.said, learner.labels("local")) == ({}, 0)


def test_a_receipt_from_the_future_is_new():
    assert desk(receipt(days=-3))[0].said(ANN, "rcp_1", "up")["counted"]


@pytest.mark.parametrize(
    ("kind", "value", "param"),
    [("like", None, "kind"), ("", None, "kind"), ("edit", None, "value"), ("test", None, "value"), ("edit", 1.1, "value"),
     ("test", -0.1, "value"), ("test", math.nan, "value"), ("up", math.inf, "value")],
)  # fmt: skip
def test_what_is_no_feedback(kind, value, param):
    with pytest.raises(BadRequest) as caught:
        desk()[0].said(ANN, "rcp_1", kind, value)
    assert caught.value.param == param


def test_nobody_steers_the_router_alone():
    feedback, _, store = desk(receipt(), receipt("rcp_2", "bob"))
    for number in range(MOST_A_DAY):
        store.claim(f"rcp_x{number}", "up", "ann/", 4e9)
    with pytest.raises(BadRequest, match="a day"):
        feedback.said(ANN, "rcp_1", "up")
    assert feedback.said(BOB, "rcp_2", "up")["counted"]


def test_the_whole_prompt_is_learned_from_while_it_is_remembered():
    feedback, learner, _ = desk()
    seen = []
    learner.learn = lambda model, look, outcome, weight: seen.append(look)
    feedback.said(ANN, "rcp_1", "up")
    remembered = learner.look("write", "en")
    learner.looked("rcp_1", remembered, None)
    feedback.said(ANN, "rcp_1", "copy")
    assert seen[0].prompt.difficulty == 1
    assert seen[1] is remembered
