"""What can be set has a default that holds by its own rule."""

import msgspec
import pytest

from sampan.settings.sections import SECTIONS, Approvals, Server


@pytest.mark.parametrize("name", SECTIONS)
def test_every_default_is_allowed(name):
    values = msgspec.to_builtins(SECTIONS[name]())
    assert msgspec.convert(values, SECTIONS[name]) == SECTIONS[name]()


@pytest.mark.parametrize(
    ("struct", "value"),
    [
        (Server, {"port": 65536}),
        (Server, {"prot": 1}),
        (Approvals, {"open_s": 0}),
        (Approvals, {"most": 0}),
        (Approvals, {"wait_s": -1}),
    ],
)
def test_what_makes_no_sense_is_refused(struct, value):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, struct)
