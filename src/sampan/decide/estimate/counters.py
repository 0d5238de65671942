"""Successes of each model, counted by domain and difficulty, shrunk towards what the wider count and the prior expect.

Four levels: the model, the model in a family of domains, in a domain, in a domain at a difficulty. A cell that has seen little answers
like the cell above it, moved by how much harder or easier its prompts are: Beta(k p, k (1 - p)) with the expectation p of
the level above and a strength k, an empirical-Bayes chain. Old outcomes fade: each later one of the same model multiplies
their weight by a constant.
"""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from sampan.contract.errors import Corrupt
from sampan.contract.estimate import Estimate, Prompt
from sampan.decide.estimate.odds import clamp, logit, sigmoid

_STRENGTH = (6.0, 6.0, 10.0, 30.0)
"""How many outcomes the expectation from above weighs: at the model, at a family, at a domain, at a difficulty."""
HALF_LIFE = 4000.0
"""Later outcomes of the same model after which one counts half."""
_Z = 1.2816
"""One-sided 90 % of a normal distribution."""
_FLOOR = 1e-9
NO_FAMILIES: Mapping[str, str] = {}


class Cell(msgspec.Struct, array_like=True):
    """Weights: outcomes seen, successes among them, prior log odds of their prompts added up, the model's clock then."""

    seen: float = 0.0
    good: float = 0.0
    odds: float = 0.0
    clock: float = 0.0

    def fade(self, clock: float, half_life: float) -> None:
        """As heavy as it is at this clock."""
        if clock != self.clock:
            left = 0.5 ** ((clock - self.clock) / half_life)
            self.seen, self.good, self.odds, self.clock = self.seen * left, self.good * left, self.odds * left, clock

    def add(self, outcome: float, weight: float, odds: float) -> None:
        """One more outcome, 0 to 1."""
        self.seen += weight
        self.good += weight * outcome
        self.odds += weight * odds


class Tally(msgspec.Struct):
    """One model's cells. clock: weight of all outcomes ever learned. cells: `` (the model), `+family`, `domain`, `domain/bin`."""

    clock: float = 0.0
    labels: int = 0
    cells: dict[str, Cell] = {}


class Counters:
    """Tallies by model name. Not safe to change from two threads at once; callers hold a lock.

    families: domain -> the family it is in. half_life: in outcomes; infinity never forgets.
    """

    def __init__(self, half_life: float = HALF_LIFE, families: Mapping[str, str] = NO_FAMILIES) -> None:
        self.half_life, self._families = half_life, families
        self.tallies: dict[str, Tally] = {}

    def learn(self, name: str, prompt: Prompt, outcome: float, weight: float, odds: float) -> None:
        """Count one outcome. odds: the prior log odds of this model on this prompt."""
        tally = self.tallies.setdefault(name, Tally())
        tally.clock += weight
        tally.labels += 1
        self._add(tally, "", (outcome, weight, odds))
        for domain, share in prompt.domains:
            if family := self._families.get(domain):
                self._add(tally, f"+{family}", (outcome, weight * share, odds))
            self._add(tally, domain, (outcome, weight * share, odds))
            self._add(tally, f"{domain}/{prompt.difficulty}", (outcome, weight * share, odds))

    def _add(self, tally: Tally, key: str, what: tuple[float, float, float]) -> None:
        cell = tally.cells.setdefault(key, Cell(clock=tally.clock))
        cell.fade(tally.clock, self.half_life)
        cell.add(*what)

    def estimate(self, name: str, prompt: Prompt, odds: float) -> Estimate:
        """Expected quality of the model's answer. odds: as for `learn`."""
        tally = self.tallies.get(name)
        if tally is None:
            return bounded(sigmoid(odds), _STRENGTH[0], 0)
        top = self._shrunk(tally, "", (odds, odds, _STRENGTH[0]), _STRENGTH[0])
        quality, strength, rest = 0.0, 0.0, 1.0
        for domain, share in prompt.domains:
            family = self._shrunk(tally, f"+{self._families.get(domain)}", top, _STRENGTH[1])
            middle = self._shrunk(tally, domain, family, _STRENGTH[2])
            leaf = self._shrunk(tally, f"{domain}/{prompt.difficulty}", middle, _STRENGTH[3])
            quality += share * sigmoid(leaf[0] + odds - leaf[1])
            strength += share * leaf[2]
            rest -= share
        rest = max(rest, 0.0)
        quality += rest * sigmoid(top[0] + odds - top[1])
        return bounded(quality, strength + rest * top[2], tally.labels)

    def level(self, name: str) -> float:
        """Share of good answers over all prompts of a model; a half weighs as much as two outcomes."""
        cell = self.tallies[name].cells[""] if name in self.tallies else Cell()
        return (cell.good + 1) / (cell.seen + 2)

    def _shrunk(
        self, tally: Tally, key: str, above: tuple[float, float, float], strength: float
    ) -> tuple[float, float, float]:
        """(log odds of success, prior log odds of its prompts, outcomes that say so) of a cell, given the one above."""
        cell = tally.cells.get(key)
        if cell is None or cell.seen < _FLOOR:
            return above
        left = 0.5 ** ((tally.clock - cell.clock) / self.half_life)
        seen = cell.seen * left
        mean = cell.odds / cell.seen
        expected = sigmoid(above[0] + mean - above[1])
        rate = (cell.good * left + strength * expected) / (seen + strength)
        return logit(rate), mean, seen + min(strength, above[2])

    def labels(self, name: str) -> int:
        """Outcomes learned of a model."""
        tally = self.tallies.get(name)
        return tally.labels if tally else 0

    def names(self) -> list[str]:
        """The models that something is known about."""
        return sorted(self.tallies)

    def forget(self, name: str) -> None:
        """Drop what is known about a model."""
        self.tallies.pop(name, None)

    def state(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        tallies: dict[str, Any] = msgspec.to_builtins(self.tallies)
        return {"half_life": self.half_life, "models": tallies}

    @classmethod
    def from_state(cls, state: Mapping[str, Any], families: Mapping[str, str] = NO_FAMILIES) -> "Counters":
        """Counters that answer as those did which gave this state. Raises Corrupt."""
        try:
            half_life = msgspec.convert(state["half_life"], float)
            tallies = msgspec.convert(state["models"], dict[str, Tally])
        except (KeyError, TypeError, msgspec.ValidationError) as error:
            raise Corrupt(f"the learned counters cannot be read: {error}") from error
        if not half_life > 0:
            raise Corrupt("the learned counters cannot be read: the half-life is not positive")
        for name, tally in tallies.items():
            for key, cell in tally.cells.items():
                if not _sound(cell, tally.clock):
                    raise Corrupt(
                        f"the learned counters cannot be read: impossible numbers for {name} in {key or 'all'}"
                    )
        counters = cls(half_life, families)
        counters.tallies = tallies
        return counters


def _sound(cell: Cell, clock: float) -> bool:
    finite = all(map(math.isfinite, (cell.seen, cell.good, cell.odds, cell.clock, clock)))
    return finite and 0 <= cell.good <= cell.seen * (1 + 1e-9) + 1e-9 and cell.clock <= clock * (1 + 1e-9)


def bounded(quality: float, strength: float, labels: int) -> Estimate:
    """With a lower bound: one-sided 90 % of Beta(strength q, strength (1 - q)), as if it were normal."""
    quality = clamp(quality)
    spread = math.sqrt(quality * (1 - quality) / (strength + 1))
    return Estimate(quality, clamp(quality - _Z * spread), labels)
