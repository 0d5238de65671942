"""The verifier: every check over one answer, combined into the probability that it is good enough."""

import math

from sampan.contract.estimate import Trial
from sampan.contract.request import Request
from sampan.contract.verdict import Said, Verdict
from sampan.decide.estimate.combine import FEATURES, Combiner
from sampan.decide.verify.agreement import agreement
from sampan.decide.verify.arithmetic import features
from sampan.decide.verify.asked import Asked, asked_of
from sampan.decide.verify.citation import citation_found
from sampan.decide.verify.code import code_parses
from sampan.decide.verify.confidence import confidence_mean, confidence_min
from sampan.decide.verify.language import other_language
from sampan.decide.verify.refusal import refusal
from sampan.decide.verify.repetition import echo, empty, repeating
from sampan.decide.verify.schema import calls_fit, json_fits
from sampan.decide.verify.truncation import truncated
from sampan.decide.verify.weights import vetoes

_HEARD = 0.05
"""Log-odds below which a check is not said to have spoken."""
_SURE = 0.02
_WORKED = 2
"""Steps from which an answer is a worked problem, so that its length and its numbers say something."""

_OF_RESULT = frozenset({"odd_result", "result_not_computed"})


class AnswerVerifier:
    """Implements `contract.ports.Verifier`. combiner: weighs what was measured, by hand or as it has learned."""

    def __init__(self, combiner: Combiner | None = None) -> None:
        self._combiner = combiner or Combiner()

    def verify(self, request: Request, said: Said, trial: Trial) -> Verdict:
        """Look at a whole answer. Bounded: every check looks at so much text and no more."""
        asked = asked_of(request)
        seen = features_of(asked, said, trial.prior)
        spoiled = vetoes(seen)
        score = self._combiner.chance(seen, sum(spoiled.values()))
        spoke = {**self._combiner.parts(seen), **spoiled}
        spoke.pop("prompt_estimate", None)
        heard = {name: round(each, 3) for name, each in spoke.items() if abs(each) >= _HEARD}
        return Verdict(score, seen, heard, _usable(seen))

    def settled(self, request: Request, verdict: Verdict, trial: Trial) -> None:
        """Nothing is learned from it here."""


def features_of(asked: Asked, said: Said, prior: float) -> dict[str, float]:
    """What was measured, by name; a check that has nothing to say is left out."""
    text = said.text
    measured = {
        "prompt_estimate": min(max(prior, _SURE), 1 - _SURE) if math.isfinite(prior) else 0.5,
        "refusal": max(refusal(text), float(said.finish == "refusal")),
        "truncated": truncated(text, said.finish, limited=asked.limited),
        "empty": 0.0 if said.calls else empty(text),
        "repeating": max(repeating(text), echo(asked.question, text)),
        "other_language": other_language(asked.question, text),
        "schema_ok": float(json_fits(text, asked.schema)) if asked.wants_json and not said.calls else None,
        "calls_wrong": float(not calls_fit(said.calls, asked.tools)) if said.calls else None,
        "code_parses": code_parses(text),
        "citation_found": citation_found(asked.context, text),
        "confidence_mean": confidence_mean(said.logprobs),
        "confidence_min": confidence_min(said.logprobs),
        "agreement": agreement(text, said.again, asked.question),
    }
    return {**_worked(asked.question, text), **{name: value for name, value in measured.items() if value is not None}}


def _worked(question: str, answer: str) -> dict[str, float]:
    """What computed steps show; of a worked problem also its other signs, those of the result where one is marked."""
    found = features(question, answer)
    if not found["arithmetic_steps"]:
        return {}
    if found["arithmetic_steps"] < _WORKED:
        return {"arithmetic_wrong": found["arithmetic_wrong"]}
    marked = not found.pop("answer_missing")
    return {name: value for name, value in found.items() if name in FEATURES and (marked or name not in _OF_RESULT)}


def _usable(features: dict[str, float]) -> bool:
    return not features["empty"] and not features.get("calls_wrong") and features.get("schema_ok", 1.0) == 1.0
