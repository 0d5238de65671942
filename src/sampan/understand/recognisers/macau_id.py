"""Macau resident identity cards, `1234567(8)`. Source: DSI, series 1, 5 and 7; its check digit is not published, so a word must name it."""

from sampan.contract.labels import Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Form, Named, number, pattern_of

NAME, VERSION = "macau_id", "1.0"

_FORM = Form(number(r"[1578][ /]?\d{6}[ /]?(?:\([0-9]\)|[0-9])"), score=0.9)

RECOGNISER = pattern_of(NAME, VERSION, [Named(Kind.MACAU_ID, strong(Kind.MACAU_ID), _FORM)])
