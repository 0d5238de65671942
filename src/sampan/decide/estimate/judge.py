"""How well the estimates would have chosen, on outcomes that they did not see: cross-validation of what is shipped."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from sampan.contract.models import Model
from sampan.decide.estimate.calibrate import Pair, ece
from sampan.decide.estimate.estimator import Estimator, Look, Outcome
from sampan.wording import worded

FOLDS = 5


class Asked(msgspec.Struct, frozen=True):
    """One prompt, and how good each model's answer to it was, 0 to 1."""

    look: Look
    outcomes: Mapping[str, float]


class Figures(msgspec.Struct, frozen=True):
    """Mean quality of the model that is expected to be best, beside the best single one, a random one, and always the right one.

    off: expected calibration error. prompts, outcomes: how many it rests on.
    """

    prompts: int
    outcomes: int
    chosen: float
    best_single: float
    random: float
    oracle: float
    off: float


def judged(asked: Sequence[Asked], models: Mapping[str, Model], fresh: Callable[[], Estimator]) -> Figures:
    """Each fifth is judged by an estimator that learned the others; a fourth of those calibrates it.

    models: name -> model, of every name in the outcomes. Raises ValueError for less than ten prompts.
    """
    if len(asked) < 2 * FOLDS:
        raise ValueError(worded(f"{len(asked)} prompts; at least {2 * FOLDS} are needed"))
    pairs: list[Pair] = []
    chosen = 0.0
    for fold in range(FOLDS):
        others = [each for at, each in enumerate(asked) if at % FOLDS != fold]
        estimator = _learned(others, models, fresh())
        for each in asked[fold::FOLDS]:
            expected = {
                name: estimator.estimate(models[name], each.look.prompt, each.look.traits).quality
                for name in each.outcomes
            }
            pairs += [Pair(expected[name], outcome) for name, outcome in each.outcomes.items()]
            chosen += each.outcomes[max(expected, key=lambda name: expected[name])]
    many = len(asked)
    single = max(_mean([each.outcomes[name] for each in asked if name in each.outcomes]) for name in models)
    return Figures(
        many,
        len(pairs),
        chosen / many,
        single,
        sum(_mean(list(each.outcomes.values())) for each in asked) / many,
        sum(max(each.outcomes.values()) for each in asked) / many,
        ece(pairs),
    )


def outcomes_of(asked: Sequence[Asked], models: Mapping[str, Model]) -> list[Outcome]:
    """One by one, to train on."""
    return [Outcome(models[name], each.look, outcome) for each in asked for name, outcome in each.outcomes.items()]


def _learned(asked: Sequence[Asked], models: Mapping[str, Model], estimator: Estimator) -> Estimator:
    estimator.train(outcomes_of([each for at, each in enumerate(asked) if at % 4], models))
    told = outcomes_of(asked[::4], models)
    estimator.calibrate(
        [
            Pair(estimator.uncalibrated(each.model, each.look.prompt, each.look.traits).quality, each.outcome)
            for each in told
        ]
    )
    return estimator


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
