"""Two gears: patterns for every request, names only where the decision could depend on them."""

from collections.abc import Callable

from sampan.contract.ports import Labeller
from sampan.contract.request import Labelled, Request


class Gears:
    """Implements `contract.ports.Labeller`.

    quick: what every request gets. thorough: finds names, addresses and organisations too, at some milliseconds a KB.
    may_leave: whether a request could go where that matters.
    """

    def __init__(self, quick: Labeller, thorough: Labeller, may_leave: Callable[[Request], bool]) -> None:
        self._quick, self._thorough, self._may_leave = quick, thorough, may_leave

    def is_slow(self, request: Request) -> bool:
        """Names take longer than an event loop should wait."""
        return self._may_leave(request) or self._quick.is_slow(request)

    def label(self, request: Request) -> Labelled:
        """Label in the gear that this request needs."""
        return (self._thorough if self._may_leave(request) else self._quick).label(request)
