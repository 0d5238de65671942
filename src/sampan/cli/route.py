"""`sampan route`: which of the allowed models gets a request, and what was learned about that."""

import click

from sampan.cli.group import LazySubgroup
from sampan.cli.voice import options


@click.group(
    cls=LazySubgroup,
    table={
        "show": ("sampan.cli.routing:show", "What is known of each model: quality, speed, price; drift."),
        "why": ("sampan.cli.routing:why", "Which model a text would go to, and why, in numbers."),
        "export": ("sampan.cli.routing:export", "Everything that was learned, as JSON."),
        "train": ("sampan.cli.route_training:train", "Learn from a file of outcomes."),
        "eval": ("sampan.cli.route_training:evaluate", "How well the estimates choose."),
        "reset": ("sampan.cli.routing:reset", "Forget everything that was learned."),
    },
)
@options
def route() -> None:
    """Which of the allowed models gets a request, and what was learned of them. Policy decides first, always."""
