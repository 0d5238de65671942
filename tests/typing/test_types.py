"""Types as a wall: mypy refuses what the stages must not do, at the marked lines and nowhere else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CASES = sorted((HERE / "cases").glob("*.py"))


@pytest.mark.timeout(240)  # without a warm cache, mypy reads every package once
def test_mypy_refuses_what_is_marked():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-pretty", "--no-error-summary", "--follow-imports=silent", *CASES],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=230,
    )  # fmt: skip
    reported = re.findall(r"(?m)^.*?(\w+\.py):(\d+): error: .*\[([a-z-]+)\]$", done.stdout)
    marked = [
        (path.name, str(number), found[1])
        for path in CASES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := re.search(r"# E: ([a-z-]+)$", line))
    ]
    assert marked
    assert reported == marked, done.stdout + done.stderr
