"""How sure a model was of its own tokens, where its engine tells."""

from collections.abc import Sequence

_LEAST_SURE = 5
"""Percent of the tokens that count as the least sure ones."""
_LONG = 96
"""Tokens from which they say nothing: in worked answers most tokens repeat what was said before, and right and wrong ones
were equally sure (-0.14 both, 13 worked answers)."""


def confidence_mean(logprobs: Sequence[float]) -> float | None:
    """Mean natural logarithm of the tokens' probabilities, at most 0; None where they are not known, or the answer is long."""
    return sum(logprobs) / len(logprobs) if 0 < len(logprobs) < _LONG else None


def confidence_min(logprobs: Sequence[float]) -> float | None:
    """The same over the least sure twentieth: one doubtful step spoils an answer that is sure of its phrases."""
    if len(logprobs) >= _LONG:
        return None
    lowest = sorted(logprobs)[: max(1, len(logprobs) * _LEAST_SURE // 100)]
    return confidence_mean(lowest)
