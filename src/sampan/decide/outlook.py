"""What is expected of each allowed model for one request: quality, cost, time, language. Always finite or infinite, never NaN."""

import math
from collections.abc import Callable

import msgspec

from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.models import Model, Price, Realm
from sampan.contract.speed import Speed
from sampan.decide.length import BRIEF, likely_tokens
from sampan.decide.needs import Size
from sampan.decide.route import EXPECTED_S, Candidate

Pace = Callable[[str], Speed]
"""Model name -> what was measured of it."""

_TOKENS_S = {Realm.PERSONAL: 20.0, Realm.ENTERPRISE: 50.0, Realm.PUBLIC: 80.0}
"""Tokens a second, as long as nothing is measured."""
DEAR = Price(15.0, 75.0)
"""What a model is taken to cost where a number is needed and nobody stated its price: as the dearest public lists."""
_LEAST, _MOST = 1e-4, 1e5
_CHINESE = frozenset({"zh-Hant", "zh-Hans", "yue"})


class Work(msgspec.Struct, frozen=True):
    """How much there is to do: tokens of the prompt and, probably, of the answer; the language of what was asked."""

    prompt: int
    answer: int
    language: str

    @classmethod
    def of(cls, size: Size, text_size: int, prompt: Prompt, text: str) -> "Work":
        """text: as the router reads it. text_size: bytes, 0 unknown; `size` may be far too high where it is sure to fit."""
        likely = min(size.likely, text_size // 3) if text_size else size.likely
        return cls(likely, min(size.answer, likely_tokens(text, prompt, likely)), prompt.language)


class Outlook(msgspec.Struct, frozen=True):
    """What is expected of one candidate.

    estimate: its numbers from 0 to 1, the lower bound not above the rest. cost: US dollars; infinite when nobody stated a price.
    first_s: seconds to the first token, waiting included. whole_s: to the last. class_: 0 for what runs, fits and
    speaks the language; any other comes after it, whatever the wish.
    """

    candidate: Candidate
    estimate: Estimate
    cost: float
    first_s: float
    whole_s: float
    class_: tuple[bool, int, bool]

    @property
    def model(self) -> Model:
        """The model of the route."""
        return self.candidate.route.model

    @property
    def quality(self) -> float:
        """Expected quality."""
        return self.estimate.quality

    @property
    def low(self) -> float:
        """Its lower confidence bound."""
        return self.estimate.low

    @property
    def margin(self) -> float:
        """How far the quality may be lower than expected."""
        return self.quality - self.low


def outlook(candidate: Candidate, estimate: Estimate, speed: Speed, work: Work) -> Outlook:
    """Put together what is known. What an estimator says that is no number between 0 and 1 counts as 0."""
    model = candidate.route.model
    quality = _share(estimate.quality)
    first_s = (_measured(speed.first_s) or EXPECTED_S[model.realm]) + _measured(speed.waiting_s)
    return Outlook(
        candidate,
        Estimate(quality, min(_share(estimate.low), quality), estimate.labels),
        cost(model, work),
        first_s,
        _whole_s(model, speed, work, first_s),
        (not candidate.ready, int(candidate.fit), not speaks(model, work.language)),
    )


def _whole_s(model: Model, speed: Speed, work: Work, first_s: float) -> float:
    """Seconds to the last token: what short answers took lately, or worked out from the speed."""
    if work.answer <= BRIEF and (brief := _measured(speed.brief_s)):
        return max(brief + _measured(speed.waiting_s), first_s)
    return first_s + work.answer / (_measured(speed.tokens_s) or _TOKENS_S[model.realm])


def cost(model: Model, work: Work) -> float:
    """US dollars. A model on an own device costs none; what has no stated price is dearer than everything that has one."""
    if not model.price.known:
        return 0.0 if model.realm is Realm.PERSONAL else math.inf
    dollars = _at(model.price, work)
    return dollars if dollars >= 0 else math.inf  # also NaN


def dear(work: Work, *known: float) -> float:
    """A finite cost for a model without a price: no less than any known one of the same request."""
    return max((_at(DEAR, work), *(one for one in known if math.isfinite(one))))


def _at(price: Price, work: Work) -> float:
    return (work.prompt * price.input + work.answer * price.output) / 1_000_000


def speaks(model: Model, language: str) -> bool:
    """Whether a model is good at a language, as far as somebody said which ones it is good at."""
    said = model.languages
    if not said or language == "other" or language in said:
        return True
    chinese = "zh" in said or not _CHINESE.isdisjoint(said)
    if language == "mixed":
        return chinese and "en" in said
    if language == "yue":
        return "zh" in said or "zh-Hant" in said
    return language in _CHINESE and "zh" in said


def _share(value: float) -> float:
    return min(value, 1.0) if value > 0 else 0.0  # NaN is not above 0


def _measured(value: float) -> float:
    """0, as if nothing were measured, for what cannot be a measured time or speed."""
    return value if _LEAST < value < _MOST else 0.0
