"""How sure a model was of its own tokens, where its engine tells."""

from collections.abc import Sequence

_SHORT = 5
"""Share of the tokens, in percent, that count as the least sure ones."""


def confidence_mean(logprobs: Sequence[float]) -> float | None:
    """Mean natural logarithm of the tokens' probabilities, at most 0; None where they are not known."""
    return sum(logprobs) / len(logprobs) if logprobs else None


def confidence_min(logprobs: Sequence[float]) -> float | None:
    """The same over the least sure twentieth: one doubtful step spoils an answer that is sure of its phrases."""
    lowest = sorted(logprobs)[: max(1, len(logprobs) * _SHORT // 100)]
    return confidence_mean(lowest)
