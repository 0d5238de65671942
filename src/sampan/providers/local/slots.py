"""Which request runs in which of the engine's slots, and whether it may use the prompt cache there.

A slot keeps the evaluated prompt of its last request, so that the next turn of a conversation starts at once. How fast
an answer starts would tell what that prompt was: hence a slot's cache serves only the principal who filled it.
"""

import asyncio
from collections import deque

_REMEMBERED = 64 << 10
"""Characters of the last prompt kept per slot, to recognise the next turn of a conversation."""
_SAME = 0.5
"""A prompt that repeats at least this share of the slot's last one is taken for its continuation."""


def _common(one: str, other: str) -> int:
    """Length of the common beginning, by halving: a loop over characters would cost more than it decides."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class Slot:
    """One of the engine's slots."""

    __slots__ = ("busy", "number", "owner", "prompt", "used")

    def __init__(self, number: int) -> None:
        self.number = number
        self.owner = self.prompt = ""
        self.busy = False
        self.used = 0

    def likeness(self, prompt: str) -> float:
        """How much of this slot's last prompt the new one begins with, 0 to 1."""
        if not self.prompt:
            return 0.0
        return _common(self.prompt, prompt) / len(self.prompt)


class Seat:
    """A slot held for one request. `cached`: the prompt cache may be used."""

    __slots__ = ("cached", "number")

    def __init__(self, number: int, *, cached: bool) -> None:
        self.number, self.cached = number, cached


class Slots:
    """Hands slots to requests, first come first served."""

    def __init__(self, count: int) -> None:
        self._slots = [Slot(number) for number in range(count)]
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._clock = 0

    async def take(self, scope: str, prompt: str) -> Seat:
        """Wait for a slot. `scope`: who asks. `prompt`: the conversation so far, in any stable notation."""
        while self._waiting or all(slot.busy for slot in self._slots):
            await self._turn()
            if not all(slot.busy for slot in self._slots):
                break
        slot = self._choose(scope, prompt[:_REMEMBERED])
        cached = slot.owner == scope
        self._clock += 1
        slot.owner, slot.prompt, slot.busy, slot.used = scope, prompt[:_REMEMBERED], True, self._clock
        return Seat(slot.number, cached=cached)

    async def _turn(self) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._call_next()
            raise

    def give(self, seat: Seat) -> None:
        """Hand a slot back."""
        self._slots[seat.number].busy = False
        self._call_next()

    def _call_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().set_result(None)

    def _choose(self, scope: str, prompt: str) -> Slot:
        """The slot of the same conversation, else one nobody has used, else the one unused for longest."""
        free = [slot for slot in self._slots if not slot.busy]
        own = max((slot for slot in free if slot.owner == scope), key=lambda slot: slot.likeness(prompt), default=None)
        if own and own.likeness(prompt) >= _SAME:
            return own
        return min(free, key=lambda slot: slot.used)
