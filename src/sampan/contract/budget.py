"""Budgets: what may be spent in a minute, a day or a month, and what was."""

from enum import StrEnum
from typing import Annotated

import msgspec

EACH = "*"
"""In the place of a name: each one has its own count."""


_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
_Text = Annotated[str, msgspec.Meta(max_length=200)]
_Limit = Annotated[int, msgspec.Meta(ge=0, le=10**15)]


class Every(StrEnum):
    """How long a budget lasts before it begins anew, by the calendar."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[budgets]]`: a limit on whoever and whatever all of its names fit; an empty name fits everybody.

    model: a named one is covered also where it is free, otherwise only models that cost something are.
    usd, tokens, requests: None where that is not limited. zone: of the calendar, empty for the machine's.
    """

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


class Charge(msgspec.Struct, frozen=True, gc=False):
    """What one request adds to one count. nano: billionths of a US dollar. at: seconds since the epoch.

    subject: whose count, among those of one budget. period: the one that it falls in, in an order that text has too.
    """

    budget: str
    every: str
    subject: str
    period: str
    nano: int = 0
    tokens: int = 0
    requests: int = 0
    at: float = 0.0
