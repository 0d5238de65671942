import math

import pytest
from hypothesis import given

from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.models import Price, Realm
from sampan.contract.speed import Speed
from sampan.decide.needs import Size
from sampan.decide.outlook import Work, cost, dear, outlook, speaks
from tests.decide.outlooks import WORK, candidate, look, model, numbers


@given(numbers, numbers, numbers, numbers)
def test_no_broken_number_comes_through(quality, low, first, tokens):
    one = outlook(candidate(model("m", 1.0)), Estimate(quality, low), Speed(first, 0.0, tokens, 0, first), WORK)
    assert 0 <= one.low <= one.quality <= 1
    assert 0 < one.first_s <= one.whole_s < math.inf


def test_measured_times_count_and_expected_ones_until_then():
    here = model("here", realm=Realm.PERSONAL)
    assert look(here).first_s == 1.0
    assert look(here).whole_s == pytest.approx(1.0 + 100 / 20)
    assert look(here, speed=Speed(0.2, 0.5, 50.0, 9, 1.5)).first_s == pytest.approx(1.7)
    assert look(here, speed=Speed(0.2, 0.5, 50.0, 9, 1.5)).whole_s == pytest.approx(1.7 + 2.0)


def test_cost():
    work = Work(1000, 100, "en")
    assert cost(model("m", 10.0), work) == pytest.approx(0.011)
    assert cost(model("m"), work) == math.inf
    assert cost(model("m", realm=Realm.PERSONAL), work) == 0.0
    assert cost(model("m", 2.0, realm=Realm.PERSONAL), work) > 0
    assert cost(model("m", 0.0), work) == 0.0
    for broken in (math.nan, -1.0):
        assert cost(model("m", broken), work) == math.inf


def test_a_number_for_what_nobody_priced_is_never_below_a_known_one():
    assert dear(Work(1_000_000, 0, "en")) == Price(15.0, 75.0).input
    assert dear(WORK, 3.0, math.inf, 7.0) == 7.0


def test_work():
    said = Prompt((("advice", 1.0),), 2, "en")
    assert Work.of(Size(500, 0, 512), 300, said, "Explain it") == Work(100, 256, "en")
    assert Work.of(Size(500, 400, 16), 0, Prompt(language="yue"), "寫一封信") == Work(500, 16, "yue")
    assert Work.of(Size(500, 0, 512), 300, said, "Where is Rome?").answer < 64


@pytest.mark.parametrize(
    ("languages", "language", "good"),
    [
        ((), "yue", True),
        (("en",), "en", True),
        (("en",), "yue", False),
        (("en",), "mixed", False),
        (("en",), "other", True),
        (("en", "zh"), "mixed", True),
        (("en", "yue"), "mixed", True),
        (("zh",), "yue", True),
        (("zh",), "zh-Hans", True),
        (("zh-Hant",), "yue", True),
        (("zh-Hans",), "zh-Hant", False),
        (("zh",), "en", False),
    ],
)
def test_languages(languages, language, good):
    assert speaks(model("m", languages=languages), language) is good


def test_a_short_answer_takes_what_short_ones_took():
    slow = Speed(tokens_s=2.0, brief_s=3.0, waiting_s=1.0)
    assert look(model("m"), speed=slow, work=Work(30, 20, "en")).whole_s == pytest.approx(4.0)
    assert look(model("m"), speed=slow, work=Work(30, 200, "en")).whole_s > 100
