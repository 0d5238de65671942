"""The record of each request: opened before anything leaves, closed exactly once, chained."""

import hmac
import logging
import os
import threading
from collections.abc import Sequence
from typing import Any

import msgspec
import orjson

from sampan.contract.budget import Charge
from sampan.contract.errors import Corrupt, NotFound, StorageFull
from sampan.contract.ids import new_id
from sampan.contract.models import Model
from sampan.contract.receipt import Outcome, Receipt
from sampan.contract.request import Decided, Decision, Request, Route
from sampan.contract.storage import ReceiptStore, Sent, Stored, Tail
from sampan.record import build
from sampan.record.chain import linked
from sampan.record.sign import Signer, now_text, read_head
from sampan.wording import worded

log = logging.getLogger("sampan.record")

_SHORT = 16 * 1024
"""Bytes of a body up to which its record is written together with the decision."""
_INTERRUPTED = worded("the process ended before the request did; what had left by then is not known")


class Keeping(msgspec.Struct, frozen=True):
    """Where what is sent is kept. apps: of these applications only; empty: of all. never: of these not even then."""

    sent: Sent
    apps: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


class Recorder:
    """Implements `contract.ports.Recorder`. One per home: two would fork the chain. Safe to use from any thread."""

    def __init__(self, store: ReceiptStore, signer: Signer, keeping: Keeping | None = None) -> None:
        """Take up the chain where it ended, and close what a former process left open.

        keeping: where what is sent is kept, and of which applications; None: nowhere.

        Raises:
            StorageFull: no room for that.
        """
        self._store, self._signer, self._keeping = store, signer, keeping
        self._lock = threading.Lock()
        self._tail = store.tail()
        self._head = ""
        self._compare_head()
        for receipt_id, entries in list(store.unfinished().items()):
            self._interrupted(receipt_id, entries)
        store.sign_with(self._sign)

    def open(self, request: Request) -> "OpenRecord":
        """Open the record. A short request is decided within milliseconds: both are then written at once."""
        record = OpenRecord(self, request)
        if 0 < request.text_size <= _SHORT:
            self._store.make_room()
        else:
            self.begin(record)
        return record

    def begin(self, record: "OpenRecord", *more: dict[str, Any]) -> None:
        """Write an open record, and more that is known of it by now: before anything leaves."""
        self._store.begin(record.id, *[orjson.dumps(part) for part in (record.opening(), *more)])
        record.begun = True

    def keeps(self, app: str) -> bool:
        """Whether what this application sends is kept."""
        keeping = self._keeping
        return keeping is not None and app not in keeping.never and (not keeping.apps or app in keeping.apps)

    def keep(self, receipt_id: str, key: bytes, bodies: list[bytes]) -> None:
        """Keep what was sent. A full disk loses it, not the answer."""
        if self._keeping is not None:
            try:
                self._keeping.sent.keep(receipt_id, key, bodies)
            except StorageFull:
                log.warning("what %s sent is not kept: there is no room", receipt_id)

    def head(self) -> str:
        """`<count>:<first 16 hex of the hash>` of the newest signed head."""
        return self._head

    def erase(self, receipt_id: str) -> str:
        """Destroy the key of what a receipt's request sent, and say so in the chain.

        Returns:
            The id of the tombstone.

        Raises:
            NotFound: no such receipt. StorageFull: the key is gone, the chain does not say so yet; call it again.
        """
        if "type" in orjson.loads(self._store.one(receipt_id)):
            raise NotFound("No such receipt.")
        plain = {"v": 1, "type": "tombstone", "id": new_id("tmb"), "at": now_text(), "erased": receipt_id}
        tombstone = self._signer.signed(plain)
        if self._keeping is not None:
            self._keeping.sent.forget(receipt_id)
        self._store.forget_key(receipt_id)  # first: the chain never claims an erasure that did not happen
        self.append(tombstone, kind="tombstone")
        self._store.settle()
        return str(plain["id"])

    def note(self, receipt_id: str, part: dict[str, Any]) -> None:
        """Add to an open record."""
        self._store.note(receipt_id, orjson.dumps(part))

    def append(
        self, link: dict[str, Any], key: bytes = b"", model: Model | None = None, kind: str = "receipt",
        charges: tuple[Charge, ...] = (),
    ) -> None:  # fmt: skip
        """Give a link its place in the chain and store it with its charges; `link` gets `n`, `prev` and `hash`.

        Raises:
            StorageFull: no room; the chain is as before.
        """
        asker = link.get("who", {})
        with self._lock:
            link.pop("hash", None)
            link["n"], link["prev"] = self._tail.n + 1, self._tail.hash
            content = linked(link)
            stored = Stored(
                n=link["n"],
                id=link["id"],
                at=link["at"],
                hash=link["hash"],
                json=content,
                kind=kind,
                user=asker.get("user", ""),
                app=asker.get("app", ""),
                model=model.name if model else "",
                realm=model.realm.value if model else "",
                end=link.get("end", ""),
                key=key,
                charges=charges,
            )
            self._store.add(stored)
            self._tail = Tail(stored.n, stored.hash)

    def _sign(self, tail: Tail) -> bytes:
        head = self._signer.head(tail)
        self._head = f"{tail.n}:{tail.hash[7:23]}"
        return head

    def _compare_head(self) -> None:
        """A chain that does not match its signed head is told in the chain itself, so that verifying names it."""
        content = self._store.head()
        if not content and not self._tail.n:
            return
        why = self._disagreement(content)
        if why:
            link = {"v": 1, "type": "break", "id": new_id("brk"), "at": now_text(), "why": why}
            self.append(link, kind="break")

    def _disagreement(self, content: bytes) -> str:
        try:
            head = read_head(content, self._signer.public_key)
        except Corrupt as error:
            return error.message
        if head.n > self._tail.n:
            return f"cut off: the signed head was number {head.n}, the last link was number {self._tail.n}"
        if head.n and self._store.hash_at(head.n) != head.hash:
            return f"number {head.n} was not the one that was signed"
        return ""

    def _interrupted(self, receipt_id: str, entries: list[bytes]) -> None:
        opening: dict[str, Any] = {"id": receipt_id, "at": now_text(), "who": {}, "dialect": "", "asked": ""}
        for entry in entries:
            opening |= orjson.loads(entry)
        asked = opening.pop("asked")
        # nobody knows what it used: what it had set aside is taken for that
        charges = msgspec.convert(opening.pop("reserved", ()), tuple[Charge, ...])
        facts = build.nothing_decided(asked) | opening
        why = f"{facts['policy']['why']}; {_INTERRUPTED}".lstrip("; ")
        facts["policy"] = {**facts["policy"], "why": why}
        outcome = build.outcome_part(Outcome("interrupted", "interrupted"))
        self.append({"v": 1, **facts, **outcome}, charges=charges)


class OpenRecord:
    """Implements `contract.ports.Record`."""

    __slots__ = (
        "_asked",
        "_at",
        "_closed",
        "_dialect",
        "_key",
        "_part",
        "_recorder",
        "_routes",
        "_sent",
        "_who",
        "begun",
        "id",
    )

    def __init__(self, recorder: Recorder, request: Request) -> None:
        self.id, self.begun = request.id, False
        self._recorder, self._at, self._dialect = recorder, now_text(), request.dialect.value
        self._who, self._asked = build.who(request.principal), request.asked
        self._routes: tuple[Route, ...] = ()
        self._part: dict[str, Any] | None = None
        self._key = b""
        self._sent: list[bytes] | None = [] if recorder.keeps(request.principal.app) else None
        self._closed: Receipt | None = None

    def opening(self) -> dict[str, Any]:
        """What is known before anything was read."""
        asked = build.safe_asked(self._asked)
        return {"id": self.id, "at": self._at, "who": self._who, "dialect": self._dialect, "asked": asked}

    def decided(self, decision: Decision) -> None:
        """Remember labels and decision; they are on the disk before anything leaves."""
        self._routes = decision.routes if isinstance(decision, Decided) else ()
        self._part = build.decided_part(decision)
        if self.begun:
            self._recorder.note(self.id, self._part)
        else:
            self._recorder.begin(self, self._part)

    def reserved(self, charges: Sequence[Charge]) -> None:
        """Remember what is set aside; it is on the disk before anything leaves."""
        self._recorder.note(self.id, {"reserved": [msgspec.structs.asdict(charge) for charge in charges]})

    def seal_body(self, body: bytes) -> str:
        """`hmac:<hex>` (SHA-256) of what left, under this record's own random key."""
        if not self._key:
            self._key = os.urandom(32)
        if self._sent is not None:
            self._sent.append(body)
        return "hmac:" + hmac.digest(self._key, body, "sha256").hex()

    def close(self, outcome: Outcome) -> Receipt:
        """Close it; the receipt is in the chain when this returns. A second call returns the first's.

        Raises:
            StorageFull: no room although it was reserved; may be called again.
        """
        if self._closed is None:
            link: dict[str, Any] = {
                "v": 1,
                "id": self.id,
                "at": self._at,
                "who": self._who,
                "dialect": self._dialect,
                **(self._part or build.nothing_decided(self._asked)),
                **build.outcome_part(outcome),
            }
            model = build.answering(self._routes, outcome)
            if "route" in link and model is not None:
                link["route"] = {**link["route"], "model": model.name}
            if more := build.route_part(outcome):
                link["route"] = {**link.get("route", {}), **more}
            self._recorder.append(link, self._key, model, charges=outcome.charges)
            if self._sent:
                self._recorder.keep(self.id, self._key, self._sent)
            self._closed = Receipt(**{**link, "crossings": list(outcome.crossings)})
        return self._closed
