"""Builders for the tests of choosing: candidates, what is expected of them, an estimator that says what it is told."""

from hypothesis import strategies as st

from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.models import Model, Price, Realm
from sampan.contract.request import Form, Route
from sampan.contract.speed import Speed
from sampan.decide.estimate import Look
from sampan.decide.needs import Fit
from sampan.decide.outlook import Work, outlook
from sampan.decide.route import Candidate

WORK = Work(100, 100, "en")


def candidate(model, fit=Fit.FITS, ready=True):
    return Candidate(Route(model, Form()), fit, ready)


def look(model, quality=0.5, low=None, speed=Speed(), work=WORK, **more):
    """What is expected of a model."""
    estimate = Estimate(quality, quality if low is None else low)
    return outlook(candidate(model, **more), estimate, speed, work)


def model(name, price=None, realm=Realm.PUBLIC, **facts):
    known = Price(known=False) if price is None else Price(price, price)
    return Model(name, realm, (), price=known, **facts)


class Fixed:
    """Expects what it is told of models by name; remembers what it read."""

    def __init__(self, prompt=Prompt((("writing", 1.0),)), **qualities):
        self.prompt, self.qualities, self.texts = prompt, qualities, []

    def look(self, text, language):
        self.texts.append((text, language))
        return Look(self.prompt, b"traits")

    def estimate(self, model, prompt, traits):
        assert prompt is self.prompt
        assert traits == b"traits"
        told = self.qualities.get(model.name, 0.5)
        return told if isinstance(told, Estimate) else Estimate(told, told)

    def accepted(self, model, expected):
        return expected


numbers = st.one_of(st.floats(), st.floats(0, 1))
prices = st.one_of(st.none(), st.floats(0, 100), st.sampled_from([0.0, 1.0]))


@st.composite
def outlooks(draw, most=8):
    """Any estimates, broken ones too, of up to eight models."""
    found = []
    for number in range(draw(st.integers(1, most))):
        one = model(f"m{number}", draw(prices), draw(st.sampled_from(list(Realm))))
        found.append(look(one, draw(numbers), draw(numbers), draw(st.builds(Speed, numbers, numbers, numbers)),
                          fit=draw(st.sampled_from([Fit.FITS, Fit.PERHAPS])), ready=draw(st.booleans())))  # fmt: skip
    return draw(st.permutations(found))
