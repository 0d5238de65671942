"""Macau resident identity cards, `1234567(8)`. Source: DSI, series 1, 5 and 7; its check digit is not published, so a word must name it."""

import re

from sampan.contract.labels import Finding, Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Alone, Form, Named, number, pattern_of
from sampan.understand.patterns import Trigger, finding

NAME, VERSION = "macau_id", "1.0"

_FORM = Form(number(r"[1578][ /]?\d{6}[ /]?(?:\([0-9]\)|[0-9])"), score=0.9)

_BRACKETS = number(r"[1578]\d{6}\([0-9]\)")
_HEAD = re.compile(r"澳門|澳门|\bmaca[uo]\b|\bBIR\b", re.IGNORECASE)
_BACK = 120
"""Characters before a number with brackets in which the card's head, or Macau, may stand."""


def _alone(text: str, place: int) -> Finding | None:
    match = _BRACKETS.match(text, place)
    if match is None or not _HEAD.search(text, max(0, place - _BACK), place):
        return None
    return finding(text, match.span(), Kind.MACAU_ID, 0.85)


RECOGNISER = pattern_of(
    NAME,
    VERSION,
    [Named(Kind.MACAU_ID, strong(Kind.MACAU_ID), _FORM)],
    Alone([Trigger("[^A-Za-z0-9][1578][0-9]{6}[(][0-9]", skip=1)], _alone),
)
