"""Host, Origin and key checks."""

import os
import socket
from functools import partial

import pytest

from sampan.contract.errors import Forbidden, HostRefused, Unauthenticated
from sampan.serve.guard import Access, Guard, _application, holds
from sampan.serve.peers import Peers, found_in_table, in_table


class Keys:
    def find(self, secret):
        class Key:
            id, application, user, groups = "key_1", "app", "mei", ("staff",)

        return Key() if secret == "sk-sampan-good" else None


def guard(keyless=True, hosts=(), origins=()):
    return Guard(Access(frozenset(hosts), frozenset(origins), keyless, "d"), Keys())


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8484", "localhost", "localhost:1", "[::1]:8484", "ai.example:8484", "LOCALHOST:1", "AI.Example"]
)
def test_our_hosts(host):
    guard(hosts=["ai.example"]).check_host({"host": host})


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "127.0.0.1@evil"])
def test_foreign_hosts(host):
    with pytest.raises(HostRefused):
        guard().check_host({"host": host})


@pytest.mark.parametrize("host", ["[fd00::1]:8484", "[FD00::1]"])
def test_an_ipv6_address_it_listens_on(host):
    guard(hosts=["fd00::1"]).check_host({"host": host})


@pytest.mark.parametrize("origin", ["http://[", "https://evil.example", "null", "http://localhost:3000", "file://"])
def test_foreign_origins(origin):
    with pytest.raises(HostRefused):
        guard().check_host({"host": "127.0.0.1:8484", "origin": origin})


def test_own_and_listed_origins():
    guard().check_host({"host": "127.0.0.1:8484", "origin": "http://127.0.0.1:8484"})
    guard(origins=["http://localhost:3000"]).check_host({"host": "127.0.0.1:8484", "origin": "http://localhost:3000"})


def test_a_key_is_needed_off_loopback():
    with pytest.raises(Unauthenticated):
        guard(keyless=False).principal({"client": ("10.0.0.9", 1)}, {})
    who = guard(keyless=False).principal({}, {"authorization": "Bearer sk-sampan-good"})
    assert (who.user, who.app, who.groups, who.key) == ("mei", "app", ("staff",), "key_1")
    assert guard(keyless=False).principal({}, {"x-api-key": "sk-sampan-good"}).key == "key_1"


def test_a_wrong_key_is_refused_even_on_loopback():
    with pytest.raises(Unauthenticated):
        guard().principal({"client": ("127.0.0.1", 1)}, {"authorization": "Bearer sk-sampan-bad"})


def test_an_unknown_peer_is_refused():
    with pytest.raises(Unauthenticated):
        guard().principal({"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2)}, {})


OURS, THEIRS = ("127.0.0.1", 8484), ("127.0.0.1", 50000)
ROW = "   0: {} {} {} 00000000:00000000 00:00000000 00000000 {:>5}        0 {} 1 0000000000000000 20 4 30 10 -1"


def peer(tmp_path, *rows, client=THEIRS, server=OURS):
    """A guard that reads this table of sockets."""
    made = guard()
    table = tmp_path / ("tcp6" if ":" in client[0] else "tcp")
    table.write_text("".join(f"{line}\n" for line in ("header", *rows)))
    made._peers = Peers(partial(found_in_table, tmp_path))
    return made, {"client": client, "server": server}


def row(local=THEIRS, remote=OURS, uid=None, inode="4711", state="01"):
    return ROW.format(in_table(*local), in_table(*remote), state, os.getuid() if uid is None else uid, inode)


def admitted(made, scope):
    try:
        return bool(made.principal(scope, {}))
    except Unauthenticated:
        return False


def test_an_own_process_and_root_need_no_key(tmp_path):
    assert admitted(*peer(tmp_path, row()))
    assert admitted(*peer(tmp_path, row(uid=0)))
    here, there = ("::1", 50000), ("::1", 8484)
    assert admitted(*peer(tmp_path, row(here, there), client=here, server=there))


def test_another_user_does(tmp_path):
    assert not admitted(*peer(tmp_path, row(uid=os.getuid() + 1)))
    # the same ports between other addresses are another connection
    others = row(("127.0.0.5", 50000), ("127.0.0.6", 8484))
    assert not admitted(*peer(tmp_path, others, row(uid=os.getuid() + 1)))
    # our own end of the connection
    assert not admitted(*peer(tmp_path, row(OURS, THEIRS), row(uid=os.getuid() + 1)))
    # a socket that its process has closed is listed under root, without an inode
    assert not admitted(*peer(tmp_path, row(uid=0, inode="0", state="05")))
    assert not admitted(*peer(tmp_path))


def test_a_real_socket_s_peer_is_found():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert admitted(guard(), {"client": client.getsockname(), "server": server.getsockname()})


def test_a_verdict_is_kept_for_the_connection_only(tmp_path):
    made, scope = peer(tmp_path, row())
    assert admitted(made, scope)
    (tmp_path / "tcp").write_text("header\n")
    assert admitted(made, scope)
    assert not admitted(made, scope | {"client": ("127.0.0.1", int("50000"))})


@pytest.mark.parametrize("key", ["sk-sampan-good", "sk-sampan-good "])
def test_either_header_may_carry_the_key(key):
    other = {"authorization": "Bearer sk-ant-of-somebody"}
    for headers in ({"x-api-key": key}, {"authorization": f"BEARER {key}"}, other | {"x-api-key": key}):
        assert guard(keyless=False).principal({}, headers).key == "key_1"
    with pytest.raises(Unauthenticated):
        guard(keyless=False).principal({}, other)


@pytest.mark.parametrize("sign", ["x-forwarded-for", "forwarded", "via", "x-real-ip", "x-forwarded-host"])
def test_behind_a_proxy_a_key_is_needed(tmp_path, sign):
    made, scope = peer(tmp_path, row())
    with pytest.raises(Unauthenticated):
        made.principal(scope, {sign: "127.0.0.1"})
    assert not made.knows(scope, {sign: "127.0.0.1"})
    assert made.principal(scope, {sign: "x", "x-api-key": "sk-sampan-good"}).key == "key_1"


def test_who_is_known():
    assert guard(keyless=False).knows({"client": ("127.0.0.1", 1)}, {})
    assert guard(keyless=False).knows({"client": ("10.0.0.9", 1)}, {"x-api-key": "sk-sampan-good"})
    assert not guard(keyless=False).knows({"client": ("10.0.0.9", 1)}, {"x-api-key": "sk-sampan-bad"})
    assert not guard(keyless=False).knows({}, {})


def test_holding_the_token():
    assert holds({"authorization": "Bearer t"}, "t")
    assert holds({"authorization": "Bearer x", "x-api-key": "t"}, "t")
    assert not holds({"authorization": "Bearer x"}, "t")
    assert not holds({"authorization": "Bearer \xff"}, "t")
    assert not holds({}, "")


def test_who_holds_the_token_is_the_owner_where_everybody_else_needs_a_key():
    closed = Guard(Access(frozenset(), frozenset(), keyless=False, device="d", token="t0ken"), Keys())
    assert closed.principal({"client": ("10.0.0.9", 1)}, {"authorization": "Bearer t0ken"}).key == ""
    for secret in ("t0ke", "", "t0ken "[:-2]):
        with pytest.raises(Unauthenticated):
            closed.principal({"client": ("127.0.0.1", 1)}, {"authorization": f"Bearer {secret}"})
    with pytest.raises(Unauthenticated):
        guard(keyless=False).principal({"client": ("127.0.0.1", 1)}, {"authorization": "Bearer "})


class People:
    def find(self, secret):
        class Key:
            id, application, user, groups = "key_1", "app" if secret.endswith("app") else "", "mei", ("staff",)

        Key.user = "" if secret.endswith("nobody") else "mei"
        return Key() if secret.startswith("sk-sampan-") else None


def test_who_approves():
    made = Guard(Access(frozenset(), frozenset(), keyless=True, device="d", token="the-token"), People())
    owner = made.approver({"authorization": "Bearer the-token"})
    assert (owner.user, owner.groups, owner.key) == (made._owner, (), "")
    person = made.approver({"x-api-key": "sk-sampan-mei"})
    assert (person.user, person.groups, person.key) == ("mei", ("staff",), "key_1")
    for secret, raises in (
        ("", Unauthenticated),
        ("x", Unauthenticated),
        ("sk-sampan-app", Forbidden),
        ("sk-sampan-nobody", Forbidden),
    ):
        with pytest.raises(raises):
            made.approver({"x-api-key": secret})


@pytest.mark.parametrize("agent", ["sampan-web", "Sampan-Web-Temporary/1", "sampan-web/2 (x)"])
def test_no_program_passes_for_the_web_app(agent):
    assert _application({"user-agent": agent}) == "unknown"
    assert _application({"user-agent": "sampan-cli/1"}) == "sampan-cli"
