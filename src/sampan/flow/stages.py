"""The parts that a request passes, and what the way through asks of those that are its own."""

from typing import NamedTuple, Protocol

import msgspec

from sampan.contract.answer import Frame
from sampan.contract.ports import Budgets, Decider, Labeller, Protector, Provider, Recorder, Verifier
from sampan.contract.request import Json, Request
from sampan.decide.verify.verifier import AnswerVerifier
from sampan.flow.answer import Answer
from sampan.flow.holding import Holding
from sampan.flow.journey import Journey


class Gatherer(Protocol):
    """Adds what the request refers to: earlier turns now, memory and knowledge later."""

    def gather(self, request: Request) -> Request:
        """The request with what it refers to, to be labelled like typed text."""

    def keep(self, request: Request, reply: Frame) -> Frame:
        """Keep what a later request may refer to; returns the reply as the caller may see it."""

    def kept(self, scope: str, response_id: str) -> Json:
        """A reply that was kept for this principal; raises NotFound."""

    def forget(self, scope: str, response_id: str) -> None:
        """Drop it; raises NotFound."""


class Providers(Protocol):
    """Finds the provider of a model."""

    def __getitem__(self, name: str) -> Provider:
        """The provider, or KeyError."""


class Behind(Protocol):
    """Follows answers with shadows, where their decision names one. Implemented by `flow.shadow.Shadows`."""

    def behind(self, answer: Answer, stages: "Stages", journey: Journey) -> Answer:
        """The same answer; once it was given out, its shadow sets out."""


class Limits(msgspec.Struct):
    """How far a trial may go, as the settings in force say: a reload changes it.

    trial_s: seconds. trial_bytes: size of the answer. samples: 2 asks a second time when that can turn the verdict.
    keep_alive_s: between two signs of life to a caller who waits meanwhile.
    """

    trial_s: float = 60.0
    trial_bytes: int = 1 << 20
    samples: int = 2
    keep_alive_s: float = 10.0


class Stages(NamedTuple):
    """The parts that a request passes, in order."""

    gatherer: Gatherer
    labeller: Labeller
    decider: Decider
    protector: Protector
    providers: Providers
    recorder: Recorder
    holding: Holding
    verifier: Verifier = AnswerVerifier()
    limits: Limits = Limits()
    budgets: Budgets | None = None
    shadows: Behind | None = None
