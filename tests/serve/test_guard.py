"""Host, Origin and key checks."""

import pytest

from sampan.contract.errors import HostRefused, Unauthenticated
from sampan.serve.guard import Access, Guard, is_loopback


class Keys:
    def find(self, secret):
        class Key:
            id, application, user, groups = "key_1", "app", "mei", ("staff",)

        return Key() if secret == "sk-sampan-good" else None


def guard(keyless=True, hosts=(), origins=()):
    return Guard(Access(frozenset(hosts), frozenset(origins), keyless, "d"), Keys())


@pytest.mark.parametrize("host", ["127.0.0.1:8484", "localhost", "localhost:1", "[::1]:8484", "ai.example:8484"])
def test_our_hosts(host):
    guard(hosts=["ai.example"]).check_host({"host": host})


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "127.0.0.1@evil"])
def test_foreign_hosts(host):
    with pytest.raises(HostRefused):
        guard().check_host({"host": host})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000", "file://"])
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


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("name.example", False),
    ],
)
def test_loopback(host, here):
    assert is_loopback(host) is here
