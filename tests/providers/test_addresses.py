"""Where addresses lead."""

import ipaddress

import pytest

from sampan.contract.errors import ConfigError, PolicyRefused
from sampan.contract.models import Realm
from sampan.providers.addresses import (
    Reach,
    check_destination,
    check_resolved,
    is_loopback,
    on_loopback,
    parse,
    public_https,
    reach,
)
from tests.providers.rigs import make_model

PRIVATE = ["10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "240.0.0.1",
           "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
           "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::",
           "fec0::1", "::10.0.0.1", "64:ff9b:1::1", "2001:0:a00:1::"]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_private(text):
    assert reach(ipaddress.ip_address(text)) is Reach.PRIVATE
    with pytest.raises(PolicyRefused):
        check_resolved("name.example", ["8.8.8.8", text])


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public(text):
    assert reach(ipaddress.ip_address(text)) is Reach.PUBLIC
    check_resolved("name.example", [text])


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True), ("LOCALHOST", True),
     ("localhost.", False), ("localhost.example", False), ("127.1", False), ("2130706433", False), ("0.0.0.0", False),
     ("::ffff:127.0.0.1", False), ("", False), ("example.com", False), ("10.0.0.1", False)],
)  # fmt: skip
def test_loopback(host, here):
    assert is_loopback(host) is here


def test_a_name_without_addresses_or_with_nonsense_leads_nowhere():
    with pytest.raises(PolicyRefused):
        check_resolved("name.example", ["not an address"])


@pytest.mark.parametrize(
    ("realm", "host", "no_cloud", "allowed"),
    [
        (Realm.PUBLIC, "api.example", False, True),
        (Realm.PUBLIC, "10.0.0.1", False, True),
        (Realm.PUBLIC, "api.example", True, False),
        (Realm.PUBLIC, "127.0.0.1", True, False),
        (Realm.ENTERPRISE, "127.0.0.1", True, False),
        (Realm.PERSONAL, "127.0.0.1", True, True),
        (Realm.PERSONAL, "::1", True, True),
        (Realm.PERSONAL, "10.0.0.1", False, False),
        (Realm.PERSONAL, "api.example", False, False),
        (Realm.PERSONAL, "api.example", True, False),
    ],
)
def test_destinations(realm, host, no_cloud, allowed):
    if allowed:
        check_destination(make_model(realm=realm), host, no_cloud=no_cloud)
    else:
        with pytest.raises(PolicyRefused):
            check_destination(make_model(realm=realm), host, no_cloud=no_cloud)


@pytest.mark.parametrize("url", ["", "ftp://a/", "file:///etc/passwd", "http://", "http://u:p@a/", "http://u@a/", "a/b",
                                 "http://[::1", "http://a:99999/"])  # fmt: skip
def test_malformed_addresses(url):
    with pytest.raises(ConfigError):
        parse(url)


def test_what_must_be_here_is_here():
    assert on_loopback("http://localhost:1/x").port == 1
    for url in ("http://10.0.0.1/", "http://example.com/"):
        with pytest.raises(PolicyRefused):
            on_loopback(url)


@pytest.mark.parametrize("url", ["http://hub.example/f", "https://127.0.0.1/f", "https://10.0.0.1/f", "https://localhost/f",
                                 "https://[::1]/f", "https://169.254.169.254/f"])  # fmt: skip
def test_files_come_from_the_open_internet_over_https(url):
    with pytest.raises(PolicyRefused):
        public_https(url)
    assert public_https("https://hub.example/f").host == "hub.example"
