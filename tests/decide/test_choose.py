import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.estimate import Estimate
from sampan.contract.labels import Kind
from sampan.contract.models import Realm
from sampan.contract.request import Form, Route
from sampan.contract.speed import Speed
from sampan.decide.choose import order, why
from sampan.decide.needs import Fit
from sampan.decide.outlook import outlook
from sampan.decide.route import Candidate, Wish
from tests.decide.outlooks import WORK, look, model, outlooks

LOCAL = model("local", realm=Realm.PERSONAL)
CLOUD, CHEAP, UNPRICED = model("cloud", 10.0), model("cheap", 1.0), model("unpriced")


def names(ordered):
    return [one.model.name for one in ordered]


@given(outlooks(), st.sampled_from(Wish), st.floats(0, 1))
def test_the_order_is_a_permutation_of_what_is_allowed(found, wish, epsilon):
    ordered = order(found, wish, epsilon)
    assert sorted(map(id, ordered)) == sorted(map(id, found))
    assert not any(
        math.isnan(value) for one in ordered for value in (one.quality, one.low, one.cost, one.first_s, one.whole_s)
    )
    assert all(0 <= one.low <= one.quality <= 1 for one in ordered)


def cheapest_that_will_do(found, epsilon):
    """The rule, as slowly as it can be said: every pair is compared."""
    usable = [one for one in found if all(one.class_ <= other.class_ for other in found)]
    best = [one for one in usable if all(one.quality >= other.quality for other in usable)]
    near = [one for one in usable if all(one.low >= other.quality - epsilon for other in usable)]
    will_do = [*best, *near]
    return {one.model.name for one in will_do if all(one.cost <= other.cost for other in will_do)}


@given(outlooks(), st.sampled_from([Wish.AUTO, Wish.PRIVATE]), st.floats(0, 1))
def test_the_chosen_one_is_the_cheapest_within_epsilon_of_the_best(found, wish, epsilon):
    rest = list(found)
    for one in order(found, wish, epsilon):
        assert one.model.name in cheapest_that_will_do(rest, epsilon)
        rest.remove(one)


@given(outlooks(), st.sampled_from([Wish.BEST, Wish.FAST]))
def test_best_and_fast_against_the_extreme(found, wish):
    usable = [one for one in found if all(one.class_ <= other.class_ for other in found)]
    first = order(found, wish, 0.05)[0]
    if wish is Wish.BEST:
        assert first.quality == max(one.quality for one in usable)
    else:
        assert first.first_s == min(one.first_s for one in usable)


@given(outlooks(), st.sampled_from(Wish), st.randoms())
def test_ties_are_decided_alike_whatever_the_order_they_come_in(found, wish, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert names(order(shuffled, wish, 0.05)) == names(order(found, wish, 0.05))


def test_auto_gives_up_no_more_than_epsilon():
    found = [look(CLOUD, 0.93, 0.91), look(LOCAL, 0.92, 0.85), look(CHEAP, 0.91, 0.90)]
    assert names(order(found, Wish.AUTO, 0.05)) == ["cheap", "cloud", "local"]
    assert names(order(found, Wish.AUTO, 0.09)) == ["local", "cheap", "cloud"]
    assert names(order(found, Wish.AUTO, 0.01)) == ["cloud", "local", "cheap"]


def test_what_nobody_priced_is_dearer_than_everything():
    found = [look(UNPRICED, 0.9), look(CLOUD, 0.9), look(LOCAL, 0.9)]
    assert names(order(found, Wish.AUTO, 0.05)) == ["local", "cloud", "unpriced"]


@pytest.mark.parametrize("wish", Wish)
def test_what_runs_fits_and_speaks_the_language_comes_first(wish):
    english = model("english", 0.0, languages=("en",))
    chinese = look(english, 1.0, speed=Speed(0.01), work=WORK.__class__(1, 1, "yue"))
    late = look(CHEAP, 1.0, speed=Speed(0.01), ready=False)
    long = look(LOCAL, 1.0, speed=Speed(0.01), fit=Fit.PERHAPS)
    assert names(order([late, long, chinese, look(CLOUD, 0.1)], wish, 0.05)) == ["cloud", "english", "local", "cheap"]


def told(ordered, wish=Wish.AUTO):
    return why(ordered, wish, 0.05)


def test_why_says_it_in_numbers():
    found = [look(LOCAL, 0.9, 0.88), look(CLOUD, 0.93, 0.91)]
    assert told(found) == ("cheapest within .05 of the best: quality .90 ± .02 vs .93 ± .02 (cloud), cost 0 vs 0.002")
    best = [look(CLOUD, 0.93, 0.91), look(LOCAL, 0.58, 0.51)]
    assert told(best, Wish.BEST) == "most capable allowed: quality .93 ± .02 vs .58 ± .07 (local), cost 0.002 vs 0"
    fast = [look(LOCAL, 0.5, speed=Speed(0.2)), look(UNPRICED, 0.9)]
    assert told(fast, Wish.FAST) == (
        "quickest allowed: first token in 0.2 s vs 0.5 s (unpriced), quality .50 ± .00 vs .90 ± .00 (unpriced), cost 0 vs unknown"
    )
    assert told([look(LOCAL, 1.0)], Wish.PRIVATE) == "personal realm only: quality 1.00 ± .00, cost 0"


def test_why_says_what_stood_in_the_way_of_the_personal_model():
    cloud = look(CLOUD, 0.9)
    assert told([cloud, look(LOCAL, ready=False)]).startswith("personal model is not ready; cheapest")
    assert told([cloud, look(LOCAL, fit=Fit.PERHAPS)]).startswith("too long for the personal model; ")
    english = model("local", realm=Realm.PERSONAL, languages=("en",))
    deaf = look(english, work=WORK.__class__(1, 1, "yue"))
    assert told([cloud, deaf]).startswith("not a language of the personal model; ")


def test_why_names_what_is_masked():
    route = Route(CLOUD, Form(frozenset({Kind.PHONE, Kind.HKID})))
    one = outlook(Candidate(route, Fit.FITS, ready=True), Estimate(0.9, 0.9), Speed(), WORK)
    assert told([one]).endswith("cost 0.002; masked HKID, PHONE")
