"""`[[budgets]]`: the tables that limit spending, checked and turned into `contract.budget.Budget`."""

import math
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from sampan.contract.budget import Budget, Every

_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
_Text = Annotated[str, msgspec.Meta(max_length=200)]
_Limit = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
MOST = 32
"""Budgets that there may be: each one that covers a request adds to its record."""


class BudgetTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[budgets]]` as written."""

    name: _Name
    every: Every
    user: _Text = ""
    group: _Text = ""
    application: _Text = ""
    model: _Text = ""
    usd: float | None = None
    tokens: _Limit | None = None
    requests: _Limit | None = None
    zone: _Text = ""


def to_budget(table: BudgetTable) -> tuple[str, str, Budget | None]:
    """Check what types cannot say.

    Returns:
        The field that is wrong, why, and None; or two empty strings and the budget.
    """
    if table.usd is not None and not (math.isfinite(table.usd) and 0 <= table.usd <= 1e9):
        return "usd", "usd must be a number from 0 to 1000000000", None
    if table.usd is None and table.tokens is None and table.requests is None:
        return "name", "it limits nothing; give usd, tokens or requests", None
    if table.zone and not _is_zone(table.zone):
        return "zone", f"there is no time zone `{table.zone}`; such as `Asia/Hong_Kong`", None
    return "", "", Budget(**msgspec.structs.asdict(table))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
