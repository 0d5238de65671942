"""Every model a request may name, and its provider."""

from collections.abc import Callable, Iterable
from typing import Protocol

from sampan.contract.errors import BadRequest, UnknownModel
from sampan.contract.models import Model
from sampan.contract.ports import Provider
from sampan.contract.request import Json


class Local(Protocol):
    """The models that this machine runs itself."""

    name: str
    model: Model
    provider: Provider
    changed: Callable[[], None]

    def listed(self) -> list[Json]:
        """Catalogue and own files."""

    def progress(self, name: str) -> Json:
        """A download's state."""

    async def act(self, action: str, name: str) -> Json:
        """pull, cancel, use, rm, add."""


class ModelBook:
    """Models by name. `all()` is the same tuple until something changes, so that callers may compare by identity."""

    def __init__(self, local: Local | None) -> None:
        self._local = local
        self._fixed: dict[str, Provider] = {}
        self._rebuild()
        if local is not None:
            local.changed = self._rebuild

    def replace(self, providers: Iterable[Provider]) -> list[Provider]:
        """Put these in the place of the configured ones; returns those that went, for closing."""
        gone = list(self._fixed.values())
        self._fixed = {provider.model.name: provider for provider in providers}
        self._rebuild()
        return gone

    def _rebuild(self) -> None:
        self._providers = dict(self._fixed)
        if self._local is not None:
            self._providers[self._local.name] = self._local.provider
        self._all = tuple(provider.model for provider in self._providers.values())

    def __getitem__(self, name: str) -> Provider:
        return self._providers[name]

    def all(self) -> tuple[Model, ...]:
        """Every model that a request may name."""
        return self._all

    def state(self, name: str) -> str:
        """`ready`, `loading …`, `absent …` or `down: …`; remote models count as ready unless misconfigured."""
        local = self._local
        if local is not None and name == local.name:
            engine = getattr(local, "engine", None)
            return str(engine.health) if engine is not None else "ready"
        trouble = getattr(self._fixed.get(name), "trouble", "")
        return f"down: {trouble}" if trouble else "ready"

    def progress(self, name: str) -> Json:
        """`{state, done, total, note}` of a model's download."""
        if self._local is not None and name not in self._fixed:
            return self._local.progress(name)
        return {"state": self.state(name), "done": 0, "total": 0, "note": ""}

    def listed(self) -> list[Json]:
        """Catalogue, own files, configured and found models."""
        rows = self._local.listed() if self._local is not None else []
        for model in (provider.model for provider in self._fixed.values()):
            facts = {"name": model.name, "realm": model.realm, "site": model.site, "jurisdiction": model.jurisdiction}
            rows.append({**facts, "state": self.state(model.name), "base_url": model.base_url})
        return rows

    async def act(self, action: str, name: str) -> Json:
        """Do what is asked with a local model.

        Raises:
            BadRequest: there are no local models here. UnknownModel: a configured one was named.
        """
        if self._local is None:
            raise BadRequest("Local models are switched off (`local.enabled`).")
        if name in self._fixed:
            raise UnknownModel(f"{name!r} is configured in sampan.toml; change it there.")
        return await self._local.act(action, name)
