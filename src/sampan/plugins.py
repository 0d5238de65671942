"""What can be added from outside, and the registry that built-ins use too.

A package adds to Sampan with an entry point in the group `sampan` that names a function taking a
`Registry`: `def register(registry): registry.add_recogniser(MyRecogniser())`.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from sampan.contract.models import Wire
from sampan.contract.ports import Provider, Recogniser

GROUP = "sampan"

ProviderFactory = Callable[..., Provider]


class Registry:
    """Everything that was registered, in order."""

    def __init__(self) -> None:
        self.recognisers: list[Recogniser] = []
        self.providers: dict[Wire, ProviderFactory] = {}
        self.operators: dict[str, Any] = {}

    def add_recogniser(self, recogniser: Recogniser) -> None:
        """Add a recogniser; its findings are merged with those of the others."""
        self.recognisers.append(recogniser)

    def add_provider(self, wire: Wire, factory: ProviderFactory) -> None:
        """Add a wire format: `factory(model, secret, egress)` makes its provider."""
        self.providers[wire] = factory

    def add_operator(self, name: str, operator: Any) -> None:
        """Add a mask operator under the name that settings use."""
        self.operators[name] = operator


def load_outside(registry: Registry) -> list[str]:
    """Let every installed plug-in register itself; returns their names."""
    names = []
    for point in entry_points(group=GROUP):
        point.load()(registry)
        names.append(point.name)
    return names
