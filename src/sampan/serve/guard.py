"""Who may speak to this endpoint at all: Host, Origin, peer, key."""

import ipaddress
import os
import pwd
from collections import OrderedDict
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from sampan.contract.errors import HostRefused, Unauthenticated
from sampan.contract.request import Principal
from sampan.serve.wire import Scope

KEY_PREFIX = "sk-sampan-"
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


class ApiKey(Protocol):
    """A named key."""

    id: str
    application: str
    user: str
    groups: tuple[str, ...]


class ApiKeys(Protocol):
    """The named keys of this home."""

    def find(self, secret: str) -> ApiKey | None:
        """The key with this secret, unless revoked."""


class Access(msgspec.Struct, frozen=True):
    """What the guard needs to know of the settings. keyless: loopback callers need no key."""

    allowed_hosts: frozenset[str]
    cors_origins: frozenset[str]
    keyless: bool
    device: str


class Guard:
    """Checks every request before anything reads its body."""

    def __init__(self, access: Access, keys: ApiKeys) -> None:
        self._access, self._keys = access, keys
        self._hosts = _LOCAL_NAMES | access.allowed_hosts
        self._peers = _Peers()
        self._owner = _user_name()

    def check_host(self, headers: dict[str, str]) -> None:
        """Refuse foreign Host and Origin headers (DNS rebinding, other sites' scripts).

        Raises:
            HostRefused: one of them is not ours.
        """
        host = headers.get("host", "")
        if host not in self._hosts and _without_port(host) not in self._hosts:
            raise HostRefused("The Host header is not one of this Sampan's names.")
        origin = headers.get("origin")
        if origin and origin not in self._access.cors_origins and not self._own(origin, host):
            raise HostRefused("Requests from other sites are refused.")

    def _own(self, origin: str, host: str) -> bool:
        parts = urlsplit(origin)
        return parts.scheme in {"http", "https"} and parts.netloc == host

    def principal(self, scope: Scope, headers: dict[str, str]) -> Principal:
        """Who asks: the owner of a named key, or on loopback the user of the peer socket.

        Raises:
            Unauthenticated: no valid key where one is needed.
        """
        secret = secret_of(headers)
        if secret.startswith(KEY_PREFIX) or not self._access.keyless:
            return self._by_key(secret, headers)
        if not self._peers.may(scope):
            raise Unauthenticated("Another user of this machine needs a key.")
        return Principal(user=self._owner, app=_application(headers), device=self._access.device)

    def _by_key(self, secret: str, headers: dict[str, str]) -> Principal:
        key = self._keys.find(secret) if secret else None
        if key is None:
            raise Unauthenticated("No valid key." if secret else "A key is needed here.")
        return Principal(
            user=key.user or self._owner,
            app=key.application or _application(headers),
            device=self._access.device,
            groups=tuple(key.groups),
            key=key.id,
        )


def secret_of(headers: dict[str, str]) -> str:
    """The key as `Authorization: Bearer` or `x-api-key`; empty without one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def is_loopback(host: str) -> bool:
    """Whether an address to bind or a peer's address is of this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _application(headers: dict[str, str]) -> str:
    product = headers.get("user-agent", "").split(" ", 1)[0].split("/", 1)[0]
    return "".join(c for c in product if c.isalnum() or c in "-_.")[:40].lower() or "unknown"


def _user_name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except (KeyError, AttributeError):
        return "owner"


class _Peers:
    """The uid at the other end of a loopback connection, remembered per connection."""

    def __init__(self) -> None:
        # keyed by identity: uvicorn keeps one `client` tuple per connection, and holding it keeps its id unique
        self._known: OrderedDict[int, tuple[object, bool]] = OrderedDict()
        self._proc = Path("/proc/net")

    def may(self, scope: Scope) -> bool:
        client = scope.get("client")
        if client is None:
            return False
        known = self._known.get(id(client))
        if known is not None and known[0] is client:
            return known[1]
        verdict = is_loopback(client[0]) and self._same_user(client, scope.get("server"))
        self._known[id(client)] = (client, verdict)
        if len(self._known) > 4096:
            self._known.popitem(last=False)
        return verdict

    def _same_user(self, client: tuple[str, int], server: tuple[str, int] | None) -> bool:
        """Compare uids by the kernel's socket table; elsewhere than on Linux loopback is trusted."""
        table = self._proc / ("tcp6" if ":" in client[0] else "tcp")
        if not table.exists() or server is None:
            return not self._proc.exists()
        ours, theirs = f":{server[1]:04X}", f":{client[1]:04X}"
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(theirs) and fields[2].endswith(ours):
                return int(fields[7]) in {os.getuid(), 0}
        return False
