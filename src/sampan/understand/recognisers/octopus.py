"""Octopus card numbers: eight digits and a check digit in brackets, or nine. Source: Octopus Cards Limited, number on the back of a card."""

from sampan.contract.labels import Kind
from sampan.understand.meanings import strong
from sampan.understand.named import Form, Named, number, pattern_of

NAME, VERSION = "octopus", "1.0"

_FORM = Form(number(r"\d{4}[ -]?\d{4}(?:[ -]?\([0-9]\)|[ -][0-9])?|\d{9}|\d{3}[ ]\d{3}[ ]\d{3}"), score=0.9)

RECOGNISER = pattern_of(NAME, VERSION, [Named(Kind.OCTOPUS, strong(Kind.OCTOPUS), _FORM)])
