"""What one request gathers on its way: the open record, crossings, timings; closed exactly once."""

import asyncio
import time

from sampan.contract.answer import End, Usage
from sampan.contract.cleared import Cleared
from sampan.contract.errors import PolicyRefused, SampanError
from sampan.contract.models import Realm
from sampan.contract.ports import Record, Restorer
from sampan.contract.receipt import Crossing, Receipt
from sampan.contract.request import Decision, Request


class Journey:
    """The record of one request, and everything that has to be known to close it."""

    __slots__ = ("_busy", "_first", "crossings", "receipt", "record", "request", "restorer", "usage")

    def __init__(self, record: Record, request: Request) -> None:
        self.record, self.request = record, request
        self.crossings: list[Crossing] = []
        self.usage = Usage()
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
        """Note what left for one model; the personal realm is no crossing."""
        self.usage = end.usage
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
            self.receipt = self.record.close(
                end=end,
                usage=self.usage,
                crossings=self.crossings,
                error=error,
                restored=self.restorer.restored if self.restorer else {},
                ms={name: round(seconds * 1000, 3) for name, seconds in times.items()},
            )
        return self.receipt

    def fail(self, error: BaseException) -> None:
        """Close the record of a request that did not complete."""
        if isinstance(error, SampanError):
            error.receipt = self.request.id
            self.close("refused" if isinstance(error, PolicyRefused) else "error", error.code)
        elif isinstance(error, asyncio.CancelledError | GeneratorExit):
            self.close("client_left")
        else:
            self.close("error", "internal_error")
