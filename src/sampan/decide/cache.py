"""A bounded memory of answers: the least recently used is forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """At most `size` answers by key. A lost race costs one more question, never a wrong answer."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The answer, or None."""
        value = self._kept.get(key)
        if value is not None:
            try:
                self._kept.move_to_end(key)
            except KeyError:
                return value
        return value

    def put(self, key: K, value: V) -> V:
        """Keep an answer and return it."""
        self._kept[key] = value
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value
