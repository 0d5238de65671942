"""The server that runs on this home: finding it, and talking to it."""

import importlib
import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from sampan.cli.exit_codes import error_of
from sampan.cli.machine import is_sampan
from sampan.cli.words import word
from sampan.contract.errors import Corrupt, SampanError, StreamCut, Unavailable
from sampan.settings import Paths, loopback_host
from sampan.wording import worded


class Running(msgspec.Struct, frozen=True):
    """What `<run>/server.json` says. `started`: seconds since the epoch."""

    pid: int
    host: str
    port: int
    started: float = 0.0

    @property
    def url(self) -> str:
        """Where clients of this machine reach it."""
        host = self.host.strip("[]")
        if host == "::":
            host = "::1"
        elif not loopback_host(host):
            host = "127.0.0.1"  # where else it listens, it listens there too
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def _door() -> Any:
    """The one door; it brings the HTTP client, which commands that find no server never need."""
    return importlib.import_module("sampan.providers.egress")


class Reply(NamedTuple):
    """One answer of the server."""

    value: Any
    headers: dict[str, str]


def find(home: Paths) -> Running | None:
    """The server of this home, if its process lives and is ours."""
    try:
        running = msgspec.json.decode((home.run / "server.json").read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return None
    return running if ours(running) else None


def ours(running: Running) -> bool:
    """Whether the process lives and is the one that wrote the file."""
    return is_sampan(running.pid, running.started)


class Client:
    """Asks the running server; every failure is a SampanError of the one tree."""

    def __init__(self, running: Running, home: Paths) -> None:
        self.running = running
        self._http = _door().LoopbackClient(running.url)
        self._token = home.run / "token"

    def get(self, path: str) -> Any:
        """GET, as JSON."""
        return self.send("GET", path).value

    def post(self, path: str, value: object) -> Any:
        """POST, as JSON."""
        return self.send("POST", path, value).value

    def send(self, method: str, path: str, value: object = None) -> Reply:
        """Send one request.

        Raises:
            SampanError: the server said no, or is not there.
        """
        try:
            status, headers, raw = self._http.request(method, path, json=value, headers=self._headers())
        except OSError:
            raise Unavailable(word("not_running"), hint=word("start_it")) from None
        body = _json(raw)
        if status >= 400:
            raise said(status, body)
        return Reply(body, {name.lower(): text for name, text in headers.items()})

    def stream(self, method: str, path: str, value: object = None) -> Iterator[dict[str, Any]]:
        """The JSON of each server-sent event.

        Raises:
            SampanError: also when an event is an error, and StreamCut when the stream ends too soon.
        """
        try:
            for line in self._http.stream(method, path, json=value, headers=self._headers()):
                text = line.decode("utf-8", "replace").strip()
                if text == "data: [DONE]":
                    return
                event = _event(text)
                if "error" in event:
                    raise said(0, event)
                if event:
                    yield event
        except OSError:
            raise StreamCut("The connection to the server ended in the middle.") from None
        if path.startswith("/v1/"):
            raise StreamCut("The answer ended in the middle.")

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a reply as they come.

        Raises:
            StreamCut: the reply ended in the middle.
        """
        try:
            yield from self._http.stream("GET", path, headers=self._headers())
        except OSError:
            raise StreamCut("The connection to the server ended in the middle.") from None

    def _headers(self) -> dict[str, str]:
        """The token says on every path that the owner asks: also where everybody else needs a key."""
        try:
            token = self._token.read_text().strip()
        except OSError:
            token = ""
        return {"user-agent": "sampan-cli", "authorization": f"Bearer {token}"}


def client(home: Paths) -> Client:
    """A client of the running server.

    Raises:
        Unavailable: none runs.
    """
    running = find(home)
    if running is None:
        raise Unavailable(word("not_running"), hint=word("start_it"))
    return Client(running, home)


def said(status: int, body: Any) -> SampanError:
    """The error that a vendor-shaped body stands for."""
    inner = body.get("error") if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        return Unavailable(f"The server answered {status} without a reason.")
    extras = body.get("sampan") if isinstance(body.get("sampan"), dict) else {}
    kind = error_of(status, str(extras.get("code") or inner.get("code") or ""))
    ways = tuple(str(way) for way in extras.get("ways_on") or ())
    message = str(inner.get("message") or worded("The request failed."))
    own_hint = bool(ways) or kind.hint in message
    for way in (*ways, kind.hint):
        message = message.replace(way.rstrip("."), "").replace(" .", "").strip()
    error = kind(message)
    error.ways_on, error.receipt = ways, str(extras.get("receipt") or "")
    if not own_hint:
        error.way_on = ""  # the message has a better one already
    return error


def token_is_private(home: Paths) -> bool:
    """Whether the token can be read by its owner only; true when there is none."""
    path = home.run / "token"
    return not path.exists() or (path.stat().st_mode & 0o077 == 0 and path.stat().st_uid == os.getuid())


def _event(line: str) -> dict[str, Any]:
    """The object of one line: an event's data, or a refusal that came instead of a stream."""
    if not line.startswith(("data:", "{")):
        return {}
    value = _json(line.removeprefix("data:").encode())
    return value if isinstance(value, dict) else {}


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise Corrupt("The server's answer is not JSON; another program may listen on its port.") from None
