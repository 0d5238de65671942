"""`canarywire` between a client and a fake provider: no canary crosses, every one comes back."""

import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
import yaml

from tests.support.server import NO_LOCAL, Server, free_port, public

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

HERE = pathlib.Path(__file__).parent


@pytest.fixture
def capture(tmp_path):
    """The fake provider that records everything."""
    port = free_port()
    command = [sys.executable, "-m", "canarywire", "serve", "--listen", f"127.0.0.1:{port}"]
    with (tmp_path / "capture.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                except urllib.error.HTTPError as answered:
                    answered.close()
                    break
                except OSError:
                    time.sleep(0.05)
                else:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def run(tmp_path, server, capture, path, protocol):
    config = yaml.safe_load((HERE / "canarywire.yaml").read_text())
    config["capture"] = {"url": capture}
    config["target"] = {"base_url": server.base_url, "routes": [{"protocol": protocol, "path": path}]}
    file = tmp_path / "canarywire.yaml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True))
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    return subprocess.run(
        [sys.executable, "-m", "canarywire", "run", "--config", str(file), "--out", str(tmp_path / "out")],
        env=environment, capture_output=True, text=True, timeout=280, cwd=tmp_path,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("protocol", "path"), [("openai-chat", "/v1/chat/completions"), ("anthropic-messages", "/v1/messages")]
)
def test_the_boundary_holds(tmp_path, capture, protocol, path):
    toml = NO_LOCAL + public("canarywire-test", capture + "/v1", "canarywire-test", '["openai", "anthropic"]')
    with Server(tmp_path / "home", toml) as server:
        done = run(tmp_path, server, capture, path, protocol)
    report = tmp_path / "out" / "report.md"
    assert done.returncode == 0, (
        done.stdout[-2000:] + done.stderr[-2000:] + (report.read_text()[-4000:] if report.exists() else "")
    )
