"""What the stages hand to each other: frozen."""

import inspect

import msgspec
import pytest

from sampan.contract import answer, labels, models, receipt, request, storage
from sampan.contract.labels import Kind
from sampan.contract.request import Form

STRUCTS = sorted(
    {
        kind
        for module in (answer, labels, models, receipt, request, storage)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, msgspec.Struct)
    },
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", STRUCTS, ids=lambda kind: kind.__name__)
def test_every_noun_is_frozen(kind):
    assert kind.__struct_config__.frozen


def test_a_form_is_clear_when_nothing_is_masked():
    assert Form().name == "clear"
    assert Form(frozenset({Kind.HKID})).name == "masked"
