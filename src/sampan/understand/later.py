"""A labeller that is made when first asked: what it needs takes memory, and many servers never need it."""

from collections.abc import Callable
from functools import cached_property

from sampan.contract.ports import Labeller
from sampan.contract.request import Labelled, Request


class Later:
    """Implements `contract.ports.Labeller` around the one that `make` makes; made twice if two threads are first at once."""

    def __init__(self, make: Callable[[], Labeller]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Labeller:
        return self._make()

    def label(self, request: Request) -> Labelled:
        """Scan every key, string and number of the body. Never raises for content."""
        return self._made.label(request)

    def is_slow(self, request: Request) -> bool:
        """Whether labelling waits for something else than the processor; making it does."""
        return "_made" not in self.__dict__ or self._made.is_slow(request)
