"""The signed, chained record of one request. Kinds and counts, never values."""

from typing import Any

import msgspec


class Crossing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Bytes that went from one realm to another. `body` is `hmac:<hex>` of what was sent."""

    to: str
    model: str
    operator: str
    jurisdiction: str
    bytes_out: int
    bytes_in: int
    body: str
    masked: dict[str, int]
    attempt: int = 1
    error: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """One closed record. Field meanings as in the design's followed request.

    end: complete | error | refused | client_left | stopped | interrupted. n: position in the chain from 1.
    approval: who agreed or did not, where somebody was asked; left out elsewhere.
    prev, hash: `sha256:<hex>` over RFC 8785 canonical JSON of everything but `hash`.
    """

    v: int
    id: str
    n: int
    at: str
    who: dict[str, Any]
    dialect: str
    found: dict[str, int]
    detectors: dict[str, Any]
    sensitivity: str
    policy: dict[str, Any]
    crossings: list[Crossing]
    tokens: dict[str, int]
    cost_usd: float
    ms: dict[str, float]
    end: str
    restored: dict[str, int]
    unmasked: dict[str, int]
    error: str
    prev: str
    hash: str = ""
    approval: dict[str, Any] = {}
