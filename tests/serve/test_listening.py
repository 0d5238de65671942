"""The application behind a real server: what ASGI alone does not show."""

import contextlib
import json
import socket
import threading
import time

import pytest

from sampan.contract.errors import PortInUse
from sampan.serve.listening import Listener
from sampan.settings import Server
from tests.serve import rig
from tests.support.server import free_port

BODY = json.dumps(rig.CHAT).encode()


@contextlib.contextmanager
def listening(folder, app=None, stopping=None):
    port = free_port()
    listener = Listener(app or rig.app(), Server(port=port), folder, rig.TOKEN)
    listener._server.install_signal_handlers = lambda: None
    listener._server.capture_signals = contextlib.nullcontext
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sampan.serve.listening.signal.signal", lambda *_: None)
        thread = threading.Thread(target=listener.run, args=(lambda: None, stopping), daemon=True)
        thread.start()
        while not listener._server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield port
        finally:
            listener.stop()
            thread.join(10)


def talk(port, *pieces):
    """Send raw pieces; what came back until the server closed the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for piece in pieces:
            line.sendall(piece)
        return received(line)


def received(line):
    parts = []
    while part := line.recv(65536):
        parts.append(part)
    return b"".join(parts).decode()


def post(headers="", path="/v1/chat/completions", length=len(BODY), method="POST"):
    return (f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"content-length: {length}\r\nconnection: close\r\n{headers}\r\n").encode()  # fmt: skip


def status(reply):
    return int(reply.split(" ", 2)[1])


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with listening(tmp_path_factory.mktemp("run")) as port:
        yield port


def test_it_answers_an_own_process_without_a_key(port):
    reply = talk(port, post(), BODY)
    assert status(reply) == 200
    assert "\r\nserver:" not in reply.lower()


def test_a_caller_cannot_name_another_s_connection(port, tmp_path):
    assert Listener(rig.app(), Server(), tmp_path, rig.TOKEN)._config.proxy_headers is False
    for header in ("x-forwarded-for: 127.0.0.1", f"x-forwarded-for: 127.0.0.1:{port}", "forwarded: for=127.0.0.1"):
        assert status(talk(port, post(header + "\r\n", length=0))) == 401


def test_expect_100_continue(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(post("expect: 100-continue\r\n"))
        assert line.recv(65536).startswith(b"HTTP/1.1 100 ")
        line.sendall(BODY)
        assert status(received(line)) == 200


def test_a_refused_caller_is_not_asked_for_the_body(port):
    reply = talk(port, post("expect: 100-continue\r\nx-api-key: sk-sampan-bad\r\n"))
    assert status(reply) == 401
    assert " 100 " not in reply


def test_chunked_bodies(port):
    head = post().replace(b"content-length: %d\r\n" % len(BODY), b"transfer-encoding: chunked\r\n")
    assert status(talk(port, head, b"%x\r\n%s\r\n" % (len(BODY), BODY), b"0\r\n\r\n")) == 200


@pytest.mark.parametrize("headers", [f"content-length: {len(BODY) + 1}\r\n", "transfer-encoding: chunked\r\n"])
def test_lengths_that_contradict_each_other(port, headers):
    assert status(talk(port, post(headers))) == 400


def test_a_body_shorter_than_declared_is_no_request(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(post(length=len(BODY) + 9) + BODY)
        line.shutdown(socket.SHUT_WR)
        assert received(line) == ""


def test_what_follows_a_body_is_not_part_of_it(port):
    reply = talk(port, post(), BODY + b"GET /sampan/status HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    assert reply.count("HTTP/1.1 ") == 1


def test_two_host_headers(port):
    reply = talk(port, post("host: evil.example\r\n", length=0))
    assert status(reply) in {400, 403}


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/models", "/v1/messages", "/nothing"])
def test_head_has_no_body(port, path):
    reply = talk(port, post(method="HEAD", path=path, length=0))
    assert reply.endswith("\r\n\r\n")
    assert status(reply) == (303 if path == "/" else 200 if path in {"/healthz", "/v1/models"} else 404)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # uvicorn leaves the socket open
def test_a_port_that_is_taken(tmp_path, port):
    with pytest.raises(PortInUse):
        Listener(rig.app(), Server(port=port), tmp_path, rig.TOKEN).run(lambda: None)


def test_the_token_is_there_while_it_runs_for_its_owner_alone(tmp_path):
    with listening(tmp_path) as port:
        assert (tmp_path / "token").read_text() == rig.TOKEN
        assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
        assert json.loads((tmp_path / "server.json").read_text())["port"] == port
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "hosts"),
    [("127.0.0.1", ("127.0.0.1",)), ("::1", ("::1",)), ("0.0.0.0", ("0.0.0.0",)), ("::", ("::",)),
     ("192.0.2.1", ("192.0.2.1", "127.0.0.1"))],
)  # fmt: skip
def test_the_command_line_finds_it_on_loopback_wherever_it_listens(tmp_path, host, hosts):
    assert Listener(rig.app(), Server(host=host), tmp_path, rig.TOKEN)._hosts() == hosts


def test_what_waits_for_people_is_told_before_requests_are_waited_for(tmp_path):
    told = []
    with listening(tmp_path, stopping=lambda: told.append("stopping")) as port:
        line = socket.create_connection(("127.0.0.1", port), timeout=5)
        line.sendall(post()[:40])
    line.close()
    assert told == ["stopping"]
