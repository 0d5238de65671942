"""What holds for every test: no connection and no look-up of a name leaves this machine."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import spy

# a machine that is busy with something else is no failure of a test
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

spy.watch()
_LOG = Path(tempfile.mkstemp(prefix="sampan-spy-")[1])
spy.watch_children(_LOG)


def pytest_unconfigure():
    """Leave nothing behind."""
    _LOG.unlink(missing_ok=True)
    os.environ.pop(spy.LOG, None)


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their length: what is compressed holds the time, and parallel workers must collect the same names."""
    return f"{argname}-{len(val)}" if isinstance(val, bytes) and len(val) > 16 else None


@pytest.fixture(autouse=True)
def nothing_leaves():
    """Fail a test in which anything tried to leave the machine, a process that it started included."""
    before, told = len(spy.left), _LOG.stat().st_size
    yield
    assert spy.left[before:] == [], "a connection left this machine"
    if _LOG.stat().st_size > told:
        assert _LOG.read_bytes()[told:].decode() == "", "a connection of another process left this machine"
