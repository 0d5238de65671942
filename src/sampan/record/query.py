"""Questions about the record: list, look up, export, verify."""

import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import orjson

from sampan.contract.errors import BadRequest
from sampan.contract.request import Json
from sampan.contract.storage import ReceiptStore, Sent, Wanted
from sampan.record.verify import Report, verify

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d(:\d\d){0,2}(\.\d{1,6})?Z?)?\Z")
_TEXTS = ("user", "app", "model", "realm", "end")
_MOST = 10_000_000


class Query:
    """Implements `runtime.Receipts`. Calls may wait for the disk: not for the event loop when there is much."""

    def __init__(self, store: ReceiptStore, public_key: bytes, kept: Sent | None = None) -> None:
        self._store, self._public_key, self._kept = store, public_key, kept

    def listed(self, wanted: Json) -> list[Json]:
        """Receipts, newest first.

        Args:
            wanted: any of `limit`, `before` (a position or a receipt's id), `since` (date or UTC time),
                `user`, `app`, `model`, `realm`, `end`; numbers may be texts, as they come in a query string.

        Raises:
            BadRequest: one of them makes no sense.
        """
        return [orjson.loads(content) for content in self._store.select(self._wanted(wanted))]

    def _wanted(self, given: Json) -> Wanted:
        texts = {name: str(given[name]) for name in _TEXTS if given.get(name)}
        since, before = str(given.get("since") or ""), str(given.get("before") or "0")
        if since and not _TIME.match(since):
            raise BadRequest("`since` is a date or a UTC time, such as 2026-11-23T06:12:09Z.", param="since")
        at = before if before.isdecimal() else str(self.one(before)["n"])
        return Wanted(_number(given.get("limit", 50), "limit"), _number(at, "before"), since.rstrip("Z"), **texts)

    def one(self, receipt_id: str) -> Json:
        """One receipt (or tombstone); raises NotFound."""
        found: Json = orjson.loads(self._store.one(receipt_id))
        return found

    def verified(self) -> Json:
        """`{ok, count, problems, head}` over the whole chain and the signed head."""
        value: Json = msgspec.to_builtins(self.report())
        return value

    @property
    def public_key(self) -> str:
        """What heads and tombstones are verified with: Ed25519, in hex."""
        return self._public_key.hex()

    def report(self) -> Report:
        """The same as a struct."""
        head = self._store.settle()
        return verify(self._store.chain(_signed_position(head, self._store.tail().n)), head, self._public_key)

    def is_body(self, receipt_id: str, body: bytes) -> bool:
        """Whether these bytes are what one of the receipt's crossings sent. False also when its key was erased."""
        key = self._store.body_key(receipt_id)
        sealed = "hmac:" + hmac.digest(key, body, "sha256").hex() if key else ""
        crossings = self.one(receipt_id).get("crossings", [])
        return any(hmac.compare_digest(sealed, str(crossing["body"])) for crossing in crossings)

    def sent(self, receipt_id: str) -> list[bytes]:
        """What this receipt's request sent, byte for byte, as far as it is still kept."""
        key = self._store.body_key(receipt_id) if self._kept is not None else b""
        return self._kept.of(receipt_id, key) if self._kept is not None and key else []

    def lines(self) -> Iterator[bytes]:
        """Every link of the chain, then the signed head: what `record.verify.verify_file` reads."""
        head = self._store.settle()
        for link in self._store.chain(_signed_position(head, self._store.tail().n)):
            yield link + b"\n"
        yield head + b"\n"

    def export(self, target: Path) -> int:
        """Write the whole chain and its signed head as JSON Lines; returns the number of links."""
        count = -1
        with target.open("wb") as out:
            for line in self.lines():
                out.write(line)
                count += 1
        return count


def _number(value: Any, name: str) -> int:
    if not str(value).isdecimal():
        raise BadRequest(f"`{name}` is a number.", param=name)
    return min(int(value), _MOST)


def _signed_position(head: bytes, otherwise: int) -> int:
    """Links after the signed head came while it was read; a head that cannot be read hides nothing."""
    try:
        return int(orjson.loads(head)["n"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return otherwise
