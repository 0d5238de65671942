"""Only `sampan.protect` makes a `Cleared`."""

import subprocess
import sys

import pytest

import sampan.protect
from sampan.contract.cleared import Cleared, _Seal, claim_seal
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Dialect, Form, Principal, Request, Route

ROUTE = Route(Model("m", Realm.PUBLIC, (Wire.OPENAI,)), Form())


def request():
    return Request(
        id="rcp_1", dialect=Dialect.CHAT, body={"messages": []}, principal=Principal("ann", key="key_1"), asked="m",
        stream=True, received=0.0, headers={"x": "y"},
    )  # fmt: skip


@pytest.mark.parametrize("seal", [None, object(), "seal", True, _Seal(), _Seal, sampan.protect])
def test_nobody_else_makes_one(seal):
    with pytest.raises(TypeError, match="protect"):
        Cleared(seal, request(), ROUTE, {}, {})


def test_the_seal_is_taken():
    with pytest.raises(RuntimeError, match="claimed"):
        claim_seal()


def test_protect_takes_it_at_import_and_only_once():
    code = (
        "import sampan.protect\n"
        "from sampan.contract.cleared import claim_seal\n"
        "try:\n    claim_seal()\nexcept RuntimeError:\n    raise SystemExit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7


def test_whoever_comes_before_protect_is_found_out():
    code = (
        "from sampan.contract.cleared import claim_seal\nclaim_seal()\n"
        "try:\n    import sampan.protect\nexcept RuntimeError:\n    raise SystemExit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7


def test_it_has_no_room_for_more():
    made = Cleared.__new__(Cleared)
    with pytest.raises(AttributeError):
        made.note = "x"
