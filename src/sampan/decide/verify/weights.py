"""What each check adds to the log-odds that an answer is good: weights of evidence (Good, 1985), set by hand.

The estimate for the prompt is where the sum begins. A sign that all but settles it adds 4 or more: no estimate outweighs
it. Signs that models give without being wrong, or leave out without being right, add less than 2.
"""

from collections.abc import Callable

_SPOILS = -8.0
"""What cannot be used as it is: no text, a call that cannot be carried out, JSON that does not fit its schema."""

_TYPICAL_MEAN = -0.25
"""Mean log-probability of a token in answers of the models for one device, about: nothing follows from it."""
_TYPICAL_MIN = -2.2
_CONFIDENCE_MOST = 1.2


def _between(low: float, high: float, value: float) -> float:
    return max(low, min(high, value))


_WEIGHTS: dict[str, Callable[[float], float]] = {
    "refusal": lambda told: -4.5 * told,
    "truncated": lambda cut: -3.5 * cut,
    "empty": lambda nothing: _SPOILS * nothing,
    "repeating": lambda loop: -4.5 * loop,
    "other_language": lambda other: -2.5 * other,
    "schema_ok": lambda fits: 0.3 if fits else _SPOILS,
    "calls_ok": lambda fit: 0.2 if fit else _SPOILS,
    "code_parses": lambda share: 0.3 if share == 1.0 else -3.0 * (1 - share),
    "arithmetic_wrong": lambda wrong: -2.0 * min(wrong, 2.0) if wrong else 0.2,  # 689 answers to GSM8K: 22 % right with one, 67 % without
    "citation_found": lambda share: 0.4 if share == 1.0 else -1.5 * (1 - share),
    "confidence_mean": lambda mean: _between(-_CONFIDENCE_MOST, _CONFIDENCE_MOST, 4.0 * (mean - _TYPICAL_MEAN)),
    "confidence_min": lambda least: _between(-_CONFIDENCE_MOST, _CONFIDENCE_MOST, 0.5 * (least - _TYPICAL_MIN)),
    "agreement": lambda share: 3.0 * (share - 0.6),
}


def evidence(features: dict[str, float]) -> dict[str, float]:
    """Name of each check -> what it adds to the log-odds."""
    return {name: weigh(features[name]) for name, weigh in _WEIGHTS.items() if name in features}
