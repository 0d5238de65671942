"""What one request gathers on its way: the open record, crossings, timings; closed exactly once."""

import asyncio
import time

from sampan.contract.answer import End
from sampan.contract.cleared import Cleared
from sampan.contract.errors import PolicyRefused, SampanError
from sampan.contract.models import Model, Realm
from sampan.contract.ports import Record, Restorer
from sampan.contract.receipt import Crossing, Joint, Outcome, Receipt, Spent, Tried
from sampan.contract.request import Decision, Request

STOPPED = "stopped"
"""The message of a cancellation that the person who asked wanted: `task.cancel(STOPPED)`."""


def left(error: BaseException, otherwise: str = "client_left") -> str:
    """How a request ended whose caller let go: `stopped` on purpose, else `otherwise`."""
    return STOPPED if error.args == (STOPPED,) else otherwise


class Journey:
    """The record of one request, and everything that has to be known to close it.

    paid: what each model that was tried did, in order. answered: the model whose answer is given out.
    restorer: the one that reads that answer.
    """

    __slots__ = (
        "_busy", "_first", "answered", "crossings", "joint", "paid", "receipt", "record", "request", "restorer", "trial",
    )  # fmt: skip

    def __init__(self, record: Record, request: Request) -> None:
        self.record, self.request = record, request
        self.crossings: list[Crossing] = []
        self.paid: list[Spent] = []
        self.answered: Model | None = None
        self.trial: Tried | None = None
        self.joint: Joint | None = None
        self.restorer: Restorer | None = None
        self.receipt: Receipt | None = None
        self._busy = 0.0
        self._first = 0.0

    def spent(self, began: float) -> None:
        """Count the time since `began` (perf_counter seconds) as Sampan's own."""
        self._busy += time.perf_counter() - began

    def decided(self, decision: Decision) -> None:
        """Remember the decision for the receipt."""
        self.record.decided(decision)

    def first_frame(self) -> None:
        """Note when the first frame came."""
        if not self._first:
            self._first = time.perf_counter()

    def crossed(self, cleared: Cleared, end: End, error: str = "") -> None:
        """Note what one model did and what left for it; the personal realm is no crossing."""
        self.paid.append(Spent(cleared.model, end.usage))
        if cleared.model.realm is Realm.PERSONAL or not cleared.sent:
            return
        for number, body in enumerate(cleared.sent, 1):
            last = number == len(cleared.sent)
            self.crossings.append(
                Crossing(
                    to=cleared.model.realm.value,
                    model=cleared.model.name,
                    operator=cleared.model.operator,
                    jurisdiction=cleared.model.jurisdiction,
                    bytes_out=len(body),
                    bytes_in=end.bytes_in if last else 0,
                    body=self.record.seal_body(body),
                    masked=cleared.masked,
                    attempt=number,
                    error=error if last else "retried",
                    hints=cleared.hints,
                )
            )

    def close(self, end: str, error: str = "") -> Receipt:
        """Close the record; later calls change nothing."""
        if self.receipt is None:
            now = time.perf_counter()
            began = self.request.received
            times = {
                "total": now - began,
                "sampan": self._busy,
                "first_token": self._first - began if self._first else 0.0,
            }
            outcome = Outcome(
                end=end,
                error=error,
                spent=tuple(self.paid),
                crossings=tuple(self.crossings),
                answered=self.answered,
                restored=self.restorer.restored if self.restorer else {},
                ms={name: round(seconds * 1000, 3) for name, seconds in times.items()},
                trial=self.trial,
                joint=self.joint,
            )
            self.receipt = self.record.close(outcome)
        return self.receipt

    def fail(self, error: BaseException) -> None:
        """Close the record of a request that did not complete."""
        if isinstance(error, SampanError):
            error.receipt = self.request.id
            self.close("refused" if isinstance(error, PolicyRefused) else "error", error.code)
        elif isinstance(error, asyncio.CancelledError | GeneratorExit):
            self.close(left(error))
        else:
            self.close("error", "internal_error")
