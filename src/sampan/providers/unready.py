"""Stands in for a model that cannot be used as it is configured: it says why, and everything else goes on."""

from collections.abc import AsyncIterator
from typing import Self

from sampan.contract.answer import Event
from sampan.contract.cleared import Cleared
from sampan.contract.errors import SampanError, Unavailable
from sampan.contract.models import Model


class UnreadyProvider:
    """Implements `contract.ports.Provider`; every request fails with the reason. trouble: the reason."""

    def __init__(self, model: Model, error: SampanError) -> None:
        self.model = model
        self.trouble = error.message
        self._error = error

    async def health(self) -> str:
        """`down: <why>`."""
        return f"down: {self.trouble}"

    async def aclose(self) -> None:
        """Nothing is held."""

    def run(self, cleared: Cleared) -> AsyncIterator[Event]:
        """Events that fail before anything is sent: Unavailable."""
        return _Failing(Unavailable(f"`{cleared.model.name}` cannot be used: {self.trouble}", hint=self._error.way_on))


class _Failing:
    def __init__(self, error: Unavailable) -> None:
        self._error = error

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        raise self._error
