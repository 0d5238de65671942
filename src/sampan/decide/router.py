"""One request, several allowed models: read the prompt, look at each, choose. Nothing is kept of the text."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from sampan.contract.estimate import Estimate, Prompt, Trial
from sampan.contract.models import Model
from sampan.contract.request import Dialect, Labelled, Route
from sampan.contract.speed import UNMEASURED, Speed
from sampan.decide.choose import masks, order, why
from sampan.decide.estimate import Look
from sampan.decide.needs import Size
from sampan.decide.outlook import Outlook, Pace, Work, outlook
from sampan.decide.prompt import prompt_text
from sampan.decide.route import Candidate, Wish
from sampan.decide.trial import OnTrial, Worth, hedge_after, on_trial, why_trial


class Estimates(Protocol):
    """What is expected of models. `decide.estimate.Estimator`, or what learns around it."""

    def look(self, text: str, language: str) -> Look:
        """Read a prompt."""

    def estimate(self, model: Model, prompt: Prompt, traits: bytes) -> Estimate:
        """Expected quality of a model's answer."""

    def accepted(self, model: Model, expected: float) -> float:
        """The chance that its answer on trial is kept."""


class Memory(Protocol):
    """Keeps what a prompt looked like until somebody says how the answer was."""

    def looked(self, request_id: str, look: Look, on_trial: Model | None) -> None:
        """A prompt was read and its models chosen; on_trial: the one that answers on trial."""


class Forgetful:
    """Keeps nothing."""

    def looked(self, request_id: str, look: Look, on_trial: Model | None) -> None:
        """Let it go."""


NOTHING = Forgetful()


def _unmeasured(_name: str) -> Speed:
    return UNMEASURED


class Preference(msgspec.Struct, frozen=True):
    """What the settings say about choosing; meanings as in `settings.Route`."""

    epsilon: float = 0.05
    second_usd: float = 0.0001
    home_usd: float = 0.005
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

    def __init__(
        self, estimates: Estimates, pace: Pace = _unmeasured, preference: Preference = USUAL, memory: Memory = NOTHING
    ) -> None:
        self._estimates, self._pace, self._preference, self._memory = estimates, pace, preference, memory

    def choose(self, labelled: Labelled, candidates: Sequence[Candidate], wish: Wish, size: Size) -> Choice:
        """Order the candidates for one request."""
        request, epsilon = labelled.request, self._preference.epsilon
        text = prompt_text(request)
        look = self._estimates.look(text, labelled.labels.language)
        work = Work.of(size, request.text_size, look.prompt, text)
        expected = [self._estimates.estimate(one.route.model, look.prompt, look.traits) for one in candidates]
        found = [
            outlook(one, estimate, self._pace(one.route.model.name), work)
            for one, estimate in zip(candidates, expected, strict=True)
        ]
        ordered = order(found, wish, epsilon)
        trial = self._trial(labelled, ordered, wish, work)
        self._memory.looked(request.id, look, trial.first.model if trial else None)
        if trial is None:
            told = why(ordered, wish, epsilon)
        else:
            told = why_trial(trial, ordered[0]) + masks(trial.first)
            ordered = [trial.first, *[one for one in ordered if one is not trial.first]]
        return Choice(
            tuple([one.candidate.route for one in ordered]),
            told,
            look.prompt,
            {one.model.name: one.estimate for one in found},
            trial.trial if trial else None,
            self._hedge(ordered, wish),
        )

    def _trial(self, labelled: Labelled, ordered: list[Outlook], wish: Wish, work: Work) -> OnTrial | None:
        counts_only = labelled.request.dialect is Dialect.COUNT_TOKENS
        if not self._preference.trial or wish is not Wish.AUTO or counts_only:
            return None
        liked = self._preference
        worth = Worth(liked.epsilon, liked.second_usd, self._estimates.accepted, liked.home_usd)
        return on_trial(ordered, work, worth)

    def _hedge(self, ordered: list[Outlook], wish: Wish) -> float:
        if not self._preference.hedge or wish is not Wish.FAST:
            return 0.0
        return hedge_after(ordered, self._pace(ordered[0].model.name))
