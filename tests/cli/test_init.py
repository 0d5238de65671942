import subprocess
import sys
import time

import pytest

from sampan import cli
from sampan.contract.errors import PolicyRefused


def test_help_comes_at_once():
    times = []
    for _ in range(3):
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "sampan", "--help"], capture_output=True, text=True, check=True)
        times.append(time.perf_counter() - began)
    assert "doctor" in done.stdout
    assert min(times) < 0.5, times  # 0.07 s alone; the machine is shared


def test_scan_brings_no_http_client():
    code = "import sys, sampan.cli.scan\nprint(sorted({'aiohttp','ssl','asyncio','starlette','cryptography'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv=['sampan','--help']\nimport sampan.cli\n"
        "try: sampan.cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'aiohttp','rich','starlette','uvicorn','psutil','keyring','cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("raised", "code"),
    [(PolicyRefused("No.", ways_on=("mask more",)), 3), (KeyboardInterrupt(), 130), (ValueError("secret value"), 1),
     (PermissionError(13, "Permission denied", "/x"), 1)],
)  # fmt: skip
def test_a_failure_is_one_line_and_a_code(sampan, monkeypatch, raised, code):
    def fail(*_, **__):
        raise raised

    monkeypatch.setattr(cli.root, "main", fail)
    result = sampan("status")
    assert result.code == code
    assert "Traceback" not in result.err
    assert "secret value" not in result.err
    assert result.out == ""


def test_verbose_shows_the_traceback(sampan, home):
    (home.config / "sampan.toml").write_text("x = 1\n")
    assert "Traceback" in sampan("config", "check", "-v").err
    assert "Traceback" in sampan("-v", "config", "check").err
    quiet = sampan("config", "check")
    assert "Traceback" not in quiet.err
    assert quiet.code == 2
    assert f"{home.config}/sampan.toml:1:1: unknown setting `x`" in quiet.err


def test_an_error_as_json(sampan, home):
    import json

    (home.config / "sampan.toml").write_text("[server]\nprot = 1\n")
    error = json.loads(sampan("config", "check", "--json").err)["error"]
    assert error["code"] == "bad_settings"


def test_usage_errors_are_two(sampan):
    assert sampan("ask", "--no-such-flag").code == 2
    assert sampan("receipts", "ls", "-n", "x").code == 2
    assert "Did you mean 'status'" in sampan("stauts").err
