"""Counts of budgets in the database: one row a subject, of its newest period."""

from collections.abc import Iterable
from typing import Any

from sampan.contract.budget import Charge
from sampan.store.device import Device

_DAY = 86_400.0
_KEPT_DAYS = 400
_FORGET = "DELETE FROM budgets WHERE at < (SELECT max(at) FROM budgets) - CASE every WHEN 'minute' THEN ? ELSE ? END"
_ADD = """
INSERT INTO budgets (budget, every, subject, period, nano, tokens, requests, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (budget, every, subject) DO UPDATE SET
  nano = CASE WHEN excluded.period = period THEN nano + excluded.nano ELSE excluded.nano END,
  tokens = CASE WHEN excluded.period = period THEN tokens + excluded.tokens ELSE excluded.tokens END,
  requests = CASE WHEN excluded.period = period THEN requests + excluded.requests ELSE excluded.requests END,
  period = excluded.period,
  at = max(at, excluded.at)
WHERE excluded.period >= period
"""


def counts(device: Device) -> list[Charge]:
    """Every count, as one charge; those that nobody can need any more are forgotten."""
    with device.write() as connection:
        connection.execute(_FORGET, (_DAY, _KEPT_DAYS * _DAY))
    rows = device.read("SELECT budget, every, subject, period, nano, tokens, requests, at FROM budgets")
    return [Charge(*row) for row in rows]


def add(connection: Any, charges: Iterable[Charge]) -> None:
    """Add to counts, inside a transaction. What belongs to a period that is over is dropped."""
    rows = [(c.budget, c.every, c.subject, c.period, c.nano, c.tokens, c.requests, c.at) for c in charges]
    connection.executemany(_ADD, rows)
