"""A home that no server owns: its record and keys, read and written by this process under the home's lock."""

import contextlib
from collections.abc import Iterator
from typing import Any

from sampan.contract.budget import Budget
from sampan.decide.budgets import Ledger
from sampan.record.query import Query
from sampan.record.recorder import Recorder
from sampan.record.sign import Signer
from sampan.serve.guard import owner_name
from sampan.settings import Settings, prepare
from sampan.store.budgets import counts
from sampan.store.home import lock_home
from sampan.store.keys_at_rest import system_keyring
from sampan.store.opening import Store, open_store

Json = dict[str, Any]


class AtRest:
    """Implements `cli.reading.Keeper`. What a killed process left open is closed first, as a server would."""

    def __init__(self, store: Store, budgets: tuple[Budget, ...] = ()) -> None:
        signer = Signer(store.keys.signing)
        self._recorder = Recorder(store.receipts, signer)
        self._query, self._keys = Query(store.receipts, signer.public_key), store.api_keys
        self._device, self._budgets = store.device, budgets
        self._opinions, self._user = store.opinions, owner_name()

    def receipts(self, wanted: Json) -> list[Json]:
        """As `Keeper`."""
        return self._query.listed(wanted)

    def receipt(self, receipt_id: str) -> Json:
        """As `Keeper`."""
        return self._query.one(receipt_id)

    def verified(self) -> Json:
        """As `Keeper`."""
        return {**self._query.verified(), "public_key": self._query.public_key}

    def lines(self) -> Iterator[bytes]:
        """As `Keeper`."""
        return self._query.lines()

    def erase(self, receipt_id: str) -> Json:
        """As `Keeper`."""
        return {"erased": receipt_id, "tombstone": self._recorder.erase(receipt_id)}

    def budgets(self) -> list[Json]:
        """As `Keeper`."""
        ledger = Ledger()
        ledger.put(self._budgets)
        ledger.load(counts(self._device))
        return ledger.listed()

    def keys(self) -> list[Json]:
        """As `Keeper`."""
        return self._keys.listed()

    def add_key(self, new: Json) -> Json:
        """As `Keeper`."""
        return self._keys.added(new["name"], new["application"], new["user"], tuple(new["groups"]))

    def revoke_key(self, key_id: str) -> Json:
        """As `Keeper`."""
        return self._keys.revoked(key_id)

    def opinions(self) -> list[Json]:
        """As `Keeper`."""
        return self._opinions.listed(self._user)

    def opine(self, action: str, text: str, kind: str = "") -> Json:
        """As `Keeper`."""
        if action == "forget":
            return self._opinions.forgotten(self._user, text)
        return self._opinions.said(self._user, text, action, kind)


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[AtRest]:
    """The home's files, for as long as the context lasts.

    Raises:
        HomeLocked: another process owns them. SampanError: the store does not open.
    """
    prepare(settings.home)
    with lock_home(settings.home.run):
        store = open_store(settings.home, system_keyring(), settings.receipts.fsync)
        try:
            yield AtRest(store, settings.budgets)
        finally:
            store.close()
