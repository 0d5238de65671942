"""What is expected of models, learned from what people and verifiers say of answers. Counters and weights, never a text.

One state a home: outcomes are few, and the counters say nothing about who asked. What a prompt looked like is kept in
memory until somebody says how the answer was, for the newest requests only.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec

from sampan.contract.errors import SampanError
from sampan.contract.estimate import Estimate, Prompt, Trial
from sampan.contract.models import Model
from sampan.contract.storage import LearnedStore
from sampan.contract.verdict import Verdict
from sampan.decide.acceptance import Acceptance
from sampan.decide.drift import Drift, Outcomes
from sampan.decide.estimate import Estimator, Look
from sampan.decide.pace import Paces

log = logging.getLogger("sampan")

VERDICT_WEIGHT = 0.2
"""A verifier's score says less than a person: it is often wrong in the same way twice."""
_SEEN_KEPT = 2048
_BROKEN = (SampanError, msgspec.MsgspecError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError)


class _Seen(msgspec.Struct):
    """What a request looked like, and the model on trial for it until that was judged."""

    look: Look
    on_trial: Model | None


class Learner:
    """Implements `router.Estimates` and `router.Memory`. Safe to use from any thread."""

    def __init__(self, store: LearnedStore, paces: Paces, models: Callable[[], tuple[Model, ...]]) -> None:
        """Go on from what the store has. What cannot be read is reset, with a notice."""
        self._store, self._paces, self._models = store, paces, models
        self._lock = threading.RLock()
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._loaded: Estimator | None = None
        self._outcomes, self._trials = Outcomes(), Acceptance()
        self._changed = False
        self.notice = ""
        self._revive()

    @property
    def _estimator(self) -> Estimator:
        """Loaded when somebody asks: its reader takes a while, and where one model is all there is nobody does."""
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = Estimator.default()
        return self._loaded

    def _revive(self) -> None:
        lost = []
        parts = {"estimates": self._restore, "outcomes": self._outcomes.restore, "trials": self._trials.restore,
                 "paces": self._paces.restore}  # fmt: skip
        for part, restore in parts.items():
            try:
                if content := self._store.part(part):
                    restore(msgspec.json.decode(content))
            except _BROKEN as error:
                log.warning("what the router kept as %s cannot be read and begins anew: %s", part, error)
                lost.append(part)
        if lost:
            self.notice = f"{', '.join(lost)}: could not be read and began anew"

    def _restore(self, state: Any) -> None:
        self._loaded = Estimator.from_state(state)

    def look(self, text: str, language: str) -> Look:
        """Read a prompt."""
        return self._estimator.look(text, language)

    def estimate(self, model: Model, prompt: Prompt, traits: bytes = b"") -> Estimate:
        """What to expect of a model's answer."""
        return self._estimator.estimate(model, prompt, traits)

    def accepted(self, model: Model, expected: float) -> float:
        """The chance that an answer of this model on trial is kept. expected: its quality."""
        return self._trials.rate(model.name, expected)

    def looked(self, request_id: str, look: Look, on_trial: Model | None) -> None:
        """A prompt was read for this request, and this model answers it on trial."""
        self._seen[request_id] = _Seen(look, on_trial)
        while len(self._seen) > _SEEN_KEPT:
            self._seen.popitem(last=False)

    def look_of(self, request_id: str, prompt: Prompt) -> Look:
        """What this request's prompt looked like: whole while it is remembered, else what its receipt says."""
        seen = self._seen.get(request_id)
        return seen.look if seen else Look(prompt)

    def learn(self, model: Model, look: Look, outcome: float, weight: float) -> None:
        """Take in one outcome, 0 to 1. weight: above 0, to 1."""
        with self._lock:
            expected = self._estimator.estimate(model, look.prompt, look.traits).quality
            self._estimator.learn(model, look, outcome, weight)
            self._outcomes.add(min(max(expected, 0.0), 1.0), outcome, weight)
            self._changed = True

    def learn_from_verdict(self, request_id: str, verdict: Verdict, trial: Trial) -> None:
        """Count what a verifier said of the answer on trial of a request: once, and never raises.

        The score is a weak outcome only where a check had something to say: without one it only repeats what was expected.
        """
        seen = self._seen.get(request_id)
        if seen is None or seen.on_trial is None or not 0 <= verdict.score <= 1:
            return
        model, seen.on_trial = seen.on_trial, None
        with self._lock:
            kept = verdict.usable and verdict.score >= trial.accept_at
            self._trials.add(model.name, trial.hoped or trial.prior, kept=kept)
            self._changed = True
        if verdict.spoke:
            self.learn(model, seen.look, verdict.score, VERDICT_WEIGHT)

    def learn_from_comparison(self, request_id: str, model: Model, verdict: Verdict) -> None:
        """Count what a verifier said of one of two answers to a request that were held against each other."""
        seen = self._seen.get(request_id)
        if seen is not None and verdict.spoke and 0 <= verdict.score <= 1:
            self.learn(model, seen.look, verdict.score, VERDICT_WEIGHT)

    def model(self, name: str) -> Model | None:
        """A model of now."""
        return next((model for model in self._models() if model.name == name), None)

    def labels(self, name: str) -> int:
        """Outcomes learned of a model."""
        return self._estimator.labels(name)

    def settle(self) -> None:
        """Bring everything to the disk. Raises StorageFull."""
        with self._lock:
            parts = {"paces": msgspec.json.encode(self._paces.state())}
            if self._changed:
                parts |= {name: msgspec.json.encode(value) for name, value in self._state().items()}
            self._store.keep(parts)
            self._changed = False

    def _state(self) -> dict[str, Any]:
        return {
            "estimates": self._estimator.state(),
            "outcomes": self._outcomes.state(),
            "trials": self._trials.state(),
        }

    def drift(self) -> Drift:
        """Whether what is expected still is what happens."""
        with self._lock:
            return self._outcomes.drift()

    def shown(self) -> dict[str, Any]:
        """What `sampan route show` says: figures of each model, drift, a notice."""
        return {
            "models": [self._row(model) for model in self._models() if "chat" in model.capabilities],
            "drift": msgspec.to_builtins(self.drift()),
            "notice": self.notice,
        }

    def _row(self, model: Model) -> dict[str, Any]:
        expected, speed = self.estimate(model, Prompt()), self._paces.of(model.name)
        return {
            "name": model.name,
            "realm": model.realm.value,
            "labels": expected.labels,
            "quality": round(expected.quality, 3),
            "low": round(expected.low, 3),
            "first_s": round(speed.first_s, 3),
            "late_s": round(speed.late_s, 3),
            "tokens_s": round(speed.tokens_s, 1),
            "price": [model.price.input, model.price.output] if model.price.known else None,
            "languages": list(model.languages),
        }

    def exported(self) -> dict[str, Any]:
        """Everything that was learned and measured."""
        with self._lock:
            return {**self._state(), "paces": self._paces.state()}

    def reset(self) -> dict[str, Any]:
        """Forget everything that was learned and measured, here and on the disk. Raises StorageFull."""
        with self._lock:
            self._store.clear()
            self._loaded = None
            self._outcomes.clear()
            self._trials.clear()
            self._paces.forget()
            self._seen.clear()
            self.notice, self._changed = "", False
        return {"reset": True}
