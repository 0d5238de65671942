"""The signed, chained record of one request. Kinds and counts, never values."""

from typing import Any

import msgspec

from sampan.contract.answer import Usage
from sampan.contract.budget import Charge
from sampan.contract.models import Model


class Crossing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Bytes that went from one realm to another. `body` is `hmac:<hex>` of what was sent.

    hints: kind -> stand-ins of which something was told (a gender, an age). guided: a line was added that tells
    the model what stand-ins are.
    """

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
    hints: dict[str, int] = {}
    guided: bool = False


class Spent(msgspec.Struct, frozen=True):
    """What one model did for a request: its tokens are paid at its own price."""

    model: Model
    usage: Usage


class Tried(msgspec.Struct, frozen=True):
    """How a trial went: its model's answer was given out, or another model was asked.

    verdict: `accepted`; `escalated`; `kept` when nobody after it answered, so that its answer had to do.
    score: the verifier's, 0 to 1, against `accept_at`; None when there was no whole answer to look at.
    checks: name of each that spoke -> what it added to the log-odds. error: the code of what ended it too early.
    ms: how long it took.
    """

    model: str
    verdict: str
    accept_at: float
    score: float | None = None
    checks: dict[str, float] = {}
    error: str = ""
    ms: float = 0.0
    tokens: dict[str, int] = {}


class Joint(msgspec.Struct, frozen=True):
    """Two models worked together. way: `plan` or `rewrite`. steps: ids of the receipts of their requests, in order."""

    way: str
    steps: tuple[str, ...]


class Shadow(msgspec.Struct, frozen=True):
    """A request that only compares. of: the receipt of the one whose answer was given out, by `given_by`.

    given, here: how likely each of the two answers is good, 0 to 1, judged beside the other; None: it did not come to that.
    """

    of: str
    given_by: str
    given: float | None = None
    here: float | None = None


class Outcome(msgspec.Struct, frozen=True):
    """How a request ended, for its receipt.

    end: as in `Receipt`. error: an error's code. spent: one a model that was tried, in order.
    answered: the model whose answer was given out; None: the last one that was tried. ms: name -> milliseconds.
    charges: what it adds to budgets; kept with the receipt, not in it.
    """

    end: str
    error: str = ""
    spent: tuple[Spent, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    answered: Model | None = None
    restored: dict[str, int] = {}
    ms: dict[str, float] = {}
    trial: Tried | None = None
    charges: tuple[Charge, ...] = ()
    joint: Joint | None = None
    shadow: Shadow | None = None


class Receipt(msgspec.Struct, frozen=True):
    """One closed record. Field meanings as in the design's followed request.

    end: complete | error | refused | client_left | stopped | interrupted. n: position in the chain from 1.
    approval: who agreed or did not, where somebody was asked; left out elsewhere.
    route: what the router knew and how a trial went; left out where there was none.
    languages: of what was asked, as in `Labels`; receipts of before have none.
    as_text: files that were handed on as their text, as in `Labels`; left out where there were none.
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
    route: dict[str, Any] = {}
    languages: list[str] = []
    as_text: dict[str, int] = {}
