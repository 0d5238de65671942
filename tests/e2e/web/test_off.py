"""With SAMPAN_NO_CLOUD=1 the kernel sees no attempt to leave, whatever screen is opened and whatever is asked."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import spy

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300), pytest.mark.xdist_group("web-off")]

ROOT = Path(__file__).parents[3]
IP = shutil.which("ip") or "/usr/sbin/ip"
ALONE = next(
    (
        ways
        for ways in (["unshare", "-rn"], ["unshare", "-n"])
        if subprocess.run([*ways, IP, "link", "set", "lo", "up"], capture_output=True, check=False).returncode == 0
    ),
    None,
)
"""A network of its own; None where the machine allows none."""


@pytest.mark.skipif(ALONE is None, reason="this machine allows no network namespace")
def test_every_screen_with_the_cloud_off():
    command = f'{IP} link set lo up && exec "$@"'
    with spy.unwatched():  # its last act is an attempt to leave, which must be counted
        done = subprocess.run(
            [*ALONE, "sh", "-c", command, "sh", sys.executable, "-m", "tests.e2e.web.offline"],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=280,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["asked"], "the model on this machine answered"
    assert told["after"] == told["before"], "something tried to leave"
    assert told["seen"] == told["after"] + 1, "an attempt is counted"
