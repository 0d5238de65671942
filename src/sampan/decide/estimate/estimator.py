"""Expected quality of a model's answer to a prompt: priors, then counters, then a head of its own."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sampan.contract.errors import Corrupt
from sampan.contract.estimate import Estimate, Prompt
from sampan.contract.models import Model
from sampan.decide.estimate.counters import Counters
from sampan.decide.estimate.priors import SLOPE, prior
from sampan.decide.estimate.prompt import PromptReader

VERSION = 1


class Look(msgspec.Struct, frozen=True):
    """A prompt that was read, to be estimated now and learned from later; it can be kept: it holds no text.

    traits: one signed byte each, for the heads; may be empty, then heads are left out.
    """

    prompt: Prompt
    traits: bytes = b""


class Estimator:
    """Estimates and learns. Not safe to change from two threads at once; callers hold a lock."""

    def __init__(self, reader: PromptReader, counters: Counters) -> None:
        self._reader, self._counters = reader, counters

    @classmethod
    def default(cls) -> "Estimator":
        """With the shipped reader, and nothing learned."""
        return cls(PromptReader.default(), Counters())

    def look(self, text: str, language: str) -> Look:
        """Read a prompt. language: as in `contract.estimate.Prompt`."""
        return Look(*self._reader.look(text, language))

    def read(self, text: str, language: str) -> Prompt:
        """What the prompt looks like, without traits."""
        return self.look(text, language).prompt

    def estimate(self, model: Model, prompt: Prompt, traits: bytes = b"") -> Estimate:
        """What to expect of the model's answer. traits: of the same `Look`; not weighed yet."""
        del traits
        return self._counters.estimate(model.name, prompt, _odds(model, prompt))

    def learn(self, model: Model, look: Look, outcome: float, weight: float = 1.0) -> None:
        """Take in one outcome: 0 (wrong) to 1 (right). weight: how much it says, above 0 to 1.

        Raises ValueError when outcome or weight is out of range or not a number.
        """
        if not (0 <= outcome <= 1 and 0 < weight <= 1):
            raise ValueError("an outcome is 0 to 1, its weight above 0 to 1")
        self._counters.learn(model.name, look.prompt, outcome, weight, _odds(model, look.prompt))

    def labels(self, name: str) -> int:
        """Outcomes learned of a model."""
        return self._counters.labels(name)

    def names(self) -> list[str]:
        """The models that something is known about."""
        return self._counters.names()

    def forget(self, name: str) -> None:
        """Drop what is known about a model."""
        self._counters.forget(name)

    def state(self) -> dict[str, Any]:
        """All that was learned, as plain values for JSON."""
        return {"version": VERSION, "counters": self._counters.state()}

    @classmethod
    def from_state(cls, state: Any) -> "Estimator":
        """An estimator that answers as the one did which gave this state. Raises Corrupt with the reason."""
        if not isinstance(state, Mapping) or state.get("version") != VERSION:
            raise Corrupt("what was learned cannot be read: unknown version")
        counters = state.get("counters")
        if not isinstance(counters, Mapping):
            raise Corrupt("what was learned cannot be read: no counters")
        return cls(PromptReader.default(), Counters.from_state(counters))


def _odds(model: Model, prompt: Prompt) -> float:
    return prior(model) - SLOPE * (prompt.difficulty - 2)
