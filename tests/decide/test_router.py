import math

from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.request import Dialect
from sampan.contract.speed import Speed
from sampan.decide.needs import Size
from sampan.decide.route import Wish
from sampan.decide.router import Preference, Router
from tests.decide.builders import CAMPUS, CHEAP, CLOUD, LOCAL, make
from tests.decide.outlooks import Fixed, candidate

SIZE = Size(100, 50, 512)
ALL = [candidate(model) for model in (LOCAL, CAMPUS, CHEAP, CLOUD)]
GOOD = {"local": 0.58, "campus": 0.7, "cheap": 0.8, "cloud": 0.93}


def choose(wish=Wish.AUTO, estimator=None, candidates=ALL, pace=None, dialect=Dialect.CHAT, **preference):
    router = Router(estimator or Fixed(**GOOD), pace or (lambda _name: Speed()), Preference(**preference))
    return router.choose(make("hello 你好", dialect=dialect, languages=("en", "zh-Hant")), candidates, wish, SIZE)


def names(choice):
    return [route.model.name for route in choice.routes]


def test_what_it_says_of_its_choice():
    estimator = Fixed(**GOOD | {"cloud": Estimate(0.93, 0.91, 120)})
    choice = choose(Wish.BEST, estimator)
    assert names(choice) == ["cloud", "cheap", "campus", "local"]
    assert estimator.texts == [("hello 你好", "mixed")]
    assert choice.prompt is estimator.prompt
    assert choice.estimates["cloud"] == Estimate(0.93, 0.91, 120)
    assert choice.why.startswith("most capable allowed: quality .93 ± .02 vs .80 ± .00 (cheap)")
    assert choice.trial is None


def test_the_one_on_trial_goes_first_and_the_rest_stays_in_order():
    choice = choose(second_usd=0.0, estimator=Fixed(**GOOD | {"local": 0.8}))
    assert names(choice) == ["local", "cloud", "cheap", "campus"]
    assert choice.trial.prior == 0.8
    assert choice.why.startswith("local answers on trial: quality .80")
    for other in (
        choose(trial=False),
        choose(dialect=Dialect.COUNT_TOKENS, second_usd=0.0),
        choose(Wish.FAST),
        choose(Wish.PRIVATE),
    ):
        assert other.trial is None


def test_hedging_is_for_those_in_a_hurry():
    measured = {"cloud": Speed(0.1, 0.7, 90.0, 40), "cheap": Speed(0.2, 0.9, 90.0, 40)}

    def pace(name):
        return measured.get(name, Speed())

    assert choose(Wish.FAST, pace=pace).hedge_after_s == 0.7
    assert choose(Wish.FAST, pace=pace, hedge=False).hedge_after_s == 0.0
    assert choose(Wish.BEST, pace=pace).hedge_after_s == 0.0


any_number = st.one_of(st.floats(), st.floats(0, 1))


@given(
    st.lists(st.tuples(any_number, any_number, any_number), min_size=4, max_size=4),
    st.sampled_from(Wish),
    st.floats(0, 1),
)
def test_whatever_an_estimator_says_the_routes_are_those_that_were_allowed(told, wish, epsilon):
    estimator = Fixed(Prompt(), **{name: Estimate(q, low) for name, (q, low, _) in zip(GOOD, told, strict=True)})
    speeds = {name: Speed(first, first, first, 50) for name, (_, _, first) in zip(GOOD, told, strict=True)}
    choice = choose(wish, estimator, pace=speeds.__getitem__, epsilon=epsilon)
    assert sorted(names(choice)) == sorted(GOOD)
    assert {id(route) for route in choice.routes} == {id(one.route) for one in ALL}
    assert "nan" not in choice.why
    assert all(0 <= one.low <= one.quality <= 1 for one in choice.estimates.values())
    assert choice.trial is None or (0 <= choice.trial.accept_at <= 1 and 0 <= choice.trial.prior <= 1)
    assert 0 <= choice.hedge_after_s < math.inf
