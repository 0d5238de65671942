"""Masking registers itself as a plug-in would."""

from sampan.plugins import Registry
from sampan.protect import register
from sampan.protect.operators.stand_in import NAME, OPERATOR


def test_the_built_in_operator():
    registry = Registry()
    register(registry)
    assert registry.operators == {NAME: OPERATOR}
