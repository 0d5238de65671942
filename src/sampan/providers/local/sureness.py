"""How sure the engine was of each token of an answer on trial: asked for, taken out of the answer, kept for the verifier."""

from typing import Any

from sampan.contract.request import Json

_MOST = 4096
"""Tokens of an answer whose probabilities are kept."""


class Sureness:
    """A shaper that keeps the probabilities of tokens. Implements `shape.Shaper`.

    hidden: nobody asked for them but the verifier, so that they do not go on to the caller.
    """

    def __init__(self, *, hidden: bool) -> None:
        self.logprobs: list[float] = []
        self._hidden = hidden

    def chunk(self, data: Json) -> list[Json]:
        """Note a chunk's."""
        return [self.whole(data)]

    def whole(self, data: Json) -> Json:
        """Note those of a whole reply."""
        choices: list[Any] = data.get("choices") or []
        for choice in choices:
            self._note(choice.get("logprobs"))
        if not self._hidden or not choices:
            return data
        return {**data, "choices": [_without(choice) for choice in choices]}

    def _note(self, told: object) -> None:
        tokens = told.get("content") if isinstance(told, dict) else None
        for token in tokens if isinstance(tokens, list) else ():
            value = token.get("logprob") if isinstance(token, dict) else None
            if isinstance(value, int | float) and len(self.logprobs) < _MOST:
                self.logprobs.append(min(0.0, float(value)))


def _without(choice: Json) -> Json:
    return {**choice, "logprobs": None} if "logprobs" in choice else choice


def asked_for(body: Json, *, native: bool) -> Json:
    """What is added to a body for the engine, so that it tells; nothing where it cannot (tools in a stream), or does already.

    native: the completions endpoint, where `logprobs` is a number.
    """
    if body.get("logprobs") or (body.get("tools") and body.get("stream")):
        return {}
    return {"logprobs": 1} if native else {"logprobs": True, "top_logprobs": 1}
