import pytest

from sampan.cli.running import Client, Running, client, find, said, token_is_private
from sampan.contract.errors import NotFound, PolicyRefused, SampanError, Unavailable, UpstreamError


def test_no_file_or_a_broken_one_means_no_server(home):
    assert find(home) is None
    (home.run / "server.json").write_text("{")
    assert find(home) is None
    with pytest.raises(Unavailable):
        client(home)


def test_a_dead_or_foreign_process_is_not_ours(home):
    (home.run / "server.json").write_text('{"pid": 1, "host": "127.0.0.1", "port": 1, "started": 1}')
    assert find(home) is None


def test_the_token_says_on_every_path_that_the_owner_asks(server, home):
    server.on("GET", "/sampan/status", {"a": 1})
    http = client(home)
    assert http.get("/sampan/status") == {"a": 1}
    assert http.get("/healthz")["status"] == "ok"
    sent = {path: {k.lower(): v for k, v in headers.items()} for _, path, _, headers in server.asked}
    assert sent["/sampan/status"]["authorization"] == "Bearer t0ken"
    assert sent["/healthz"]["authorization"] == "Bearer t0ken"


def test_errors_come_back_as_their_class():
    body = {"error": {"message": "No. Mask more.", "code": "refused_by_policy"},
            "sampan": {"code": "refused_by_policy", "ways_on": ["Mask more"], "receipt": "rcp_9"}}  # fmt: skip
    error = said(403, body)
    assert isinstance(error, PolicyRefused)
    assert (error.message, error.ways_on, error.receipt) == ("No.", ("Mask more",), "rcp_9")
    assert isinstance(said(502, {"error": {"message": "x", "code": "upstream_down"}}), UpstreamError)
    assert isinstance(said(500, []), Unavailable)


def test_a_missing_thing(server, home):
    with pytest.raises(NotFound):
        client(home).get("/sampan/none")


def test_an_error_inside_a_stream(server, home):
    server.on("POST", "/v1/x", b'data: {"a":1}\n\ndata: {"error":{"message":"cut","code":"stream_cut"}}\n\n')
    events = client(home).stream("POST", "/v1/x", {})
    assert next(events) == {"a": 1}
    with pytest.raises(SampanError):
        next(events)


def test_a_server_that_left(home):
    with pytest.raises(Unavailable):
        Client(Running(1, "127.0.0.1", 9), home).get("/healthz")


def test_another_program_on_the_port(server, home):
    server.on("GET", "/healthz", b"<html>")
    with pytest.raises(SampanError, match="not JSON"):
        client(home).get("/healthz")


def test_a_token_that_others_can_read(home):
    assert token_is_private(home)
    (home.run / "token").write_text("x")
    (home.run / "token").chmod(0o644)
    assert not token_is_private(home)


def test_a_hint_that_the_message_has_is_not_said_again():
    def body(message):
        return {"error": {"message": message}, "sampan": {"code": "unavailable", "ways_on": []}}

    own = said(503, body("No key is set. Set it."))
    assert (own.message, own.way_on) == ("No key is set. Set it.", "")
    general = said(503, body("It is away. Try again shortly."))
    assert (general.message, general.way_on) == ("It is away.", "Try again shortly.")


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:1"), ("0.0.0.0", "http://127.0.0.1:1"), ("::", "http://[::1]:1"),
     ("::1", "http://[::1]:1"), ("192.168.1.5", "http://127.0.0.1:1"), ("localhost", "http://localhost:1")],
)  # fmt: skip
def test_where_this_machine_s_clients_reach_it(host, url):
    assert Running(1, host, 1).url == url
