"""What is expected of a model that nobody has measured: by its size when its name tells, else by its realm."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean

from sampan.contract.models import Model, Realm
from sampan.decide.estimate.odds import logit

_REALM = {Realm.PERSONAL: 0.50, Realm.ENTERPRISE: 0.72, Realm.PUBLIC: 0.82}
"""Expected share of right answers to a prompt of middling difficulty, when the name tells nothing."""
_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)\s?([bm])(?![a-z0-9])", re.IGNORECASE)
_EXPERTS = re.compile(r"(?<![a-z0-9.])(\d+)x(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)
_AT_7B, _PER_DOUBLING = 0.20, 0.26
"""Log odds of a 7B model at middling difficulty, and the gain for twice the parameters (nine open models, 7B to 70B)."""
EASE = {
    "code": 0.55, "completion": 0.55, "word_problem": 0.7, "maths": 0.4, "puzzle": 0.3, "physics": 0.55, "chemistry": 0.55,
    "biology": 0.65, "medicine": 0.6, "law": 0.5, "finance": 0.6, "business": 0.75, "history": 0.7, "society": 0.7,
    "psychology": 0.7, "philosophy": 0.65, "judgement": 0.55, "computing": 0.65, "trivia": 0.55, "lookup": 0.5,
    "common_sense": 0.75, "school_science": 0.75, "expert_science": 0.2, "writing": 0.8, "sentence": 0.75, "rewriting": 0.85,
    "summary": 0.8, "translation": 0.75, "extraction": 0.75, "advice": 0.8, "chat": 0.95,
}  # fmt: skip
"""Domain -> share of models that are expected to do well with a prompt of it. By hand."""
_SLOPE, _STEADIER = 0.55, 0.3
"""Log odds that a middling model loses for one bin of difficulty, and how much less a better one loses."""


_MIDDLE = fmean(map(logit, EASE.values()))
_PER_CUE = 1.27
"""Bins of difficulty for one standard deviation of length, and for one of denials."""


def harder(domains: Sequence[tuple[str, float]], length: float, denials: float) -> float:
    """Bins above middling difficulty of a prompt of which no outcome says anything yet.

    What was learned of difficulty from other models' outcomes orders prompts of another kind worse than length and denials do.

    Args:
        domains: as in `contract.estimate.Prompt`.
        length: in standard deviations, as the cue of this name.
        denials: the same of the cue `not`.
    """
    share = sum(each for _, each in domains) or 1.0
    by_domain = sum(each * (_MIDDLE - logit(EASE[name])) for name, each in domains if name in EASE) / share
    return _PER_CUE * (length + denials) + by_domain / _SLOPE


@lru_cache(maxsize=1024)
def size_of(name: str) -> float:
    """Billions of parameters that a name tells: `qwen2.5-1.5b`, `8x7B`, `135M`; 0 when it tells none."""
    experts = _EXPERTS.search(name)
    if experts:
        return int(experts[1]) * float(experts[2]) * 0.6
    found = _SIZE.search(name)
    if not found:
        return 0.0
    return float(found[1]) / (1000 if found[2] in "mM" else 1)


def prior(model: Model) -> float:
    """Log odds that the model's answer to a prompt of middling difficulty is right."""
    size = size_of(model.upstream_model) or size_of(model.name)
    if size:
        return _AT_7B + _PER_DOUBLING * math.log2(size / 7)
    return logit(_REALM[model.realm])


def expected(model: Model, harder: float) -> float:
    """Log odds of a right answer. harder: bins above middling difficulty; the gap between two models widens with it."""
    odds = prior(model)
    steady = min(max(1 - _STEADIER * (odds - 0.5), 0.4), 1.4)
    return odds - _SLOPE * steady * harder
