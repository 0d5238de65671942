import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.models import Realm
from sampan.contract.speed import Speed
from sampan.decide.choose import order
from sampan.decide.needs import Fit
from sampan.decide.outlook import Work
from sampan.decide.route import Wish
from sampan.decide.trial import Worth, hedge_after, on_trial, why_trial
from tests.decide.outlooks import WORK, look, model, outlooks

LOCAL, CLOUD, CHEAP = model("local", realm=Realm.PERSONAL), model("cloud", 10.0), model("cheap", 1.0)


def as_expected(_model, expected):
    return expected


WORTH = Worth(0.05, 0.0001, as_expected)
QUICK = Speed(0.1, 0.2, 200.0, 50)


def test_a_free_model_that_is_right_often_enough_goes_first():
    found = on_trial([look(CLOUD, 0.93), look(LOCAL, 0.58, speed=QUICK)], WORK, WORTH)
    assert found.first.model is LOCAL
    assert found.trial.accept_at == pytest.approx(0.88)
    assert found.trial.prior == 0.58
    assert why_trial(found, look(CLOUD, 0.93, 0.91)) == (
        "local answers on trial: quality .58 ± .00 vs .93 ± .02 (cloud), cost 0 vs 0.002"
    )


def test_what_is_slow_or_hardly_ever_right_does_not():
    cloud = look(CLOUD, 0.93)
    assert on_trial([cloud, look(LOCAL, 0.58, speed=Speed(5.0, 9.0, 2.0))], WORK, WORTH) is None
    assert on_trial([cloud, look(LOCAL, 0.0, speed=QUICK)], WORK, WORTH) is None
    assert on_trial([cloud, look(model("dearer", 20.0), 0.9, speed=QUICK)], WORK, WORTH) is None
    assert on_trial([cloud], WORK, WORTH) is None


def test_waiting_has_the_price_that_the_settings_say():
    found = [look(CLOUD, 0.93), look(LOCAL, 0.58)]
    assert on_trial(found, WORK, Worth(0.05, 0.0, as_expected)) is not None
    assert on_trial(found, WORK, Worth(0.05, 0.01, as_expected)) is None


def test_what_does_not_run_or_fit_is_not_tried():
    cloud = look(CLOUD, 0.93)
    assert on_trial([cloud, look(LOCAL, 0.6, speed=QUICK, ready=False)], WORK, WORTH) is None
    assert on_trial([cloud, look(LOCAL, 0.6, speed=QUICK, fit=Fit.PERHAPS)], WORK, WORTH) is None


def test_saving_what_nobody_priced_is_worth_a_trial():
    assert on_trial([look(model("unpriced"), 0.93), look(LOCAL, 0.58)], WORK, WORTH).first.model is LOCAL


@given(outlooks(), st.floats(0, 1), st.floats(0, 1))
def test_only_a_cheaper_one_that_is_allowed_and_worth_it(found, epsilon, second):
    ordered = order(found, Wish.AUTO, epsilon)
    trial = on_trial(ordered, WORK, Worth(epsilon, second, as_expected))
    if trial is None:
        return
    first, chosen = trial.first, ordered[0]
    assert first in ordered
    assert first.class_ == chosen.class_
    assert first.cost < chosen.cost
    assert 0 <= trial.trial.accept_at <= 1
    assert 0 < trial.trial.prior <= 1
    saved = (
        chosen.cost
        if math.isfinite(chosen.cost)
        else max(0.009, *[one.cost for one in ordered if one.cost < math.inf], 0)
    )
    later = max(0.0, first.whole_s - first.quality * chosen.whole_s)
    assert first.quality * saved > first.cost + later * second or saved == pytest.approx(0.009)


def test_a_hedge_waits_for_what_was_measured():
    routes = [look(CLOUD), look(CHEAP)]
    assert hedge_after(routes, Speed(0.3, 1.2, seen=20)) == pytest.approx(1.2)
    assert hedge_after(routes, Speed(0.3, 1.2, seen=20, waiting_s=0.5)) == pytest.approx(1.7)
    assert hedge_after(routes, Speed(0.001, 0.01, seen=20)) == 0.2
    assert hedge_after(routes, Speed(0.3, 1.2, seen=19)) == 0.0
    assert hedge_after(routes, Speed(0.3, math.nan, seen=20)) == 0.0
    assert hedge_after(routes[:1], Speed(0.3, 1.2, seen=20)) == 0.0


def test_a_hedge_never_goes_further_out_and_never_to_what_does_not_run():
    late = Speed(0.3, 1.2, seen=20)
    assert hedge_after([look(LOCAL), look(CLOUD)], late) == 0.0
    assert hedge_after([look(CLOUD), look(LOCAL)], late) == 1.2
    assert hedge_after([look(CLOUD), look(CHEAP, ready=False)], late) == 0.0


def test_what_was_never_kept_is_not_tried_any_more():
    found = [look(CLOUD, 0.93), look(LOCAL, 0.58, speed=QUICK)]
    assert on_trial(found, WORK, Worth(0.05, 0.0001, lambda model, expected: 0.02)) is None


def test_staying_on_the_own_device_has_a_worth_that_the_settings_say():
    slow = Speed(1.0, 2.0, 20.0, 50)
    found = [look(CLOUD, 0.93), look(LOCAL, 0.58, speed=slow)]
    assert on_trial(found, WORK, Worth(0.05, 0.001, as_expected)) is None
    assert on_trial(found, WORK, Worth(0.05, 0.001, as_expected, home_usd=0.1)).first.model is LOCAL
    dear_one = [look(CLOUD, 0.93), look(CHEAP, 0.58, speed=slow)]
    assert on_trial(dear_one, WORK, Worth(0.05, 0.001, as_expected, home_usd=0.1)) is None, "it does not stay at home"


def test_a_short_answer_is_worth_a_trial_where_a_long_one_is_not():
    slow, quick = Speed(1.0, 2.0, 5.0, 50), Speed(0.5, 1.0, 80.0, 50)
    worth = Worth(0.05, 0.0001, as_expected, home_usd=0.002)
    for tokens, tried in ((6, True), (20, True), (256, False)):
        work = Work(30, tokens, "en")
        found = [look(CLOUD, 0.88, work=work, speed=quick), look(LOCAL, 0.7, work=work, speed=slow)]
        assert (on_trial(found, work, worth) is not None) is tried, tokens


def test_what_is_hardly_sure_is_kept_only_where_nobody_knows_better():
    for best, line in ((0.95, 0.90), (0.78, 0.75), (0.71, 0.71), (0.3, 0.3)):
        found = on_trial([look(CLOUD, best), look(LOCAL, 0.29, speed=QUICK)], WORK, WORTH)
        assert found.trial.accept_at == pytest.approx(line)


def test_a_trial_ends_when_waiting_has_cost_more_than_it_can_save():
    found = [look(CLOUD, 0.93), look(LOCAL, 0.6, speed=QUICK)]
    trial = on_trial(found, WORK, Worth(0.05, 0.0001, as_expected)).trial
    assert trial.worth_s == pytest.approx(0.3 * 0.002 / 0.0001 + 0.3 * found[0].whole_s)
    assert on_trial(found, WORK, Worth(0.05, 0.0, as_expected)).trial.worth_s == 0.0
