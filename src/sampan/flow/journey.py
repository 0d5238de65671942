"""What one request gathers on its way: the open record, crossings, timings; closed exactly once."""

import asyncio
import time

from sampan.contract.answer import End, Usage
from sampan.contract.budget import Charge
from sampan.contract.cleared import Cleared
from sampan.contract.errors import OverBudget, PolicyRefused, SampanError
from sampan.contract.models import Model, Realm
from sampan.contract.ports import Budgets, Record, Reserved, Restorer
from sampan.contract.receipt import Crossing, Joint, Outcome, Receipt, Shadow, Spent, Tried
from sampan.contract.request import Decided, Decision, Dialect, Request

LEFT = frozenset({"client_left", "stopped", "not_answered"})
"""How a request ends, or an attempt, whose caller let go: what was sent may have cost something all the same."""
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
        "_budgets", "_busy", "_first", "_reserved", "answered", "crossings", "joint", "paid", "receipt", "record", "request",
        "restorer", "shadow", "trial",
    )  # fmt: skip

    def __init__(self, record: Record, request: Request) -> None:
        self.record, self.request = record, request
        self.crossings: list[Crossing] = []
        self.paid: list[Spent] = []
        self.answered: Model | None = None
        self.trial: Tried | None = None
        self.joint: Joint | None = None
        self.shadow: Shadow | None = None
        self.restorer: Restorer | None = None
        self.receipt: Receipt | None = None
        self._busy = 0.0
        self._first = 0.0
        self._budgets: Budgets | None = None
        self._reserved: list[Reserved] = []

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

    def reserve(self, budgets: Budgets, decided: Decided, model: Model) -> None:
        """Set aside what asking this model may cost, on the disk before anything leaves.

        Raises:
            OverBudget: there is not enough left. StorageFull: nothing may be sent.
        """
        if self.request.dialect is Dialect.COUNT_TOKENS:
            return
        charges = budgets.reserve(self.request.principal, model, Usage(*decided.expected))
        if not charges:
            return
        self._budgets = budgets
        self._reserved.append((model, charges))
        self.record.reserved(self._charges())

    def _charges(self) -> list[Charge]:
        return [charge for _, charges in self._reserved for charge in charges]

    def _release(self, model: Model) -> None:
        """What was set aside for an attempt that failed and cost nothing."""
        for at, (reserved, charges) in enumerate(self._reserved):
            if reserved.name == model.name and self._budgets is not None:
                self._budgets.settle(charges, ())
                del self._reserved[at]
                return

    def crossed(self, cleared: Cleared, end: End, error: str = "") -> None:
        """Note what one model did and what left for it; the personal realm is no crossing."""
        self.paid.append(Spent(cleared.model, end.usage))
        if error not in {"", *LEFT} and not (end.usage.input or end.usage.output):
            self._release(cleared.model)
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
                    guided=cleared.guided,
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
                charges=self._used(end),
                joint=self.joint,
                shadow=self.shadow,
            )
            self.receipt = self.record.close(outcome)
            if self._budgets is not None:
                self._budgets.settle(self._charges(), outcome.charges)
        return self.receipt

    def _used(self, end: str) -> tuple[Charge, ...]:
        if self._budgets is None:
            return ()
        return self._budgets.used(self._reserved, self.paid, left=end in LEFT)

    def fail(self, error: BaseException) -> None:
        """Close the record of a request that did not complete."""
        if isinstance(error, SampanError):
            error.receipt = self.request.id
            self.close("refused" if isinstance(error, PolicyRefused | OverBudget) else "error", error.code)
        elif isinstance(error, asyncio.CancelledError | GeneratorExit):
            self.close(left(error))
        else:
            self.close("error", "internal_error")
