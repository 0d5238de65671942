"""The record, the keys and the opinions of a home: asked of the running server, else read from the files, which nobody owns then."""

import contextlib
import importlib
import time
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import msgspec

from sampan.cli.running import Client, find
from sampan.contract.errors import HomeLocked
from sampan.contract.storage import Opinion
from sampan.settings import load

Json = dict[str, Any]
_PATIENCE = 10.0
"""Seconds to wait for another command that reads the same home."""


class Keeper(Protocol):
    """Answers for a home."""

    def receipts(self, wanted: Json) -> list[Json]:
        """Receipts, newest first; `wanted` as in `GET /sampan/receipts`."""

    def receipt(self, receipt_id: str) -> Json:
        """One receipt; raises NotFound."""

    def verified(self) -> Json:
        """`{ok, count, problems, head, public_key}`."""

    def lines(self) -> Iterator[bytes]:
        """Every link of the chain and the signed head, a line each, as `record.verify.verify_file` reads them."""

    def erase(self, receipt_id: str) -> Json:
        """Destroy the key of what a request sent; raises NotFound."""

    def budgets(self) -> list[Json]:
        """What is used and left of every budget."""

    def keys(self) -> list[Json]:
        """Named keys, without secrets."""

    def add_key(self, new: Json) -> Json:
        """A new key with its secret."""

    def revoke_key(self, key_id: str) -> Json:
        """End a key; raises NotFound."""

    def opinions(self) -> list[Json]:
        """What this person said of findings, oldest first."""

    def opine(self, action: str, text: str, kind: str = "") -> Json:
        """Remember (`dismiss`, `always`, `confirm`) or forget an opinion; raises BadRequest, NotFound."""


class Served:
    """A home whose server runs."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def receipts(self, wanted: Json) -> list[Json]:
        """As `Keeper`."""
        found: list[Json] = self._client.get(f"/sampan/receipts?{urlencode(wanted)}")["receipts"]
        return found

    def receipt(self, receipt_id: str) -> Json:
        """As `Keeper`."""
        found: Json = self._client.get(f"/sampan/receipts/{quote(receipt_id, safe='')}")
        return found

    def verified(self) -> Json:
        """As `Keeper`."""
        found: Json = self._client.get("/sampan/receipts/verify")
        return found

    def lines(self) -> Iterator[bytes]:
        """As `Keeper`."""
        return self._client.lines("/sampan/receipts/export")

    def erase(self, receipt_id: str) -> Json:
        """As `Keeper`."""
        return self._deleted(f"/sampan/receipts/{quote(receipt_id, safe='')}")

    def budgets(self) -> list[Json]:
        """As `Keeper`."""
        found: list[Json] = self._client.get("/sampan/budgets")["budgets"]
        return found

    def keys(self) -> list[Json]:
        """As `Keeper`."""
        found: list[Json] = self._client.get("/sampan/keys")["keys"]
        return found

    def add_key(self, new: Json) -> Json:
        """As `Keeper`."""
        made: Json = self._client.post("/sampan/keys", new)
        return made

    def revoke_key(self, key_id: str) -> Json:
        """As `Keeper`."""
        return self._deleted(f"/sampan/keys/{quote(key_id, safe='')}")

    def opinions(self) -> list[Json]:
        """As `Keeper`."""
        found: list[Json] = self._client.get("/sampan/findings")["findings"]
        return found

    def opine(self, action: str, text: str, kind: str = "") -> Json:
        """As `Keeper`."""
        said: Json = self._client.post("/sampan/findings", {"action": action, "text": text, "kind": kind})
        return said

    def _deleted(self, path: str) -> Json:
        found: Json = self._client.send("DELETE", path).value
        return found


def remembered() -> tuple[Opinion, ...]:
    """What this person said of findings; nothing, and no new store, where the home has none yet.

    Raises:
        HomeLocked: another process owns the files and does not answer. SampanError: the store does not open.
    """
    home = load().home
    if find(home) is None and not any(home.data.glob("*.db")):
        return ()
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with keeper() as found:
                return msgspec.convert(found.opinions(), tuple[Opinion, ...])
        except HomeLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)  # several scans at once, as pre-commit runs them, read one after the other


def groups_of(home: Keeper) -> dict[str, tuple[str, ...]]:
    """Id of each named key -> the groups that it carries now."""
    known = home.keys()
    return {str(key.get("id")): tuple(key.get("groups", ())) for key in known}


@contextlib.contextmanager
def keeper() -> Iterator[Keeper]:
    """Whoever can answer for the home now.

    Raises:
        HomeLocked: another process owns the files and does not answer.
    """
    settings = load()
    running = find(settings.home)
    if running is not None:
        yield Served(Client(running, settings.home))
        return
    # the store's packages take a while to load, and most commands find a server
    with importlib.import_module("sampan.cli.at_rest").opened(settings) as at_rest:
        yield at_rest
