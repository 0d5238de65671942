"""Protocols in which sibling packages meet; `app.py` plugs them together."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Protocol

from sampan.contract.answer import Event, Frame, Usage
from sampan.contract.budget import Charge
from sampan.contract.cleared import Cleared
from sampan.contract.estimate import Trial
from sampan.contract.files import FileText
from sampan.contract.labels import Finding
from sampan.contract.models import Model
from sampan.contract.receipt import Outcome, Receipt, Spent
from sampan.contract.request import Decided, Decision, Json, Labelled, Principal, Request, Route
from sampan.contract.verdict import Said, Verdict


class Recogniser(Protocol):
    """Finds one kind of thing. Built-ins and plug-ins alike."""

    name: str
    version: str

    def find(self, text: str) -> list[Finding]:
        """Findings with offsets into `text`, in any order. `text` is already normalised."""


class FileReader(Protocol):
    """Reads files that came with a request."""

    def read(self, data: bytes, declared: str) -> FileText:
        """Everything in a file, or why not. declared: a media type or a file's name. Never raises for content."""


class Labeller(Protocol):
    """The understand stage."""

    def label(self, request: Request) -> Labelled:
        """Scan every key, string and number of the body. Never raises for content."""

    def is_slow(self, request: Request) -> bool:
        """Whether labelling it may take longer than an event loop can wait, whatever its size."""


class Decider(Protocol):
    """The decide stage."""

    def decide(self, labelled: Labelled) -> Decision:
        """Answer where the request may run, and where it should."""


class Stopwatch(Protocol):
    """Told how long models take."""

    def began(self, model: str) -> None:
        """A request went to a model."""

    def first(self, model: str, seconds: float) -> None:
        """Its first token came after this time."""

    def abandoned(self, model: str, seconds: float) -> None:
        """Nobody waited any longer for its first token; `ended` comes too."""

    def whole(self, model: str, seconds: float, tokens: int) -> None:
        """An answer of this many tokens came, from asking to its end, after this time."""

    def ended(self, model: str, seconds: float, tokens: int) -> None:
        """It is over. seconds: from the first token to the last. tokens: those it gave; 0 where it did not end properly."""


class Restorer(Protocol):
    """Puts the values of one request back, in order of arrival."""

    restored: dict[str, int]

    def frame(self, frame: Frame) -> list[Frame]:
        """Restore one frame; text that could be the start of a stand-in is held back."""

    def finish(self) -> list[Frame]:
        """Give out what is still held back."""

    def whole(self, value: object) -> object:
        """Restore every string of a finished JSON value (a plain reply, an error body)."""

    def values(self) -> dict[str, str]:
        """Value -> the stand-in that the model saw instead; for the asker's own screen only."""


class Protector(Protocol):
    """The protect stage."""

    def clear(self, decided: Decided, route: Route) -> tuple[Cleared, Restorer]:
        """Make what one route may receive, and the way back."""

    def preview(self, decided: Decided, route: Route) -> dict[str, str]:
        """Value -> the stand-in that `clear` would give it; nothing is kept."""


class Provider(Protocol):
    """Runs cleared requests on one model."""

    model: Model

    def run(self, cleared: Cleared) -> AsyncIterator[Event]:
        """Yield Started, Frames in `cleared.dialect`, then End.

        Raises before the first Frame or in the middle: UpstreamError and its children,
        EngineUnavailable, ContextTooLong. Closing the iterator stops the generation.
        """

    async def health(self) -> str:
        """`ready`, `loading …`, `absent …` or `down: <why>`."""

    async def aclose(self) -> None:
        """Let go of connections and children."""


class Verifier(Protocol):
    """Looks at answers on trial."""

    def verify(self, request: Request, said: Said, trial: Trial) -> Verdict:
        """How likely an answer is good enough. Never raises for content; the time it takes is bounded."""

    def settled(self, request: Request, verdict: Verdict, trial: Trial) -> None:
        """This is the last word on the answer of this request. Never raises."""


class Compared(Protocol):
    """Told of two answers to one request."""

    def compared(self, request: Request, model: Model, said: Said, trial: Trial) -> float:
        """How likely this model's answer is good, 0 to 1, `said.again` being the other one's. Never raises."""


class Record(Protocol):
    """The open record of one request."""

    id: str

    def decided(self, decision: Decision) -> None:
        """Remember labels and decision for the receipt. May be called again; the last call counts.

        The open record is on the disk when this returns. Raises StorageFull; nothing may be sent then.
        """

    def reserved(self, charges: Sequence[Charge]) -> None:
        """Remember what this request has set aside so far: a process that ends before it does has spent that.

        It is on the disk when this returns. Raises StorageFull; nothing may be sent then.
        """

    def seal_body(self, body: bytes) -> str:
        """`hmac:<hex>` of what left, under this record's own key."""

    def close(self, outcome: Outcome) -> Receipt:
        """Close it; the receipt is in the chain when this returns. A second call returns the first's."""


class Recorder(Protocol):
    """The record stage."""

    def open(self, request: Request) -> Record:
        """Open the record. It is written now, or, of a short request, together with its decision: before anything leaves.

        Raises:
            StorageFull: there is no room for it; nothing may be sent.
        """

    def head(self) -> str:
        """`<count>:<first 16 hex of the hash>` of the newest signed head."""


Reserved = tuple[Model, tuple[Charge, ...]]
"""What was set aside for asking one model."""


class Budgets(Protocol):
    """Knows what is left. Exact: what is set aside and what is used never exceed a limit by other than a wrong estimate."""

    def __bool__(self) -> bool:
        """Whether there is any budget."""

    def spent(self, principal: Principal, models: Sequence[Model], expected: Usage) -> tuple[tuple[str, ...], ...]:
        """For each model the budgets that have no room for this request; empty when none stands in the way of any."""

    def opens_in(self, names: Iterable[str]) -> float:
        """Seconds until the last of these budgets begins anew."""

    def reserve(self, principal: Principal, model: Model, expected: Usage) -> tuple[Charge, ...]:
        """Set aside what asking this model may cost, in every budget that covers it; raises OverBudget."""

    def used(self, reserved: Sequence[Reserved], paid: Sequence[Spent], *, left: bool) -> tuple[Charge, ...]:
        """What a request has used of what was set aside. left: its caller went, so it counts as one in any case."""

    def settle(self, reserved: Iterable[Charge], charges: Iterable[Charge]) -> None:
        """Put what was used in the place of what was set aside."""

    def listed(self) -> list[Json]:
        """What is used and left of every budget, by whose count it is."""
