"""`sampan budgets`: what may be spent, and what is used of it."""

import time
from typing import Any

import click

from sampan.cli.reading import keeper
from sampan.cli.voice import options, printable, table, voice


@click.command()
@options
def budgets() -> None:
    """Show what is used and left of every budget, and when it begins anew."""
    with keeper() as home:
        found = home.budgets()
    rows = [
        (one["name"], _whose(one, count), name, _number(name, count["used"][name]), _number(name, left),
         _number(name, one["limit"][name]), time.strftime("%Y-%m-%d %H:%M", time.localtime(one["until"])))
        for one in found
        for count in one["counts"]
        for name, left in count["left"].items()
    ]  # fmt: skip
    voice().data({"budgets": found}, table(("budget", "of", "in", "used", "left", "limit", "anew"), rows))


def _whose(one: dict[str, Any], count: dict[str, Any]) -> str:
    fits = {**one["of"], **count["whose"]}
    return printable(", ".join(f"{name} {value}" for name, value in fits.items())) or "–"


def _number(name: str, number: float) -> str:
    return f"{number:.4f}" if name == "usd" else f"{number:,}"
