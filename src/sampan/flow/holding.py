"""Requests that wait until somebody agrees. Everything here is in memory: what waits when Sampan stops is refused."""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

import msgspec

from sampan.contract.errors import (
    ApprovalPending,
    ApprovalRefused,
    BadRequest,
    Forbidden,
    NotFound,
    SampanError,
    Settled,
    Unavailable,
)
from sampan.contract.ids import new_id
from sampan.contract.request import Approval, Decision, Held, Json
from sampan.flow.agreement import Approver, Reach, facts_of, mark_of, reach_of, speaks_for
from sampan.flow.journey import Journey
from sampan.flow.line import Line
from sampan.settings import Approvals
from sampan.wording import worded

Scope = Literal["once", "conversation"]
_PAST = 200
_SAID = {
    "refused": worded("The approval was refused."),
    "timed_out": worded("Nobody approved it in time."),
    "stopped": worded("Sampan is stopping; what waits for an approval is refused."),
}


class Patience(msgspec.Struct, frozen=True):
    """How long requests wait, and how many may.

    wait_s: that a caller is kept waiting whose line cannot be kept alive. open_s: that somebody may answer.
    most: waiting at one time; a quarter of them may be of one caller. conversation_s: that an approval for a
    conversation lasts. keep_alive_s: between two signs of life on a line.
    """

    wait_s: float = 60.0
    open_s: float = 900.0
    most: int = 64
    conversation_s: float = 8 * 3600.0
    keep_alive_s: float = 10.0


def patience_of(said: Approvals) -> Patience:
    """As the settings say."""
    return Patience(said.wait_s, said.open_s, said.most, said.conversation_h * 3600)


class _Item:
    """One request that waits. caller: somebody is on the line; else the same request may come again."""

    __slots__ = ("approver", "asker", "began", "by", "caller", "deadline", "done", "facts", "id", "mark", "outcome",
                 "reach", "scopes", "since", "until", "waited")  # fmt: skip

    def __init__(self, held: Held, mark: bytes, open_s: float) -> None:
        self.id, self.mark, self.facts, self.reach = new_id("apr"), mark, facts_of(held), reach_of(held)
        self.asker = held.labelled.request.principal
        self.since, self.began = time.time(), time.monotonic()
        self.until, self.deadline = self.since + open_s, self.began + open_s
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.caller = True
        self.outcome, self.waited = "waiting", 0.0
        self.by: dict[str, str] = {}
        self.scopes: set[Scope] = set()

    @property
    def needed(self) -> tuple[str, ...]:
        return self.reach.needed

    @property
    def scope(self) -> Scope:
        """The narrowest that anybody said."""
        return "conversation" if self.scopes == {"conversation"} else "once"

    def became(self) -> Approval:
        at = self.since + self.waited if self.by else 0.0
        scope = self.scope if self.outcome == "approved" else ""
        return Approval(self.id, self.needed, self.outcome, dict(self.by), at, scope, self.waited * 1000)

    def shown(self) -> Json:
        told = {"id": self.id, "state": self.outcome, "since": self.since, "until": self.until, "by": dict(self.by)}
        return {**told, "scope": self.scope if self.outcome == "approved" else "", "caller": self.caller, **self.facts}


class _Grant(msgspec.Struct, frozen=True):
    """An approval that has been given. deadline: on the monotonic clock."""

    approval: Approval
    deadline: float


class Holding:
    """Keeps what waits, and what was agreed to. For one event loop; nothing here blocks it."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._secret = secrets.token_bytes(32)
        self._items: dict[str, _Item] = {}
        self._once: dict[bytes, list[_Grant]] = {}
        self._conversations: list[tuple[Reach, _Grant]] = []
        self._past: deque[_Item] = deque(maxlen=_PAST)
        self.version, self.stopped = 0, False
        self._watching: set[asyncio.Future[None]] = set()

    # a request

    async def through(
        self, held: Held, journey: Journey, again: Callable[[], Decision], line: Line | None = None
    ) -> Decision:
        """Wait until somebody agrees, and decide again: what has changed by then is decided anew.

        Raises:
            ApprovalPending: nobody answered as long as this caller can be kept. ApprovalRefused: no, or not in time.
            Unavailable: too many wait.
        """
        mark = mark_of(self._secret, held)
        approval = self._granted(held, mark)
        if approval is None:
            approval = await self._answered(self._opened(held, mark), held, journey, line)
            newest = again()
            if not isinstance(newest, Held) or mark_of(self._secret, newest) != mark:
                journey.decided(newest)
                return newest
        decided = msgspec.structs.replace(held.offer, approval=approval)
        journey.decided(decided)
        return decided

    def _granted(self, held: Held, mark: bytes) -> Approval | None:
        """An approval that this request can use up, or one for its conversation."""
        self._expire()
        if grants := self._once.get(mark):
            grant = grants.pop(0)
            if not grants:
                del self._once[mark]
            return grant.approval
        if not held.labelled.request.conversation:
            return None
        wanted = reach_of(held)
        return next((grant.approval for reach, grant in self._conversations if reach.covers(wanted)), None)

    def _opened(self, held: Held, mark: bytes) -> _Item:
        """A place among those that wait; the one of the same request, if its caller is gone and may come again."""
        if self.stopped:
            raise Unavailable(_SAID["stopped"])
        for item in self._items.values():
            if item.mark == mark and not item.caller:
                item.caller = True
                return item
        asker = held.labelled.request.principal
        mine = sum((item.asker.user, item.asker.key) == (asker.user, asker.key) for item in self._items.values())
        if len(self._items) >= self.patience.most or mine >= max(1, self.patience.most // 4):
            raise Unavailable("Too many requests wait for an approval.", hint="`sampan approvals ls` shows them.")
        item = _Item(held, mark, self.patience.open_s)
        self._items[item.id] = item
        self._tell()
        return item

    async def _answered(self, item: _Item, held: Held, journey: Journey, line: Line | None) -> Approval:
        waiting = msgspec.structs.replace(held, approval=item.id, until=item.until, became=item.became())
        try:
            journey.decided(waiting)
            await self._patiently(item, waiting, line)
        except BaseException:
            self._close(item, "withdrawn")
            with contextlib.suppress(SampanError):
                journey.decided(msgspec.structs.replace(waiting, became=item.became()))
            raise
        if item.outcome == "approved":
            return item.became()
        if item.outcome == "waiting":
            item.caller = False
            self._tell()
            told = worded(f"{held.reason}. It waits as `{item.id}`.")
            raise ApprovalPending(told, approval=item.id, until=item.until, rules=held.rules)
        journey.decided(msgspec.structs.replace(waiting, became=item.became()))
        raise ApprovalRefused(f"{held.reason}. {_SAID[item.outcome]}", rules=held.rules)

    async def _patiently(self, item: _Item, held: Held, line: Line | None) -> None:
        """Until it is answered or, where the line cannot be kept alive, the caller has waited long enough."""
        last = item.deadline if line else min(item.deadline, time.monotonic() + self.patience.wait_s)
        while item.outcome == "waiting":
            left = last - time.monotonic()
            if left <= 0:
                self._expire()
                return
            step = min(left, self.patience.keep_alive_s) if line else left
            # not wait_for: it takes a hang-up for an answer when both come at once
            await asyncio.wait((item.done,), timeout=step)
            if line is not None and item.outcome == "waiting":
                await line.kept(held)

    # those who answer

    def listed(self, approver: Approver, *, past: bool = False) -> list[Json]:
        """What this approver may see, oldest first: the owner everything, others their own and what they may answer."""
        self._expire()
        known = [*(self._past if past else ()), *self._items.values()]
        return [
            {**item.shown(), "yours": list(speaks_for(approver, item.needed, item.asker))}
            for item in known
            if self._may_see(approver, item)
        ]

    def approve(self, item_id: str, approver: Approver, scope: Scope = "once") -> Json:
        """Agree, in the place of everybody whom this approver can answer for.

        Raises:
            NotFound: no such. Settled: answered already, or too late. Forbidden: not this approver's to answer.
            BadRequest: for a conversation, and the request names none.
        """
        item = self._found(item_id, approver)
        mine = speaks_for(approver, item.needed, item.asker)
        if not mine:
            raise Forbidden("This approval is not yours to give.", hint="`sampan approvals ls` says whose it is.")
        if scope == "conversation" and not item.reach.conversation:
            raise BadRequest("The request names no conversation.", hint="Approve it once.", param="scope")
        item.by |= dict.fromkeys(mine, approver.user)
        item.scopes.add(scope)
        if set(item.needed) <= item.by.keys():
            self._close(item, "approved")
            self._grant(item)
        else:
            self._tell()
        return item.shown()

    def refuse(self, item_id: str, approver: Approver) -> Json:
        """Say no: whoever could agree, the person who asks, and the owner of this Sampan may.

        Raises:
            NotFound: no such. Settled: answered already, or too late.
        """
        item = self._found(item_id, approver)
        item.by |= dict.fromkeys(speaks_for(approver, item.needed, item.asker) or item.needed, approver.user)
        self._close(item, "refused")
        return item.shown()

    def _found(self, item_id: str, approver: Approver) -> _Item:
        self._expire()
        item = self._items.get(item_id) or next((past for past in self._past if past.id == item_id), None)
        if item is None or not self._may_see(approver, item):
            raise NotFound("No such approval.")
        if item.outcome != "waiting":
            raise Settled(f"This is {item.outcome.replace('_', ' ')} already.")
        return item

    def _may_see(self, approver: Approver, item: _Item) -> bool:
        if approver.key and approver.key == item.asker.key:
            return False
        owner_or_asker = not approver.key or approver.user == item.asker.user
        return owner_or_asker or bool(speaks_for(approver, item.needed, item.asker))

    def _grant(self, item: _Item) -> None:
        """Keep what the request under way does not use up: it is for a conversation, or its caller comes again."""
        approval, now = item.became(), time.monotonic()
        if approval.scope == "conversation":
            kept = self._conversations[-_PAST:]
            self._conversations = [*kept, (item.reach, _Grant(approval, now + self.patience.conversation_s))]
        if not item.caller:
            self._once.setdefault(item.mark, []).append(_Grant(approval, item.deadline))

    # time

    def _expire(self) -> None:
        now = time.monotonic()
        for item in [item for item in self._items.values() if item.deadline <= now]:
            self._close(item, "timed_out")
        if self._once:
            fresh = {mark: [one for one in grants if one.deadline > now] for mark, grants in self._once.items()}
            self._once = {mark: grants for mark, grants in fresh.items() if grants}
        self._conversations = [one for one in self._conversations if one[1].deadline > now]

    def _close(self, item: _Item, outcome: str) -> None:
        """Settle it, once."""
        if item.outcome != "waiting":
            return
        item.outcome, item.waited = outcome, time.monotonic() - item.began
        self._items.pop(item.id, None)
        self._past.append(item)
        if not item.done.done():
            item.done.set_result(None)
        self._tell()

    def stop(self) -> None:
        """Refuse what waits, and everything that would have to from now on."""
        self.stopped = True
        for item in list(self._items.values()):
            self._close(item, "stopped")
        self._tell()

    def _tell(self) -> None:
        self.version += 1
        for turn in self._watching:
            if not turn.done():
                turn.set_result(None)

    async def changed(self, seen: int, within_s: float) -> int:
        """The version of what waits, as soon as it is another than the one seen, or after some seconds."""
        if self.version == seen and not self.stopped:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._watching.add(turn)
            try:
                await asyncio.wait((turn,), timeout=within_s)
            finally:
                self._watching.discard(turn)
        self._expire()
        return self.version
