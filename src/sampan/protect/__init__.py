"""What may not travel is replaced, and put back in the answer. The only maker of `Cleared`."""

from sampan.plugins import Registry
from sampan.protect.clear import MaskingProtector
from sampan.protect.operators.stand_in import OPERATOR

__all__ = ["MaskingProtector", "register"]


def register(registry: Registry) -> None:
    """Add the built-in operator, as a plug-in adds its own."""
    registry.add_operator(OPERATOR.name, OPERATOR)
