"""`[[budgets]]`: what the types of `contract.budget.Budget` cannot say of the tables that limit spending."""

import math
from zoneinfo import ZoneInfo

from sampan.contract.budget import Budget

MOST = 32
"""Budgets that there may be: each one that covers a request adds to its record."""


def fault_of(budget: Budget) -> tuple[str, str] | None:
    """The field that is wrong, and why; None where nothing is."""
    if budget.usd is not None and not (math.isfinite(budget.usd) and 0 <= budget.usd <= 1e9):
        return "usd", "usd must be a number from 0 to 1000000000"
    if budget.usd is None and budget.tokens is None and budget.requests is None:
        return "name", "it limits nothing; give usd, tokens or requests"
    if budget.zone and not _is_zone(budget.zone):
        return "zone", f"there is no time zone `{budget.zone}`; such as `Asia/Hong_Kong`"
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
