"""The way to a leaf while walking: a chain of steps, made into a path only where something was found."""

from typing import Any, NamedTuple

from sampan.contract.labels import Path, Step


class Trail(NamedTuple):
    """One step and the trail before it; `None` is the body itself."""

    before: Any
    step: Step


def path_of(trail: Trail | None) -> Path:
    """The steps from the body to here."""
    steps: list[Step] = []
    while trail is not None:
        steps.append(trail.step)
        trail = trail.before
    return tuple(reversed(steps))
