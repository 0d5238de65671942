"""What an answer on trial said, and what was made of it."""

import msgspec


class Call(msgspec.Struct, frozen=True):
    """A tool call. arguments: its JSON as the model wrote it."""

    name: str
    arguments: str


class Said(msgspec.Struct, frozen=True):
    """An answer in no vendor's dialect, with the values put back.

    finish: `stop`, `length`, `tool_calls`, `refusal`, or empty where nothing was said about it.
    logprobs: natural logarithms of the probabilities of its tokens, where the engine tells them.
    again: the text of a second, independent answer of the same model; empty without one.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    finish: str = ""
    logprobs: tuple[float, ...] = ()
    again: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What a verifier makes of an answer.

    score: probability, 0 to 1, that it is good enough. features: what was measured, by name.
    spoke: name of each check that had something to say -> what it added to the log-odds.
    usable: it may be given out when there is nothing better: not empty, and every tool call can be carried out.
    """

    score: float
    features: dict[str, float]
    spoke: dict[str, float]
    usable: bool
