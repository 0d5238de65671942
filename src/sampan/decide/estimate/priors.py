"""What is expected of a model that nobody has measured: by its size when its name tells, else by its realm."""

import math
import re
from functools import lru_cache

from sampan.contract.models import Model, Realm
from sampan.decide.estimate.odds import logit

_REALM = {Realm.PERSONAL: 0.50, Realm.ENTERPRISE: 0.72, Realm.PUBLIC: 0.82}
"""Expected share of right answers to a prompt of middling difficulty, when the name tells nothing."""
_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)\s?([bm])(?![a-z0-9])", re.IGNORECASE)
_EXPERTS = re.compile(r"(?<![a-z0-9.])(\d+)x(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)
_AT_7B, _PER_DOUBLING = 0.20, 0.26
"""Log odds of a 7B model at middling difficulty, and the gain for twice the parameters (nine open models, 7B to 70B)."""
_SLOPE, _STEADIER = 0.55, 0.3
"""Log odds that a middling model loses for one bin of difficulty, and how much less a better one loses."""


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
