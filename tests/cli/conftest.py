"""A home of its own, a stand-in for the running server, and the command line called in-process."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest

from sampan import cli as command_line
from sampan import settings
from sampan.cli import running

RECEIPT = {
    "v": 1, "id": "rcp_01", "n": 3, "at": "2026-11-23T06:12:09.113Z", "who": {"user": "u", "app": "sampan-cli"},
    "found": {"HKID": 1, "PHONE": 1}, "sensitivity": "restricted",
    "policy": {"asked": "auto", "chosen": ["cloud", "masked"], "why": "cheapest", "refused": [["cloud", "clear", ["hk-id"]]]},
    "crossings": [{"to": "public", "model": "cloud", "operator": "o", "jurisdiction": "US", "bytes_out": 412,
                   "bytes_in": 1630, "body": "hmac:00", "masked": {"HKID": 1, "PHONE": 1}}],
    "tokens": {"in": 96, "out": 71}, "cost_usd": 0.0011, "ms": {"total": 912.0}, "end": "complete", "restored": {"HKID": 1},
    "unmasked": {}, "error": "", "prev": "sha256:00", "hash": "sha256:01",
}  # fmt: skip


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Server:
    """Answers what it was told to; remembers what it was asked."""

    def __init__(self):
        self.asked, self.replies = [], {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                body = json.loads(raw) if raw else None
                server.asked.append((self.command, self.path, body, dict(self.headers)))
                status, value = server.replies.get(
                    (self.command, self.path), (404, {"error": {"message": "no", "code": "not_found"}})
                )
                data = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                self.send_header("sampan-receipt", "rcp_01; head=3:00")
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        self.on("GET", "/healthz", {"status": "ok", "version": "0", "models": []})
        self.on("GET", "/sampan/receipts?limit=1", {"receipts": [RECEIPT]})

    def on(self, method, path, value, status=200):
        self.replies[method, path] = (status, value)

    def stop(self):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, English, no terminal colours, no system-wide settings."""
    place = tmp_path / "home"
    monkeypatch.setenv("SAMPAN_HOME", str(place))
    monkeypatch.setenv("SAMPAN_LANG", "en")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(settings, "SYSTEM_FILE", tmp_path / "none.toml")
    monkeypatch.chdir(tmp_path)
    found = settings.paths({"SAMPAN_HOME": str(place)})
    settings.prepare(found)
    return found


@pytest.fixture
def server(home, monkeypatch):
    """A running server of this home."""
    made = Server()
    monkeypatch.setattr(running, "is_sampan", lambda pid, started: True)
    told = {"pid": os.getpid(), "host": "127.0.0.1", "port": made.port, "started": time.time()}
    (home.run / "server.json").write_text(json.dumps(told))
    (home.run / "token").write_text("t0ken")
    (home.run / "token").chmod(0o600)
    yield made
    made.stop()


@pytest.fixture
def sampan(capsys, monkeypatch):
    """Call the command line; `stdin` is text."""

    def call(*arguments, stdin=""):
        import io

        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = command_line.run(arguments)
        captured = capsys.readouterr()
        return Result(int(code), captured.out, captured.err)

    return call


@pytest.fixture
def receipt():
    return RECEIPT
