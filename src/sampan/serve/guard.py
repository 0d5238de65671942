"""Who may speak to this endpoint at all: Host, Origin, peer, key."""

import hmac
import os
import pwd
import re
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from sampan.contract.chat import WEB_APP
from sampan.contract.errors import Forbidden, HostRefused, Unauthenticated
from sampan.contract.request import Principal
from sampan.flow.agreement import Approver
from sampan.serve.peers import Peers
from sampan.serve.wire import Scope
from sampan.settings import loopback_host

KEY_PREFIX = "sk-sampan-"
_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
"""Signs of a proxy: whoever asks is not the process at the other end of the connection."""

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_PRODUCT = re.compile(r"(?!(?:.*\d){4})[A-Za-z][A-Za-z0-9_.-]{0,39}")


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
    """What the guard needs to know of the settings. keyless: loopback callers need no key.

    token: who holds it is the owner, wherever everybody else needs a key; empty: nobody holds it.
    """

    allowed_hosts: frozenset[str]
    cors_origins: frozenset[str]
    keyless: bool
    device: str
    token: str = ""


class Guard:
    """Checks every request before anything reads its body."""

    def __init__(self, access: Access, keys: ApiKeys) -> None:
        self._access, self._keys = access, keys
        self._hosts = _LOCAL_NAMES | {_bracketed(name.lower()) for name in access.allowed_hosts}
        self._peers = Peers()
        self._owner = owner_name()

    def check_host(self, headers: dict[str, str]) -> None:
        """Refuse foreign Host and Origin headers (DNS rebinding, other sites' scripts).

        Raises:
            HostRefused: one of them is not ours.
        """
        host = headers.get("host", "").lower()
        if host not in self._hosts and _without_port(host) not in self._hosts:
            raise HostRefused("The Host header is not one of this Sampan's names.")
        origin = headers.get("origin")
        if origin and origin not in self._access.cors_origins and not self._own(origin, host):
            raise HostRefused("Requests from other sites are refused.")

    def _own(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in {"http", "https"} and parts.netloc.lower() == host

    def principal(self, scope: Scope, headers: dict[str, str]) -> Principal:
        """Who asks: the owner of a named key, or on loopback the user of the peer socket.

        Raises:
            Unauthenticated: no valid key where one is needed.
        """
        given = secrets_of(headers)
        if _among(given, self._access.token):
            return self.owner(headers)
        secret = next((each for each in given if each.startswith(KEY_PREFIX)), "")
        if secret or not self._access.keyless or not _FORWARDED.isdisjoint(headers):
            return self._by_key(secret or next(iter(given), ""), headers)
        if not self._peers.may(scope):
            raise Unauthenticated("Another user of this machine needs a key.")
        return self.owner(headers)

    def owner(self, headers: dict[str, str]) -> Principal:
        """The user whose Sampan this is: who holds its token, or asks from an own process."""
        return Principal(user=self._owner, app=_application(headers), device=self._access.device)

    def approver(self, headers: dict[str, str]) -> Approver:
        """Who answers: the owner with the token, or a person with a key of their own, which no application has.

        Raises:
            Unauthenticated: no valid key. Forbidden: the key of an application, or of nobody in particular.
        """
        given = secrets_of(headers)
        if _among(given, self._access.token):
            return Approver(self._owner)
        key = self._keys.find(given[0]) if given else None
        if key is None:
            raise Unauthenticated("Approvals need this Sampan's token, or the key of a person.")
        if not key.user or key.application:
            raise Forbidden(
                "The key of an application approves nothing.",
                hint="`sampan keys add NAME --user PERSON --group GROUP` makes a person's own.",
            )
        return Approver(key.user, tuple(key.groups), key.id)

    def visitor(self, scope: Scope, headers: dict[str, str]) -> Principal:
        """Who looks at pages, behind a session: on loopback an own process, so that a cookie is of no use to others.

        Raises:
            Unauthenticated: another user of this machine.
        """
        direct = self._access.keyless and _FORWARDED.isdisjoint(headers)
        if direct and not self._peers.may(scope):
            raise Unauthenticated("Another user of this machine cannot see these pages.")
        return self.owner(headers)

    def knows(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Whether the caller is on this machine or has a key: who may see more than that Sampan is alive."""
        client = scope.get("client")
        if client is not None and loopback_host(client[0]) and _FORWARDED.isdisjoint(headers):
            return True
        try:
            return bool(self.principal(scope, headers))
        except Unauthenticated:
            return False

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


def secrets_of(headers: dict[str, str]) -> list[str]:
    """What came as `Authorization: Bearer` and as `x-api-key`; a client may send both, of two vendors."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    given = (token.strip() if scheme.lower() == "bearer" else "", headers.get("x-api-key", "").strip())
    return [secret for secret in given if secret]


def holds(headers: dict[str, str], token: str) -> bool:
    """Whether the caller sent this token; nobody holds an empty one, for `secrets_of` tells of none."""
    return _among(secrets_of(headers), token)


def _among(given: list[str], token: str) -> bool:
    return any(hmac.compare_digest(secret.encode(), token.encode()) for secret in given)


def _bracketed(name: str) -> str:
    """An IPv6 address as it stands in a Host header."""
    return f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _application(headers: dict[str, str]) -> str:
    """The product that the caller says it is. It goes into receipts, so what may be an address or a number does not count.

    The web app's own names are said by nobody else: what is kept and what is not goes by them.
    """
    product = headers.get("user-agent", "").split(" ", 1)[0].split("/", 1)[0].lower()
    return product if _PRODUCT.fullmatch(product) and not product.startswith(WEB_APP) else "unknown"


def owner_name() -> str:
    """The name of the user of this machine who runs Sampan, or its command line."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except (KeyError, AttributeError):
        return "owner"
