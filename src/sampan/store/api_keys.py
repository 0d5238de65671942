"""Named keys for applications and people. A secret is shown once; only its SHA-256 is kept (it has 256 random bits)."""

import hashlib
import hmac
import secrets
import threading
import time

import msgspec
import orjson

from sampan.contract.errors import NotFound
from sampan.contract.ids import new_id
from sampan.contract.request import Json
from sampan.store.device import Device

PREFIX = "sk-sampan-"
_COLUMNS = 'id, name, application, "user", "groups", hash, created, revoked'


class ApiKey(msgspec.Struct, frozen=True):
    """A named key. created, revoked: seconds since the epoch; revoked 0 while it is good."""

    id: str
    name: str
    application: str
    user: str
    groups: tuple[str, ...]
    hash: bytes
    created: float
    revoked: float = 0.0


class ApiKeys:
    """The keys of a home, all of them in memory."""

    def __init__(self, device: Device) -> None:
        self._device, self._lock = device, threading.Lock()
        rows = device.read(f"SELECT {_COLUMNS} FROM api_keys ORDER BY created, id")  # noqa: S608 - constants
        self._all = {key.id: key for key in map(_from_row, rows)}
        self._good: dict[bytes, ApiKey] = {}
        self._index()

    def _index(self) -> None:
        self._good = {key.hash: key for key in self._all.values() if not key.revoked}

    def find(self, secret: str) -> ApiKey | None:
        """The key with this secret, unless revoked. What a lookup's time tells is about a hash, not the secret."""
        digest = _hash(secret)
        key = self._good.get(digest)
        return key if key is not None and hmac.compare_digest(key.hash, digest) else None

    def listed(self) -> list[Json]:
        """Every key, without secrets or hashes."""
        return [_shown(key) for key in self._all.values()]

    def added(self, name: str, application: str = "", user: str = "", groups: tuple[str, ...] = ()) -> Json:
        """Make a key; `secret` in the reply is told this once.

        Raises:
            StorageFull: no room; there is no such key.
        """
        secret = PREFIX + secrets.token_urlsafe(32)
        key = ApiKey(new_id("key"), name, application, user, groups, _hash(secret), time.time())
        row = (key.id, name, application, user, orjson.dumps(groups).decode(), key.hash, key.created)
        with self._lock:
            with self._device.write() as connection:
                connection.execute(f"INSERT INTO api_keys ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,NULL)", row)  # noqa: S608 - constants
            self._all[key.id] = key
            self._index()
        return {**_shown(key), "secret": secret}

    def revoked(self, key_id: str) -> Json:
        """End a key at once; raises NotFound."""
        with self._lock:
            key = self._all.get(key_id)
            if key is None:
                raise NotFound("No such key.")
            if not key.revoked:
                key = msgspec.structs.replace(key, revoked=time.time())
                with self._device.write() as connection:
                    connection.execute("UPDATE api_keys SET revoked = ? WHERE id = ?", (key.revoked, key_id))
                self._all[key_id] = key
                self._index()
            return _shown(key)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _from_row(row: tuple[str, str, str, str, str, bytes, float, float | None]) -> ApiKey:
    id_, name, application, user, groups, digest, created, revoked = row
    return ApiKey(id_, name, application, user, tuple(orjson.loads(groups)), digest, created, revoked or 0.0)


def _shown(key: ApiKey) -> Json:
    shown: Json = msgspec.to_builtins(key)
    del shown["hash"]
    return {**shown, "groups": list(key.groups), "revoked": key.revoked or None}
