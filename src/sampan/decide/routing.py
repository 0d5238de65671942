"""Everything about choosing among allowed models, in one place for the composition root and the faces."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import msgspec

from sampan.contract.errors import BadRequest, SampanError
from sampan.contract.estimate import Trial
from sampan.contract.models import Model
from sampan.contract.ports import Stopwatch
from sampan.contract.request import Json, Principal, Request
from sampan.contract.storage import LearnedStore
from sampan.contract.verdict import Said, Verdict
from sampan.decide.feedback import Feedback
from sampan.decide.learning import Learner
from sampan.decide.pace import Paces
from sampan.decide.router import NOTHING, Preference, Router
from sampan.decide.verify.verifier import AnswerVerifier
from sampan.settings import Route

SETTLE_S = 60.0


class Routing:
    """Implements `runtime.Routing` and, around the verifier, `contract.ports.Verifier`.

    receipt_of: a receipt by its id; raises NotFound. slots: model name -> requests it works on at once, 0 unknown.
    """

    def __init__(
        self,
        store: LearnedStore,
        models: Callable[[], tuple[Model, ...]],
        receipt_of: Callable[[str], Json],
        slots: Callable[[str], int],
    ) -> None:
        self._settings, self._verifier = Route(), AnswerVerifier()
        self._paces = Paces(slots=slots)
        self._learner = Learner(store, self._paces, models)
        self._feedback = Feedback(self._learner, store, receipt_of)

    def router(self, settings: Route) -> Router:
        """A router under these settings; from now on they are in force."""
        self._settings = settings
        self._paces.late_from(settings.hedge)
        preference = Preference(
            settings.epsilon, settings.second_usd, settings.home_usd, settings.trial, hedge=settings.hedge > 0
        )
        return Router(self._learner, self._paces.of, preference, self._learner if settings.learn else NOTHING)

    @property
    def watch(self) -> Stopwatch:
        """Who is to be told how long models take."""
        return self._paces

    def first_s(self, name: str) -> float:
        """Measured seconds to a model's first token; 0 when nothing is measured."""
        return self._paces.of(name).first_s

    def said(self, asker: Principal | None, receipt_id: str, kind: str, value: float | None) -> Json:
        """As `Feedback.said`. Raises BadRequest when learning is off."""
        if not self._settings.learn:
            raise BadRequest("Learning is off here (`route.learn`).")
        return self._feedback.said(asker, receipt_id, kind, value)

    def verify(self, request: Request, said: Said, trial: Trial) -> Verdict:
        """As the verifier."""
        return self._verifier.verify(request, said, trial)

    def settled(self, request: Request, verdict: Verdict, trial: Trial) -> None:
        """What it said in the end is learned from."""
        if self._settings.learn:
            self._learner.learn_from_verdict(request.id, verdict, trial)

    def compared(self, request: Request, model: Model, said: Said, trial: Trial) -> float:
        """As `contract.ports.Compared`; learned from as from a trial."""
        verdict = self._verifier.verify(request, said, trial)
        if self._settings.learn:
            self._learner.learn_from_comparison(request.id, model, verdict)
        return verdict.score

    def health(self) -> Json:
        """`drift`: whether what is expected still is what happens. `notice`: what was lost; empty when nothing was."""
        return {"drift": msgspec.to_builtins(self._learner.drift()), "notice": self._learner.notice}

    def shown(self) -> dict[str, Any]:
        """Figures of each model, drift, settings in force."""
        settings = self._settings
        told = {"epsilon": settings.epsilon, "second_usd": settings.second_usd,
                "home_usd": settings.home_usd, "trial": settings.trial,
                "hedge": settings.hedge, "learn": settings.learn}  # fmt: skip
        return {**self._learner.shown(), "settings": told}

    def exported(self) -> dict[str, Any]:
        """Everything that was learned and measured."""
        return self._learner.exported()

    def reset(self) -> dict[str, Any]:
        """Forget it. Raises StorageFull."""
        return self._learner.reset()

    def settle(self) -> None:
        """Bring it to the disk. Raises StorageFull."""
        self._learner.settle()

    async def settling(self) -> None:
        """Bring it to the disk now and then, for ever; what people said of answers is there at once."""
        while True:
            await asyncio.sleep(SETTLE_S)
            with contextlib.suppress(SampanError):  # a full disk: another time
                await asyncio.to_thread(self.settle)
