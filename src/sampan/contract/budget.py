"""Budgets: what may be spent in a minute, a day or a month, and what was."""

from enum import StrEnum

import msgspec

EACH = "*"
"""In the place of a name: each one has its own count."""


class Every(StrEnum):
    """How long a budget lasts before it begins anew, by the calendar."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Budget(msgspec.Struct, frozen=True):
    """A limit on whoever and whatever all of its names fit; an empty name fits everybody.

    model: a named one is covered also where it is free, otherwise only models that cost something are.
    usd, tokens, requests: None where that is not limited. zone: of the calendar, empty for the machine's.
    """

    name: str
    every: Every
    user: str = ""
    group: str = ""
    application: str = ""
    model: str = ""
    usd: float | None = None
    tokens: int | None = None
    requests: int | None = None
    zone: str = ""


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
