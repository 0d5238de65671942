"""The kernel is asked whose process asks."""

import os
import socket

import pytest

from sampan.serve import peers


def ends(host="127.0.0.1", family=socket.AF_INET):
    server = socket.create_server((host, 0), family=family)
    client = socket.create_connection(server.getsockname()[:2])
    accepted, _ = server.accept()
    return server, client, accepted


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
@pytest.mark.parametrize("ask", [peers.asked_of_kernel, peers.owner_of])
def test_the_owner_of_a_real_socket(ask, host, family):
    server, client, accepted = ends(host, family)
    with server, client, accepted:
        here, there = client.getsockname()[:2], server.getsockname()[:2]
        assert ask(here, there) == os.getuid()
        assert ask((here[0], 1), there) is None
        assert ask(here, (there[0], 1)) is None


def test_both_ways_agree(tmp_path):
    server, client, accepted = ends()
    with server, client, accepted:
        here, there = client.getsockname(), server.getsockname()
        assert peers.found_in_table(peers._TABLES, here, there) == peers.asked_of_kernel(here, there)


def test_a_socket_that_was_closed_belongs_to_nobody():
    server, client, accepted = ends()
    with server, accepted:
        here, there = client.getsockname(), server.getsockname()
        client.close()
        assert peers.asked_of_kernel(here, there) is None


def test_where_the_kernel_does_not_answer_the_table_does(monkeypatch):
    def silent(*_):
        raise OSError

    monkeypatch.setattr(peers, "asked_of_kernel", silent)
    server, client, accepted = ends()
    with server, client, accepted:
        assert peers.owner_of(client.getsockname(), server.getsockname()) == os.getuid()


def fails(*_):
    raise OSError


@pytest.mark.parametrize("owner", [lambda *_: None, lambda *_: os.getuid() + 1, fails])
def test_nobody_s_and_another_s_and_a_failure_need_a_key(owner):
    assert not peers.Peers(owner).may({"client": ("127.0.0.1", 5), "server": ("127.0.0.1", 6)})
    assert not peers.Peers(owner).may({"client": None})


def test_a_verdict_is_asked_once_a_connection():
    asked = []
    known = peers.Peers(lambda *ends: asked.append(ends) or os.getuid())
    scope = {"client": ("127.0.0.1", 5), "server": ("127.0.0.1", 6)}
    assert known.may(scope)
    assert known.may(scope)
    assert known.may({**scope, "client": ("127.0.0.1", 5 + len(asked) - 1)})
    assert len(asked) == 2
