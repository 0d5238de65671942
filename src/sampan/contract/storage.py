"""Protocols in which the record, the flow and protection meet the store."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from sampan.contract.budget import Charge


class Stored(msgspec.Struct, frozen=True, gc=False):
    """One link of the chain as it is kept.

    n: position from 1. json: RFC 8785 canonical JSON, `hash` included. kind: receipt | tombstone | break.
    key: the 32 bytes under which this receipt's bodies were sealed; empty where there are none.
    model, realm: where the answer came from; empty when nothing answered.
    charges: what the request adds to budgets; counted in the same transaction that keeps the link.
    """

    n: int
    id: str
    at: str
    hash: str
    json: bytes
    kind: str = "receipt"
    user: str = ""
    app: str = ""
    model: str = ""
    realm: str = ""
    end: str = ""
    key: bytes = b""
    charges: tuple[Charge, ...] = ()


class Tail(msgspec.Struct, frozen=True, gc=False):
    """The newest link: its position (0 in an empty chain) and hash."""

    n: int
    hash: str


class Wanted(msgspec.Struct, frozen=True):
    """Which receipts, newest first. Empty texts match everything.

    before: only positions below this one, 0 for all. since: RFC 3339 time in UTC, inclusive.
    """

    limit: int = 50
    before: int = 0
    since: str = ""
    user: str = ""
    app: str = ""
    model: str = ""
    realm: str = ""
    end: str = ""


class ReceiptStore(Protocol):
    """Keeps the chain. What `begin`, `note` and `add` wrote survives SIGKILL when they return."""

    def make_room(self) -> None:
        """Make sure, before `begin`, that one more record will find room; raises StorageFull."""

    def begin(self, receipt_id: str, *known: bytes) -> None:
        """Write the open record with what is known already, and make sure that its end will find room.

        Raises:
            StorageFull: it could not be written; nothing may be sent.
        """

    def note(self, receipt_id: str, entry: bytes) -> None:
        """Add to an open record what is known by now; raises StorageFull."""

    def add(self, link: Stored) -> None:
        """Write the next link; it closes the open record with the same id, if there is one. Raises StorageFull."""

    def unfinished(self) -> dict[str, list[bytes]]:
        """Open records that a former process left behind: id -> the entries of `begin` and `note`."""

    def tail(self) -> Tail:
        """The newest link, also when it is not in the database yet."""

    def head(self) -> bytes:
        """The signed head as it stands in its file; empty without one."""

    def sign_with(self, sign: Callable[[Tail], bytes]) -> None:
        """Call this for every new head, from now on; the first time at once."""

    def settle(self) -> bytes:
        """Bring everything into the database and sign the head; returns the head."""

    def select(self, wanted: Wanted) -> list[bytes]:
        """The JSON of receipts, newest first."""

    def one(self, receipt_id: str) -> bytes:
        """The JSON of one receipt; raises NotFound."""

    def hash_at(self, n: int) -> str:
        """The hash of the link at a position of the database; empty where there is none."""

    def chain(self, last: int) -> Iterator[bytes]:
        """The JSON of every link up to position `last`, in order."""

    def body_key(self, receipt_id: str) -> bytes:
        """The key of a receipt's bodies; empty when it was erased or never had one."""

    def forget_key(self, receipt_id: str) -> None:
        """Destroy the key of a receipt's bodies, in the database and in what has yet to reach it."""


class Sent(Protocol):
    """What was sent, byte for byte: encrypted, expiring, on this device only."""

    def keep(self, receipt: str, key: bytes, bodies: Sequence[bytes]) -> None:
        """Keep what one request sent, in order. key: the receipt's own. Raises StorageFull."""

    def of(self, receipt: str, key: bytes) -> list[bytes]:
        """What is still kept; nothing when it expired, or when the receipt's key is gone."""

    def forget(self, receipt: str) -> None:
        """Drop what one request sent."""


class StandIn(msgspec.Struct, frozen=True, gc=False):
    """What a stand-in stands for."""

    value: str
    kind: str


class Opinion(msgspec.Struct, frozen=True, gc=False):
    """What a person said of a text that was found, or should be.

    verdict: `dismissed` (no finding), `always` (a finding of `kind` wherever it stands), `confirmed` (rightly found).
    at: seconds since the epoch.
    """

    text: str
    verdict: str
    kind: str = ""
    at: float = 0.0


class Opinions(Protocol):
    """What people said of findings, each person's apart; remembered on this device."""

    def of(self, user: str) -> tuple[Opinion, ...]:
        """A person's opinions, oldest first. The same object until one changes."""

    def put(self, user: str, opinion: Opinion) -> None:
        """Remember an opinion; it replaces an earlier one on the same text. Raises StorageFull."""

    def forget(self, user: str, text: str) -> None:
        """Forget the opinion on a text; raises NotFound."""


class LearnedStore(Protocol):
    """Keeps what the router learned: counters and weights, never a text."""

    def part(self, name: str) -> bytes:
        """One part of the state as it was kept; empty when there is none."""

    def keep(self, parts: Mapping[str, bytes]) -> None:
        """Keep these parts, all or none; raises StorageFull."""

    def clear(self) -> None:
        """Forget every part; raises StorageFull."""

    def claim(self, receipt_id: str, kind: str, by: str, at: float) -> bool:
        """Remember that this was said of an answer; False when it was said before. Raises StorageFull."""

    def said_since(self, by: str, since: float) -> int:
        """How much one asker said since then, in seconds since the epoch."""


class StandIns(Protocol):
    """Maps of stand-ins that outlive a request: Sampan's own conversations and `previous_response_id`."""

    def get(self, scope: str, conversation: str) -> dict[str, StandIn]:
        """Stand-in -> what it stands for; empty when this principal has no such conversation."""

    def put(self, scope: str, conversation: str, known: dict[str, StandIn]) -> None:
        """Add to the map; a stand-in that is there already keeps its value."""

    def forget(self, scope: str, conversation: str) -> None:
        """Destroy the map."""
