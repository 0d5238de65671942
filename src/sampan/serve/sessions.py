"""Who may see the pages: a one-time ticket, made by whoever holds the token, opens a session.

Other users of this machine reach loopback too, so an address alone opens nothing. Tickets and sessions live in memory and
end with the process; only their hashes are kept.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from sampan.contract.errors import Unauthenticated

TICKET_S = 10 * 60
"""Seconds for which a ticket opens a session, once."""
IDLE_S = 12 * 3600
"""Seconds without a request after which a session ends."""
_TICKETS, _SESSIONS = 32, 64


class Session(msgspec.Struct, frozen=True):
    """One browser that was let in. csrf: what its forms and scripts must send back with every change."""

    csrf: str


class Sessions:
    """Tickets and the sessions that they opened."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tickets: OrderedDict[bytes, float] = OrderedDict()
        self._sessions: OrderedDict[bytes, tuple[Session, float]] = OrderedDict()

    def ticket(self) -> str:
        """A new ticket; it opens one session within ten minutes."""
        made = secrets.token_urlsafe(24)
        self._tickets[_hashed(made)] = self._clock() + TICKET_S
        while len(self._tickets) > _TICKETS:
            self._tickets.popitem(last=False)
        return made

    def enter(self, ticket: str) -> tuple[str, Session]:
        """Open a session; returns the cookie's value and the session.

        Raises:
            Unauthenticated: no such ticket, used already, or too old.
        """
        until = self._tickets.pop(_hashed(ticket), 0.0)
        if until < self._clock():
            raise Unauthenticated("This link was used already, or is too old.", hint="`sampan open` makes a new one.")
        cookie, session = secrets.token_urlsafe(32), Session(secrets.token_urlsafe(24))
        self._sessions[_hashed(cookie)] = (session, self._clock() + IDLE_S)
        while len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)
        return cookie, session

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie, or None; asking keeps it alive."""
        key = _hashed(cookie)
        found = self._sessions.get(key)
        if found is None or found[1] < self._clock():
            self._sessions.pop(key, None)
            return None
        self._sessions[key] = (found[0], self._clock() + IDLE_S)
        self._sessions.move_to_end(key)
        return found[0]

    def is_open(self, cookie: str) -> bool:
        """Whether a session is not over yet; unlike `find` this does not keep it alive."""
        found = self._sessions.get(_hashed(cookie))
        return found is not None and found[1] >= self._clock()

    def leave(self, cookie: str) -> None:
        """End a session."""
        self._sessions.pop(_hashed(cookie), None)


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
