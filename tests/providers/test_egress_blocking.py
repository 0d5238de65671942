"""The parts of the door that block: downloads, probes and the command line's client."""

import http.server
import threading

import pytest

from sampan.contract.errors import PolicyRefused, Unavailable, UpstreamDown
from sampan.providers import egress as module
from sampan.providers.egress import Egress, LoopbackClient, probe


@pytest.fixture
def local():
    """A plain server in a thread; `seen` holds what it was sent."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            seen.append((self.command, self.path, dict(self.headers), body))
            self.send_response(404 if self.path == "/missing" else 200)
            if self.path == "/cut":
                self.send_header("content-length", "100")
            self.end_headers()
            self.wfile.write(b'{"a":1}\n\ndata: x\n')

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.seen = seen
    yield server
    server.shutdown()
    server.server_close()


def test_the_command_lines_client(local):
    client = LoopbackClient(f"http://127.0.0.1:{local.server_port}")
    status, headers, raw = client.request("POST", "/x", json={"b": 2}, headers={"authorization": "Bearer t"})
    assert status == 200 and "date" in headers and raw.startswith(b'{"a":1}')
    method, path, head, body = local.seen[0]
    assert (method, path, body) == ("POST", "/x", b'{"b":2}') and head["authorization"] == "Bearer t"
    assert client.request("GET", "/missing")[0] == 404
    assert list(client.stream("GET", "/x")) == [b'{"a":1}\n', b"\n", b"data: x\n"]
    lines = client.stream("GET", "/x")
    next(lines)
    lines.close()


def test_a_server_that_breaks_off_or_is_not_there(local):
    client = LoopbackClient(f"http://localhost:{local.server_port}")
    with pytest.raises(OSError, match="broke off"):
        client.request("GET", "/cut")
    local.shutdown()
    local.server_close()
    with pytest.raises(OSError):
        client.request("GET", "/x")
    with pytest.raises(OSError):
        next(client.stream("GET", "/x"))


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1:1", "http://example.com", "https://127.0.0.1", "", "http://0.0.0.0:1"]
)
def test_the_client_goes_nowhere_else(url):
    with pytest.raises(Unavailable):
        LoopbackClient(url)


def test_probing(local):
    class Quiet(http.server.BaseHTTPRequestHandler):
        pass

    assert probe(f"http://127.0.0.1:{local.server_port}/v1/models") is None, "not JSON as a whole"
    local.RequestHandlerClass.do_GET = lambda self: (
        self.send_response(200), self.end_headers(), self.wfile.write(b'{"data":[]}')
    )  # fmt: skip
    assert probe(f"http://127.0.0.1:{local.server_port}/v1/models?x=1") == {"data": []}
    assert probe("http://127.0.0.1:1/v1/models") is None


def test_downloads_go_through_the_same_resolver(monkeypatch):
    async def resolve(self, host, port=0, family=0):
        assert not self._private_network
        raise PolicyRefused("checked", rules=("no-private-network",))

    monkeypatch.setattr(module._Resolver, "resolve", resolve)
    with pytest.raises(PolicyRefused, match="checked"):
        Egress().download("https://hub.example/f", 0, print, print)
    with pytest.raises(PolicyRefused, match="https"):
        Egress().download("http://hub.example/f", 0, print, print)


def test_a_download_through_a_proxy_that_is_not_there():
    with pytest.raises(UpstreamDown):
        Egress(proxy="http://127.0.0.1:1").download("https://hub.example/f", 0, print, print)
