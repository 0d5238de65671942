"""A real Sampan in a process of its own, for tests from outside."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`home` is kept between starts; `toml` is what stands in its sampan.toml."""

    def __init__(self, home, toml="", *arguments, env=None):
        self.home, self.arguments, self.env = pathlib.Path(home), arguments, env or {}
        self.home.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        (self.home / "sampan.toml").write_text(toml)
        self.process = None

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SAMPAN_")}
        return {**kept, "SAMPAN_HOME": str(self.home), "SAMPAN_LANG": "en", **self.env}

    def start(self, wait=30):
        command = [sys.executable, "-m", "sampan", "up", "--port", str(self.port), *self.arguments]
        self.log = (self.home / "test.log").open("ab")
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log, cwd=self.home)
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError("sampan ended: " + (self.home / "test.log").read_text()[-3000:])
            with contextlib.suppress(OSError):
                return self.get("/healthz") and self
            time.sleep(0.05)
        raise AssertionError("sampan did not answer: " + (self.home / "test.log").read_text()[-3000:])

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        self.log.close()

    @property
    def token(self):
        return next(self.home.rglob("token")).read_text().strip()

    def call(self, method, path, body=None, headers=None):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        head = {"content-type": "application/json", **(headers or {})}
        if path.startswith("/sampan/"):
            head.setdefault("authorization", f"Bearer {self.token}")
        request = urllib.request.Request(self.base_url + path, data, head, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    def get(self, path, headers=None):
        status, _, raw = self.call("GET", path, headers=headers)
        assert status == 200, (status, raw)
        return json.loads(raw)

    def post(self, path, body, headers=None):
        status, head, raw = self.call("POST", path, body, headers)
        return status, head, json.loads(raw)

    def chat(self, text, model="auto", **more):
        return self.post(
            "/v1/chat/completions", {"model": model, "messages": [{"role": "user", "content": text}], **more}
        )

    def cli(self, *arguments, stdin=None, check=True):
        done = subprocess.run(
            [sys.executable, "-m", "sampan", *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.home,
        )
        assert not check or done.returncode == 0, (done.returncode, done.stdout, done.stderr)
        return done


NO_LOCAL = "[local]\nenabled = false\nembeddings = false\ndiscover = false\n"
BY_PRICE = "[route]\nepsilon = 1.0\ntrial = false\n"
"""`auto` takes the cheapest that is allowed, whatever is expected of it."""


def public(name, base_url, upstream_model, wire='"openai"', more=""):
    return (
        f'[[model]]\nname = "{name}"\nrealm = "public"\nwire = {wire}\nbase_url = "{base_url}"\n'
        f'upstream_model = "{upstream_model}"\njurisdiction = "US"\nretries = 0\n{more}\n'
    )
