"""From a configured model to its provider: a table of wire formats that plug-ins may add to."""

from collections.abc import AsyncIterator, Mapping

from sampan.contract.answer import Event
from sampan.contract.cleared import Cleared
from sampan.contract.errors import ConfigError
from sampan.contract.models import Model, Wire
from sampan.contract.ports import Provider
from sampan.contract.request import Dialect
from sampan.plugins import ProviderFactory, Registry
from sampan.providers.anthropic_wire import AnthropicProvider
from sampan.providers.fake import FakeProvider
from sampan.providers.openai_wire import OpenAIProvider
from sampan.providers.secrets import Secret
from sampan.providers.upstream import Door
from sampan.providers.wrap.retry import Retry


def _fake(model: Model, secret: Secret, egress: Door) -> Provider:
    del secret, egress
    return FakeProvider(model)


WIRES: Mapping[Wire, ProviderFactory] = {
    Wire.OPENAI: OpenAIProvider,
    Wire.ANTHROPIC: AnthropicProvider,
    Wire.FAKE: _fake,
}
"""Built in: `factory(model, secret, egress)` makes a provider."""


def register(registry: Registry) -> None:
    """Add the built-in wire formats, as a plug-in adds its own."""
    for wire, factory in WIRES.items():
        registry.add_provider(wire, factory)


def make_provider(
    model: Model, secret: Secret, egress: Door, wires: Mapping[Wire, ProviderFactory] | None = None
) -> Provider:
    """Make the provider of a model, with retries. `wires`: the plug-in table, the built-in one when left out.

    Raises:
        ConfigError: nobody speaks one of the model's wire formats.
    """
    table = WIRES if wires is None else wires
    providers: list[Provider] = []
    for wire in model.wire:
        if wire not in table:
            raise ConfigError(f"{model.name}: no provider speaks the wire format `{wire}`.")
        providers.append(table[wire](model, secret, egress))
    return Retry(providers[0] if len(providers) == 1 else ByDialect(model, providers))


class ByDialect:
    """A model that speaks several wire formats: a request goes out in the one it came in, else in the first."""

    def __init__(self, model: Model, providers: list[Provider]) -> None:
        self.model = model
        self._providers = providers
        self._native: dict[Dialect, Provider] = {}
        for provider in reversed(providers):
            self._native.update(dict.fromkeys(getattr(provider, "paths", ()), provider))

    def run(self, cleared: Cleared) -> AsyncIterator[Event]:
        """The events of the provider that speaks the caller's dialect."""
        return self._native.get(cleared.dialect, self._providers[0]).run(cleared)

    async def health(self) -> str:
        """The first trouble, else `ready`."""
        states = [await provider.health() for provider in self._providers]
        return next((state for state in states if state != "ready"), "ready")

    async def aclose(self) -> None:
        """Close them all."""
        for provider in self._providers:
            await provider.aclose()
