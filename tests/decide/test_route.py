import pytest

from sampan.contract.labels import Kind
from sampan.contract.request import Form, Route
from sampan.decide.needs import Fit
from sampan.decide.route import Candidate, Wish, is_ready, order, why
from tests.decide.builders import CAMPUS, CHEAP, CLOUD, LOCAL


def candidates(*models, fit=None, ready=None):
    return [
        Candidate(Route(model, Form()), (fit or {}).get(model.name, Fit.FITS), (ready or {}).get(model.name, True))
        for model in models
    ]


def names(wish, some, pace=lambda _name: 0.0):
    return [one.model.name for one in order(some, wish, pace)]


def test_wishes():
    some = candidates(CLOUD, CAMPUS, LOCAL, CHEAP)
    assert names(Wish.AUTO, some) == ["local", "cheap", "campus", "cloud"]
    assert names(Wish.BEST, some) == ["cloud", "cheap", "campus", "local"]
    assert names(Wish.FAST, some) == ["cheap", "cloud", "campus", "local"]
    measured = {"local": 0.1, "cloud": 0.9, "cheap": 2.0}
    assert names(Wish.FAST, some, lambda name: measured.get(name, 0.0)) == ["local", "campus", "cloud", "cheap"]


@pytest.mark.parametrize("wish", Wish)
def test_what_runs_and_fits_comes_first(wish):
    some = candidates(LOCAL, CLOUD, CHEAP, ready={"local": False, "cloud": False}, fit={"local": Fit.PERHAPS})
    assert names(wish, some) == ["cheap", "cloud", "local"]


def test_health_words():
    assert [is_ready(word) for word in ("ready", "loading 34 %", "absent", "down: no answer", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_why_is_one_short_sentence():
    assert why(Wish.AUTO, candidates(LOCAL)) == "personal model fits"
    assert why(Wish.AUTO, candidates(CHEAP)) == "cheapest allowed"
    assert why(Wish.AUTO, candidates(CHEAP, LOCAL, ready={"local": False})).startswith("personal model is not ready")
    assert why(Wish.AUTO, candidates(CHEAP, LOCAL, fit={"local": Fit.PERHAPS})).startswith("too long for the personal")
    masked = Candidate(Route(CLOUD, Form(frozenset({Kind.PHONE, Kind.HKID}))), Fit.FITS, ready=True)
    assert why(None, [masked]) == "asked by name; masked HKID, PHONE"
