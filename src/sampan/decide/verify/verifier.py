"""The verifier: every check over one answer, combined into the probability that it is good enough."""

import math

from sampan.contract.estimate import Trial
from sampan.contract.request import Request
from sampan.contract.verdict import Said, Verdict
from sampan.decide.verify.agreement import agreement
from sampan.decide.verify.arithmetic import arithmetic_wrong
from sampan.decide.verify.asked import Asked, asked_of
from sampan.decide.verify.citation import citation_found
from sampan.decide.verify.code import code_parses
from sampan.decide.verify.confidence import confidence_mean, confidence_min
from sampan.decide.verify.language import other_language
from sampan.decide.verify.refusal import refusal
from sampan.decide.verify.repetition import echo, empty, repeating
from sampan.decide.verify.schema import calls_fit, json_fits
from sampan.decide.verify.truncation import truncated
from sampan.decide.verify.weights import evidence

_HEARD = 0.05
"""Log-odds below which a check is not said to have spoken."""
_SURE = 0.02


class AnswerVerifier:
    """Implements `contract.ports.Verifier`. Keeps nothing."""

    def verify(self, request: Request, said: Said, trial: Trial) -> Verdict:
        """Look at a whole answer. Bounded: every check looks at so much text and no more."""
        asked = asked_of(request)
        features = features_of(asked, said, trial.prior)
        spoke = evidence(features)
        logit = _logit(features["prompt_estimate"]) + sum(spoke.values())
        heard = {name: round(each, 3) for name, each in spoke.items() if abs(each) >= _HEARD}
        return Verdict(1 / (1 + math.exp(-logit)), features, heard, _usable(features))


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
        "calls_ok": float(calls_fit(said.calls, asked.tools)) if said.calls else None,
        "code_parses": code_parses(text),
        "arithmetic_wrong": arithmetic_wrong(text),
        "citation_found": citation_found(asked.context, text),
        "confidence_mean": confidence_mean(said.logprobs),
        "confidence_min": confidence_min(said.logprobs),
        "agreement": agreement(text, said.again),
    }
    return {name: value for name, value in measured.items() if value is not None}


def _usable(features: dict[str, float]) -> bool:
    return not features["empty"] and features.get("calls_ok", 1.0) == 1.0 and features.get("schema_ok", 1.0) == 1.0


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
