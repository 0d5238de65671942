"""Domains, difficulty and traits of a prompt. Its text is read once and not kept."""

import math
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import Any

from sampan.contract.errors import Corrupt
from sampan.contract.estimate import Prompt
from sampan.decide.estimate.cues import NAMES, cues_of
from sampan.decide.estimate.ngrams import BUCKETS, rows_of, tokens_of, window
from sampan.decide.estimate.table import Table, unpacked
from sampan.decide.estimate.traits import TOPICS, Traits

_LEAST, _MOST = 0.03, 6
"""The smallest share of a domain that is told, and how many domains."""
_FAR = 3.0
_PER_UNIT = 5
_ZERO = round(_FAR * _PER_UNIT)
_LEVELS = 2 * _ZERO + 1
"""Each cue is rounded to a fifth of a standard deviation; its weights at every such level are a row of a table."""


class PromptReader:
    """Reads prompts with weights made by `training/router`. Safe to use from many threads.

    domains: name -> what belongs to it is in `docs/guide/routing.md`. families: domain -> the family it is in.
    """

    def __init__(self, data: bytes) -> None:
        facts, cells = unpacked(data)
        if facts.get("version") != 1 or facts["cues"] != list(NAMES):
            raise Corrupt("the router's weights are of another version; install Sampan again")
        columns = len(facts["scales"]) + 1
        if len(cells) != columns * BUCKETS:
            raise Corrupt("the router's weights are of another size; install Sampan again")
        self.table = Table(cells, columns, facts["scales"], facts["weigh"])
        self.topics: list[str] = facts["topics"]
        self.domains: list[str] = facts["domains"]
        self.families = {domain: family for family, some in facts["families"].items() for domain in some}
        self._domain_of = [topic.partition("/")[0] for topic in self.topics]
        self._bias = [*facts["bias"], facts["hard"]]
        self._edges: list[float] = facts["edges"]
        self._mean: list[float] = facts["mean"]
        self._spread: list[float] = facts["spread"]
        self._by_cue = _levels(facts["by_cue"])

    @classmethod
    def default(cls) -> "PromptReader":
        """The reader that is shipped, loaded once."""
        return _shipped()

    def read(self, text: str, language: str) -> Prompt:
        """What the prompt looks like. language: as in `contract.estimate.Prompt`; taken as told."""
        return self.look(text, language)[0]

    def look(self, text: str, language: str) -> tuple[Prompt, Traits]:
        """The same with its traits, what a head weighs."""
        seen = window(text)
        tokens = tokens_of(seen)
        rows = rows_of(tokens)
        cues = tuple(
            max(-_FAR, min(_FAR, (each - mean) / spread))
            for each, mean, spread in zip(cues_of(seen, tokens), self._mean, self._spread, strict=True)
        )
        sums, _ = self.table.sums(rows)
        more, _ = self._by_cue.sums([_LEVELS * at + round(cue * _PER_UNIT) + _ZERO for at, cue in enumerate(cues)])
        scores = list(map(sum, zip(sums, more, self._bias, strict=True)))
        hardness = scores.pop()
        shares = _softmax(scores)
        likely = sorted(enumerate(shares), key=_share, reverse=True)[:TOPICS]
        prompt = Prompt(self._domains(shares), bisect_right(self._edges, hardness), language)
        return prompt, Traits(hardness, cues, tuple(likely), tuple(rows))

    def _domains(self, shares: list[float]) -> tuple[tuple[str, float], ...]:
        found: dict[str, float] = {}
        for domain, share in zip(self._domain_of, shares, strict=True):
            found[domain] = found.get(domain, 0.0) + share
        likely = sorted(found.items(), key=_share, reverse=True)[:_MOST]
        return tuple((domain, round(share, 4)) for domain, share in likely if share >= _LEAST)


def _levels(by_cue: list[list[float]]) -> Table:
    """A table with a row for each level of each cue; its last column, the length, stays zero."""
    columns = len(by_cue[0])
    scales = [_FAR * max(abs(weights[at]) for weights in by_cue) / 127 + 1e-12 for at in range(columns)]
    cells = bytearray()
    for weights in by_cue:
        for level in range(-_ZERO, _ZERO + 1):
            row = (round(level / _PER_UNIT * each / scale) for each, scale in zip(weights, scales, strict=True))
            cells.extend(128 + each for each in row)
            cells.append(0)
    return Table(bytes(cells), columns + 1, scales, 1.0)


def _share(pair: tuple[Any, float]) -> float:
    return pair[1]


def _softmax(scores: list[float]) -> list[float]:
    most = max(scores)
    powers = [math.exp(score - most) for score in scores]
    total = sum(powers)
    return [each / total for each in powers]


@cache
def _shipped() -> PromptReader:
    return PromptReader(files("sampan.decide.estimate").joinpath("data", "reader.bin").read_bytes())
