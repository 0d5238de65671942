"""One request, several allowed models: read the prompt, look at each, choose. Nothing is kept of the text."""

from collections.abc import Sequence

import msgspec

from sampan.contract.estimate import Estimate, Prompt, Trial
from sampan.contract.ports import Estimator
from sampan.contract.request import Dialect, Request, Route
from sampan.contract.speed import UNMEASURED, Speed
from sampan.decide.choose import masks, order, why
from sampan.decide.needs import Size
from sampan.decide.outlook import Outlook, Pace, Work, outlook
from sampan.decide.prompt import language_of, prompt_text
from sampan.decide.route import Candidate, Wish
from sampan.decide.trial import OnTrial, Worth, hedge_after, on_trial, why_trial


def _unmeasured(_name: str) -> Speed:
    return UNMEASURED


class Preference(msgspec.Struct, frozen=True):
    """What the settings say about choosing; meanings as in `settings.Route`."""

    epsilon: float = 0.05
    second_usd: float = 0.0001
    trial: bool = True
    hedge: bool = True


USUAL = Preference()


class Choice(msgspec.Struct, frozen=True):
    """Routes, best first, and what `Decided` says of them."""

    routes: tuple[Route, ...]
    why: str
    prompt: Prompt
    estimates: dict[str, Estimate]
    trial: Trial | None = None
    hedge_after_s: float = 0.0


class Router:
    """Chooses among models that policy allows; it never adds one and never drops one."""

    def __init__(self, estimator: Estimator, pace: Pace = _unmeasured, preference: Preference = USUAL) -> None:
        self._estimator, self._pace, self._preference = estimator, pace, preference

    def choose(self, request: Request, candidates: Sequence[Candidate], wish: Wish, size: Size) -> Choice:
        """Order the candidates for one request."""
        text = prompt_text(request)
        prompt = self._estimator.read(text, language_of(text))
        work = Work.of(size, request.text_size, prompt.language)
        estimates = [self._estimator.estimate(one.route.model, prompt) for one in candidates]
        looks = [
            outlook(one, estimate, self._pace(one.route.model.name), work)
            for one, estimate in zip(candidates, estimates, strict=True)
        ]
        ordered = order(looks, wish, self._preference.epsilon)
        said = why(ordered, wish, self._preference.epsilon)
        trial = self._trial(request, ordered, wish, work)
        if trial is not None:
            said = why_trial(trial, ordered[0]) + masks(trial.first)
            ordered = [trial.first, *(one for one in ordered if one is not trial.first)]
        return Choice(
            tuple([one.candidate.route for one in ordered]),
            said,
            prompt,
            {
                one.model.name: Estimate(one.quality, one.low, estimate.labels)
                for one, estimate in zip(looks, estimates, strict=True)
            },
            trial.trial if trial else None,
            self._hedge(ordered, wish),
        )

    def _trial(self, request: Request, ordered: list[Outlook], wish: Wish, work: Work) -> OnTrial | None:
        if not self._preference.trial or wish is not Wish.AUTO or request.dialect is Dialect.COUNT_TOKENS:
            return None
        return on_trial(ordered, work, Worth(self._preference.epsilon, self._preference.second_usd))

    def _hedge(self, ordered: list[Outlook], wish: Wish) -> float:
        if not self._preference.hedge or wish is not Wish.FAST:
            return 0.0
        return hedge_after(ordered, self._pace(ordered[0].model.name))
