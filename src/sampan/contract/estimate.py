"""What a prompt looks like to the router, and what it expects of a model."""

import msgspec


class Prompt(msgspec.Struct, frozen=True):
    """A prompt as the router sees it: never its text.

    domains: (domain, weight) of the likely ones, heaviest first, weights summing to at most 1.
    difficulty: bin from 0 (easy) to 4 (hard). language: `en`, `zh-Hant`, `zh-Hans`, `yue`, `mixed`, `other`.
    """

    domains: tuple[tuple[str, float], ...] = ()
    difficulty: int = 2
    language: str = "en"


class Estimate(msgspec.Struct, frozen=True):
    """Expected quality of one model's answer to one prompt, 0 to 1.

    low: lower confidence bound. labels: how many outcomes it rests on; 0 means priors alone.
    """

    quality: float
    low: float
    labels: int = 0


class Trial(msgspec.Struct, frozen=True):
    """The first route answers on trial: a verifier accepts its answer, or the next route answers.

    accept_at: least verifier score, 0 to 1, at which the answer is kept. prior: the estimate for the first route.
    hoped: the chance that it is kept, before anything was learned of trials. worth_s: seconds after which waiting for it has
    cost more than it can save; 0: no limit of its own.
    """

    accept_at: float
    prior: float
    hoped: float = 0.0
    worth_s: float = 0.0
