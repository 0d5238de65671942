"""Expected quality of a model's answer to a prompt: priors, then counters, then a head of its own; calibrated."""

import math
from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec

from sampan.contract.errors import Corrupt
from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.models import Model
from sampan.decide.estimate import priors
from sampan.decide.estimate.calibrate import Isotonic, Pair, ece
from sampan.decide.estimate.counters import HALF_LIFE, Counters
from sampan.decide.estimate.cues import NAMES
from sampan.decide.estimate.head import Example, Features, Featuriser, Head
from sampan.decide.estimate.odds import clamp
from sampan.decide.estimate.prompt import PromptReader
from sampan.decide.estimate.traits import Traits

VERSION, _BEFORE = 3, 2
"""Of the state. The heads of the one before were fitted to something else and are left out; its counters are taken."""
_LENGTH, _DENIALS = NAMES.index("length"), NAMES.index("not")
_FARTHEST = 4.0
"""Bins above or below middling difficulty that no prompt reaches; the harder one stays the harder one."""
_PAIRS, _AFTER = 2000, 50
"""Pairs of expected and outcome that are kept, and new ones after which the calibration is made again."""


class Look(msgspec.Struct, frozen=True):
    """A prompt that was read, to be estimated now and learned from later; it can be kept: it holds no text.

    traits: `Traits.to_bytes()`, for the heads; may be empty, then heads are left out.
    """

    prompt: Prompt
    traits: bytes = b""


class Outcome(msgspec.Struct, frozen=True):
    """How good a model's answer was: 0 (wrong) to 1 (right). weight: how much that says, above 0 to 1."""

    model: Model
    look: Look
    outcome: float
    weight: float = 1.0


class Estimator:
    """Estimates and learns. Not safe to change from two threads at once; callers hold a lock."""

    def __init__(self, reader: PromptReader, half_life: float = HALF_LIFE) -> None:
        self._reader, self._counters = reader, Counters(half_life, reader.families)
        self._featuriser = Featuriser(reader.table)
        self._heads: dict[str, Head] = {}
        self._pairs: deque[Pair] = deque(maxlen=_PAIRS)
        self._new, self._map = 0, Isotonic()
        self._last: tuple[bytes, Traits | None, Features | None] = (b"", None, None)

    @classmethod
    def default(cls) -> "Estimator":
        """With the shipped reader, and nothing learned."""
        return cls(PromptReader.default())

    def look(self, text: str, language: str) -> Look:
        """Read a prompt. language: as in `contract.estimate.Prompt`."""
        prompt, traits = self._reader.look(text, language)
        return Look(prompt, traits.to_bytes())

    def read(self, text: str, language: str) -> Prompt:
        """What the prompt looks like, without traits."""
        return self._reader.read(text, language)

    def estimate(self, model: Model, prompt: Prompt, traits: bytes = b"") -> Estimate:
        """What to expect of the model's answer, calibrated. traits: of the same `Look`."""
        raw = self.uncalibrated(model, prompt, traits)
        quality = clamp(self._map(raw.quality))
        return Estimate(quality, clamp(min(quality, quality - (raw.quality - raw.low))), raw.labels)

    def uncalibrated(self, model: Model, prompt: Prompt, traits: bytes = b"") -> Estimate:
        """The same before calibration."""
        odds = self._odds(model, prompt, traits)
        found = self._counters.estimate(model.name, prompt, odds)
        head = self._heads.get(model.name)
        features = self._features(traits) if head else None
        if head is None or features is None or not head.grown:
            return found
        quality = clamp(self._counters.level(model.name) + head.says(features))
        return Estimate(quality, clamp(quality - (found.quality - found.low)), found.labels)

    def learn(self, model: Model, look: Look, outcome: float, weight: float = 1.0) -> None:
        """Take in one outcome: 0 (wrong) to 1 (right). weight: how much it says, above 0 to 1.

        Raises ValueError when outcome or weight is out of range or not a number.
        """
        _check(outcome, weight)
        odds = self._odds(model, look.prompt, look.traits)
        expected = self.uncalibrated(model, look.prompt, look.traits).quality
        left = outcome - self._counters.level(model.name)
        features = self._features(look.traits)
        if features is not None:
            self._heads.setdefault(model.name, Head()).learn(Example(features, left, weight))
        self._counters.learn(model.name, look.prompt, outcome, weight, odds)
        self._note(Pair(expected, outcome))

    def train(self, outcomes: Sequence[Outcome]) -> None:
        """Take in many at once. The heads are fitted exactly, on these alone; everything else is as with `learn`."""
        for each in outcomes:
            _check(each.outcome, each.weight)
        for each in outcomes:
            odds = self._odds(each.model, each.look.prompt, each.look.traits)
            self._counters.learn(each.model.name, each.look.prompt, each.outcome, each.weight, odds)
        by_model: dict[str, list[Example]] = {}
        for each in outcomes:
            features = self._features(each.look.traits)
            if features is not None:
                left = each.outcome - self._counters.level(each.model.name)
                by_model.setdefault(each.model.name, []).append(Example(features, left, each.weight))
        for name, examples in by_model.items():
            self._heads[name] = head = Head()
            head.fit(examples)

    def calibrate(self, pairs: Sequence[Pair]) -> None:
        """Calibrate on these pairs of uncalibrated quality and outcome, which nothing was trained on."""
        self._pairs.extend(pairs)
        self._map, self._new = Isotonic.of(self._pairs), 0

    def error(self) -> float:
        """Expected calibration error of the kept pairs, before calibration; each was expected before it was learned."""
        return ece(self._pairs)

    def _note(self, pair: Pair) -> None:
        self._pairs.append(pair)
        self._new += 1
        if self._new >= _AFTER:
            self._map, self._new = Isotonic.of(self._pairs), 0

    def _odds(self, model: Model, prompt: Prompt, traits: bytes) -> float:
        known = self._traits(traits)[0]
        harder: float = prompt.difficulty - 2
        if known:
            harder = priors.harder(prompt.domains, known.cues[_LENGTH], known.cues[_DENIALS])
        return priors.expected(model, _FARTHEST * math.tanh(harder / _FARTHEST))

    def _features(self, traits: bytes) -> Features | None:
        known, features = self._traits(traits)
        if known is not None and features is None:
            features = self._featuriser.features(known)
            self._last = (traits, known, features)
        return features

    def _traits(self, traits: bytes) -> tuple[Traits | None, Features | None]:
        """Read once for all the models of a request."""
        last = self._last
        if last[0] != traits:
            last = self._last = (traits, Traits.from_bytes(traits), None)
        return last[1], last[2]

    def labels(self, name: str) -> int:
        """Outcomes learned of a model."""
        return self._counters.labels(name)

    def names(self) -> list[str]:
        """The models that something is known about."""
        return self._counters.names()

    def forget(self, name: str) -> None:
        """Drop what is known about a model."""
        self._counters.forget(name)
        self._heads.pop(name, None)

    def state(self) -> dict[str, Any]:
        """All that was learned, as plain values for JSON."""
        heads = {name: head.state() for name, head in self._heads.items()}
        return {
            "version": VERSION,
            "counters": self._counters.state(),
            "heads": heads,
            "pairs": list(map(list, self._pairs)),
        }

    @classmethod
    def from_state(cls, state: Any) -> "Estimator":
        """An estimator that answers as the one did which gave this state. Raises Corrupt with the reason."""
        if not isinstance(state, dict) or state.get("version") not in {VERSION, _BEFORE}:
            raise Corrupt("what was learned cannot be read: unknown version")
        counters, heads = state.get("counters"), state.get("heads")
        if not isinstance(counters, dict) or not isinstance(heads, dict):
            raise Corrupt("what was learned cannot be read: parts are missing")
        estimator = cls(PromptReader.default())
        estimator._counters = Counters.from_state(counters, estimator._reader.families)
        if state["version"] == VERSION:
            estimator._heads = {str(name): Head.from_state(each) for name, each in heads.items()}
        estimator.calibrate(_pairs_of(state.get("pairs")))
        return estimator


def _pairs_of(state: Any) -> list[Pair]:
    try:
        pairs = [Pair(*each) for each in msgspec.convert(state, list[tuple[float, float]])]
    except msgspec.ValidationError as error:
        raise Corrupt(f"what was learned cannot be read: {error}") from error
    if not all(0 <= each <= 1 for pair in pairs for each in pair):
        raise Corrupt("what was learned cannot be read: impossible pairs")
    return pairs


def _check(outcome: float, weight: float) -> None:
    if not (0 <= outcome <= 1 and 0 < weight <= 1):
        raise ValueError("an outcome is 0 to 1, its weight above 0 to 1")
