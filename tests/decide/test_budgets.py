"""The ledger: who is covered, what is full, and that nothing is counted twice or lost."""

import threading

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampan.contract.answer import Usage
from sampan.contract.budget import Budget, Every
from sampan.contract.errors import OverBudget
from sampan.contract.models import Model, Price, Realm
from sampan.contract.receipt import Spent
from sampan.contract.request import Principal
from sampan.decide.budgets import Ledger, is_free, nano_of, subjects_of
from sampan.decide.calendar import Clock
from tests.decide.builders import CAMPUS, CHEAP, CLOUD, LOCAL

ANN = Principal("ann", "codex", groups=("nurses", "hk"))
BEN = Principal("ben", "curl")
UNPRICED = msgspec.structs.replace(CLOUD, name="unpriced", price=Price(known=False))
GIVEN_AWAY = msgspec.structs.replace(CLOUD, name="given", price=Price())
WORK = Usage(100, 50)
MONTH = 1_796_000_000.0  # 2026-11-30 in Hong Kong


class Hands:
    def __init__(self):
        self.wall = MONTH

    def clock(self):
        return Clock(lambda: self.wall, lambda: 0.0)


def budget(name="b", every=Every.MONTH, zone="Asia/Hong_Kong", **facts):
    return Budget(name, every, zone=zone, **facts)


def ledger(*budgets, hands=None):
    made = Ledger((hands or Hands()).clock())
    made.put(budgets)
    return made


def used_of(made, at=0):
    return made.listed()[at]["counts"][0]["used"]


@pytest.mark.parametrize(
    ("facts", "ann_cloud", "ben_cloud", "ann_local"),
    [
        ({}, ['["","","",""]'], ['["","","",""]'], []),
        ({"user": "ann"}, ['["","","",""]'], [], []),
        ({"user": "*"}, ['["ann","","",""]'], ['["ben","","",""]'], []),
        ({"group": "nurses"}, ['["","","",""]'], [], []),
        ({"group": "*"}, ['["","nurses","",""]', '["","hk","",""]'], [], []),
        ({"application": "*"}, ['["","","codex",""]'], ['["","","curl",""]'], []),
        ({"model": "cloud"}, ['["","","",""]'], ['["","","",""]'], []),
        ({"model": "*", "user": "*"}, ['["ann","","","cloud"]'], ['["ben","","","cloud"]'], []),
        ({"model": "local"}, [], [], ['["","","",""]']),
    ],
)
def test_who_is_covered(facts, ann_cloud, ben_cloud, ann_local):
    one = budget(**facts)
    assert subjects_of(one, ANN, CLOUD) == ann_cloud
    assert subjects_of(one, BEN, CLOUD) == ben_cloud
    assert subjects_of(one, ANN, LOCAL) == ann_local


def test_what_is_free():
    assert is_free(LOCAL)
    assert is_free(GIVEN_AWAY)
    assert not is_free(UNPRICED), "what nobody priced is not free"
    assert not any(map(is_free, (CAMPUS, CHEAP, CLOUD)))
    assert nano_of(CLOUD, Usage(96, 71)) == 950_000
    assert nano_of(UNPRICED, Usage(1, 0)) > nano_of(CLOUD, Usage(1, 0))
    assert nano_of(LOCAL, Usage(10**6, 10**6)) == 0


def test_without_budgets_nothing_is_asked():
    made = ledger()
    assert not made
    assert made.spent(ANN, (CLOUD,), WORK) == ()
    assert made.reserve(ANN, CLOUD, WORK) == ()


def test_a_spent_budget_stands_in_the_way_of_what_it_covers():
    made = ledger(budget(requests=1), budget("own", user="ben", tokens=0))
    assert made.spent(ANN, (LOCAL, CLOUD), WORK) == ()
    made.reserve(ANN, CLOUD, WORK)
    assert made.spent(ANN, (LOCAL, CLOUD), WORK) == ((), ("b",))
    assert made.spent(BEN, (LOCAL, CLOUD), WORK) == ((), ("b", "own"))
    with pytest.raises(OverBudget, match="`b` is spent") as over:
        made.reserve(ANN, CLOUD, WORK)
    assert 0 < over.value.retry_after < 31 * 86400


@pytest.mark.parametrize(
    ("limit", "fits"),
    [({"usd": 0.00075}, 1), ({"usd": 0.00074}, 0), ({"tokens": 300}, 2), ({"tokens": 149}, 0), ({"usd": 0.0}, 0)],
)
def test_what_is_set_aside_counts(limit, fits):
    made = ledger(budget(**limit))
    for _ in range(fits):
        made.reserve(ANN, CLOUD, WORK)
    with pytest.raises(OverBudget):
        made.reserve(ANN, CLOUD, WORK)


def test_what_was_used_takes_the_place_of_what_was_set_aside():
    made = ledger(budget(tokens=200, usd=1.0))
    reserved = made.reserve(ANN, CLOUD, WORK)
    charges = made.used([(CLOUD, reserved)], [Spent(CLOUD, Usage(10, 5))], left=False)
    made.settle(reserved, charges)
    shown = made.listed()[0]["counts"][0]
    assert shown["used"] == {"usd": 75_000 / 1e9, "tokens": 15, "requests": 1}
    assert shown["held"] == {"usd": 0, "tokens": 0, "requests": 0}
    assert shown["left"]["tokens"] == 185


def test_a_failure_gives_everything_back_and_a_caller_who_left_counts_as_one():
    made = ledger(budget(requests=5))
    reserved = made.reserve(ANN, CLOUD, WORK)
    assert made.used([(CLOUD, reserved)], [Spent(CLOUD, Usage())], left=False) == ()
    (left,) = made.used([(CLOUD, reserved)], [], left=True)
    assert (left.requests, left.tokens) == (1, 0)
    made.settle(reserved, ())
    assert made.listed()[0]["counts"][0]["left"] == {"requests": 5}


def test_one_request_over_two_models_is_one_request():
    made = ledger(budget(requests=9, tokens=10_000))
    reserved = [(model, made.reserve(ANN, model, WORK)) for model in (CHEAP, CLOUD)]
    (charge,) = made.used(reserved, [Spent(CHEAP, Usage(1, 1)), Spent(CLOUD, Usage(2, 2))], left=False)
    assert (charge.requests, charge.tokens, charge.nano) == (1, 6, 600 + 25_000)


def test_a_new_month_begins_anew_and_what_ends_late_belongs_to_the_old_one():
    hands = Hands()
    made = ledger(budget(requests=1), hands=hands)
    reserved = made.reserve(ANN, CLOUD, WORK)
    hands.wall += 2 * 86400
    assert made.spent(ANN, (CLOUD,), WORK) == ()
    made.settle(reserved, made.used([(CLOUD, reserved)], [Spent(CLOUD, WORK)], left=False))
    made.reserve(ANN, CLOUD, WORK)
    assert made.listed()[0]["counts"][0]["used"]["requests"] == 0


def test_setting_the_clock_back_gives_nothing_back():
    hands = Hands()
    made = ledger(budget(requests=1), hands=hands)
    reserved = made.reserve(ANN, CLOUD, WORK)
    made.settle(reserved, made.used([(CLOUD, reserved)], [Spent(CLOUD, WORK)], left=False))
    for back in (40 * 86400.0, 400 * 86400.0):
        hands.wall = MONTH - back
        assert made.spent(ANN, (CLOUD,), WORK) == (("b",),)
    hands.wall = MONTH
    assert made.spent(ANN, (CLOUD,), WORK) == (("b",),)


def test_counts_of_before_go_on_even_under_a_clock_that_was_set_back():
    hands = Hands()
    made = ledger(budget(requests=2), hands=hands)
    reserved = made.reserve(ANN, CLOUD, WORK)
    hands.wall = MONTH - 60 * 86400
    again = ledger(budget(requests=2), hands=hands)
    again.load(reserved)
    assert used_of(again)["requests"] == 1
    again.reserve(ANN, CLOUD, WORK)
    with pytest.raises(OverBudget):
        again.reserve(ANN, CLOUD, WORK)


def test_a_limit_that_is_raised_keeps_what_was_used():
    made = ledger(budget(requests=1))
    made.reserve(ANN, CLOUD, WORK)
    made.put((budget(requests=2),))
    made.reserve(ANN, CLOUD, WORK)
    assert made.spent(ANN, (CLOUD,), WORK) == (("b",),)


def test_a_minute_tells_when_it_is_over():
    hands = Hands()
    made = ledger(budget("m", Every.MINUTE, requests=0), budget("d", Every.DAY, requests=0), hands=hands)
    assert 0 < made.opens_in(["m"]) <= 60
    assert made.opens_in(["m", "d"]) > 60
    assert made.opens_in(["none"]) == 0


def test_callers_with_ever_new_names_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("sampan.decide.budgets._MOST", 10)
    hands = Hands()
    made = ledger(budget("m", Every.MINUTE, application="*", requests=1), hands=hands)
    for number in range(50):
        hands.wall += 61
        made.reserve(Principal("ann", f"app{number}"), CLOUD, WORK)
    assert len(made._counts) <= 10


def test_many_threads_never_exceed_a_limit():
    made = ledger(budget(requests=100, tokens=10_000))
    won = []

    def ask():
        for _ in range(50):
            try:
                reserved = made.reserve(ANN, CLOUD, Usage(10, 10))
            except OverBudget:
                continue
            made.settle(reserved, made.used([(CLOUD, reserved)], [Spent(CLOUD, Usage(7, 7))], left=False))
            won.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used_of(made) == {"usd": pytest.approx(100 * 7 * 12_500 / 1e9), "tokens": 1400, "requests": 100}
    assert len(won) == 100


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "end", "fail", "back", "on"]),
        st.integers(0, 5),
        st.integers(0, 40),
        st.sampled_from([ANN, BEN]),
    ),
    max_size=60,
)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_against_a_plain_count(steps):
    """As a reading by hand: what is used is the sum of what ended, and no reservation is granted above the limit."""
    hands, running, done = Hands(), [], {"ann": 0, "ben": 0}
    made = ledger(budget("own", user="*", tokens=200), budget("all", tokens=300), hands=hands)
    for act, which, tokens, who in steps:
        if act == "ask":
            held = sum(size for _, size, _ in running)
            mine = sum(size for asker, size, _ in running if asker is who)
            room = done[who.user] + mine + tokens <= 200 and sum(done.values()) + held + tokens <= 300
            try:
                running.append((who, tokens, made.reserve(who, CLOUD, Usage(tokens, 0))))
                assert room
            except OverBudget:
                assert not room
        elif act == "back":
            hands.wall -= which * 1e6
        elif act == "on":
            hands.wall = max(hands.wall, MONTH)
        elif running:
            asker, _, reserved = running.pop(which % len(running))
            paid = Usage(tokens if act == "end" else 0, 0)
            made.settle(reserved, made.used([(CLOUD, reserved)], [Spent(CLOUD, paid)], left=False))
            done[asker.user] += paid.input
    shown = {one["name"]: one["counts"] for one in made.listed()}
    assert {count["whose"]["user"]: count["used"]["tokens"] for count in shown["own"]}.items() <= done.items()
    assert shown["all"][0]["used"]["tokens"] == sum(done.values())
    assert shown["all"][0]["held"]["tokens"] == sum(size for _, size, _ in running)


def test_a_model_with_a_price_on_an_own_device_is_not_free():
    assert not is_free(Model("paid", Realm.PERSONAL, (), price=Price(1.0, 1.0)))
