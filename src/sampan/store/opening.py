"""Opens everything that a home keeps. The caller owns the home (`store.home.lock_home`)."""

from typing import NamedTuple

from sampan.settings.home import Paths
from sampan.store.api_keys import ApiKeys
from sampan.store.device import FILE, Device
from sampan.store.keys_at_rest import Keyring, Keys, load_keys
from sampan.store.learned import Learned
from sampan.store.opinions import PersonsOpinions
from sampan.store.receipts import HEAD_FILE, Fsync, Places, ReceiptLog
from sampan.store.responses import Responses
from sampan.store.vault import Vault


class Store(NamedTuple):
    """What a home keeps, open. keys.signing: the seed of the device's signature."""

    home: Paths
    keys: Keys
    device: Device
    receipts: ReceiptLog
    api_keys: ApiKeys
    responses: Responses
    vault: Vault
    opinions: PersonsOpinions
    learned: Learned

    def close(self) -> None:
        """Bring everything to rest; call it once, last."""
        self.receipts.close()
        self.device.close()


def open_store(home: Paths, ring: Keyring | None, fsync: Fsync = "group") -> Store:
    """Open or create the store of a home, and bring back what a killed process left in its journal.

    Args:
        home: where it lies; `data` and `state` exist.
        ring: the OS keyring (`keys_at_rest.system_keyring()`), None to use a file.
        fsync: `group` within 10 ms, or `each` receipt.

    Raises:
        Corrupt: a file is damaged or its key is gone. StorageFull: no room. Unavailable: the keyring is locked.
    """
    keys = load_keys(home.data, ring)
    device = Device(home.data / FILE, keys.database)
    try:
        receipts = ReceiptLog(device, Places(home.data, home.state / HEAD_FILE), keys.journal, fsync)
    except BaseException:
        device.close()
        raise
    vault = Vault(device, keys.vault)
    opinions, learned = PersonsOpinions(device), Learned(device)
    return Store(home, keys, device, receipts, ApiKeys(device), Responses(device), vault, opinions, learned)
