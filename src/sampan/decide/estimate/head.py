"""A linear head of one model: what its outcomes say beyond its own level, from hashed words, topics and cues.

Three groups of features, each of length at most one: the hashed rows with the reader's weights, the square roots of the
topics' shares, and random Fourier features of the cues (Rahimi and Recht 2007: an inner product near a Gaussian kernel;
each looks at few cues, so that it is cheap). The head is fitted to outcome - model's level by ridge regression, which
shrinks it to nothing where outcomes are few. It is not fitted to what the counters leave: they have seen the same outcomes, so too
little would be left.
"""

import base64
import hashlib
import math
import operator
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from importlib import import_module
from statistics import NormalDist
from typing import Any, NamedTuple

from sampan.contract.errors import Corrupt
from sampan.decide.estimate.cues import NAMES
from sampan.decide.estimate.ngrams import BUCKETS
from sampan.decide.estimate.table import Table
from sampan.decide.estimate.traits import Traits

LEAST = 500
"""Outcomes of a model before its head has a say."""
STRENGTH = 14.0
"""Ridge penalty: the prior precision of a weight over that of an outcome."""
WAVES, _LOOKED_AT = 192, 6
"""Fourier features, and cues each of them looks at."""
_TOPICS = 128
WIDTH = BUCKETS + _TOPICS + WAVES + 1
_GROUP = math.sqrt(1 / 3)
_ROUNDS, _DONE = 200, 1e-12
"""Of conjugate gradients, at most, and the squared residual that is small enough."""


class Wave(NamedTuple):
    """cos(sum of weight x cue + phase)."""

    cues: tuple[int, ...]
    weights: tuple[float, ...]
    phase: float


def waves() -> list[Wave]:
    """The same for every head of every installation: drawn from the bytes of a hash."""
    many = WAVES * (2 * _LOOKED_AT + 1)
    drawn = iter(struct.unpack(f"<{many}I", hashlib.shake_128(b"waves").digest(4 * many)))
    bell, found = NormalDist(0, 1 / math.sqrt(_LOOKED_AT)), []
    for _ in range(WAVES):
        left = list(range(len(NAMES)))
        some = tuple(left.pop(next(drawn) % len(left)) for _ in range(_LOOKED_AT))
        by = tuple(bell.inv_cdf((next(drawn) + 0.5) / 2**32) for _ in range(_LOOKED_AT))
        found.append(Wave(some, by, 2 * math.pi * next(drawn) / 2**32))
    return found


class Features(NamedTuple):
    """A sparse vector: places and values."""

    places: list[int]
    values: list[float]


class Featuriser:
    """Traits to features. Safe to use from many threads."""

    def __init__(self, table: Table) -> None:
        self._table, self._waves = table, waves()
        self._weights: dict[int, float] = {}

    def features(self, traits: Traits) -> Features:
        """The features of one prompt, the constant last."""
        weights = [self._weight(row) for row in traits.rows]
        scale = _GROUP / (math.sqrt(math.fsum(each * each for each in weights)) or 1.0)
        places = list(traits.rows)
        values = [scale * each for each in weights]
        for topic, share in traits.topics:
            places.append(BUCKETS + topic)
            values.append(_GROUP * math.sqrt(share))
        places.extend(range(BUCKETS + _TOPICS, WIDTH))
        cues, high = traits.cues, _GROUP * math.sqrt(2 / WAVES)
        for some, by, phase in self._waves:
            values.append(high * math.cos(phase + sum(map(operator.mul, by, map(cues.__getitem__, some)))))
        values.append(0.3)
        return Features(places, values)

    def _weight(self, row: int) -> float:
        found = self._weights.get(row)
        if found is None:
            found = self._weights[row] = self._table.weight(row)
        return found


class Example(NamedTuple):
    """Features of a prompt, outcome less the model's level (-1 to 1), how much it says (to 1)."""

    features: Features
    left: float
    weight: float = 1.0


class Head:
    """The weights of one model. Not safe to change from two threads at once.

    `learn` takes outcomes one by one (ridge regression with a diagonal precision, as AROW: Crammer et al. 2009); `fit` takes
    many at once, exactly.
    """

    def __init__(self) -> None:
        self._weights = array("f", bytes(4 * WIDTH))
        self._seen = array("f", bytes(4 * WIDTH))
        self.labels = 0

    @property
    def grown(self) -> bool:
        """Whether it has seen enough to be asked."""
        return self.labels >= LEAST

    def says(self, features: Features) -> float:
        """What to add to the model's own level (`Counters.level`)."""
        weights = self._weights
        return math.fsum(weights[at] * value for at, value in zip(*features, strict=True))

    def learn(self, example: Example) -> None:
        """Take in one outcome."""
        (places, values), left, weight = example
        weights, seen = self._weights, self._seen
        spreads = [value / (STRENGTH + seen[at]) for at, value in zip(places, values, strict=True)]
        known = 1.0 + math.fsum(map(operator.mul, spreads, values))
        step = weight * (left - self.says(example.features)) / known
        for at, value, spread in zip(places, values, spreads, strict=True):
            weights[at] += step * spread
            seen[at] += weight * value * value
        self.labels += 1

    def fit(self, examples: Sequence[Example]) -> None:
        """Forget, and take in all of these: ridge regression by conjugate gradients, the same to 1e-6 as solving it."""
        np: Any = import_module("numpy")
        ends = np.cumsum([len(each.features.places) for each in examples])
        places = np.fromiter((at for each in examples for at in each.features.places), np.int32)
        values = np.fromiter((value for each in examples for value in each.features.values), np.float64)
        which = np.repeat(np.arange(len(examples)), np.diff(ends, prepend=0))
        counts = np.array([each.weight for each in examples])

        def back(u: Any) -> Any:
            return np.bincount(places, values * (counts * u)[which], WIDTH)

        found, residual = np.zeros(WIDTH), back(np.array([each.left for each in examples]))
        step, size = residual.copy(), float(residual @ residual)
        for _ in range(_ROUNDS):
            if size < _DONE:
                break
            image = back(np.bincount(which, values * step[places], len(examples))) + STRENGTH * step
            along = size / float(step @ image)
            found += along * step
            residual -= along * image
            size, before = float(residual @ residual), size
            step = residual + size / before * step
        self._weights = array("f", found.astype(np.float32).tobytes())
        self._seen = array("f", np.bincount(places, values**2 * counts[which], WIDTH).astype(np.float32).tobytes())
        self.labels = len(examples)

    def state(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"labels": self.labels, "weights": _packed(self._weights), "seen": _packed(self._seen)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Head":
        """A head that says what that one did which gave this state. Raises Corrupt."""
        head = cls()
        try:
            head.labels = int(state["labels"])
            head._weights, head._seen = _unpacked(state["weights"]), _unpacked(state["seen"])
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            raise Corrupt(f"a model's learned weights cannot be read: {error}") from error
        return head


def _packed(numbers: "array[float]") -> str:
    return base64.b64encode(zlib.compress(numbers.tobytes(), 6)).decode()


def _unpacked(text: str) -> "array[float]":
    numbers = array("f", zlib.decompress(base64.b64decode(text, validate=True)))
    if len(numbers) != WIDTH or not all(map(math.isfinite, numbers)):
        raise ValueError("not the right number of finite weights")
    return numbers
