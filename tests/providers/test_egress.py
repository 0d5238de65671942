"""The one door to the network."""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sampan.contract.errors import (
    ConfigError,
    PolicyRefused,
    UpstreamDown,
    UpstreamTimeout,
)
from sampan.contract.models import Realm
from sampan.providers import egress as module
from sampan.providers.egress import Egress, probe
from tests.providers.rigs import Server, make_cleared, make_model

BODY = b'{"a":1}'


@pytest.fixture
async def server():
    async with Server() as server:
        server.says({"ok": True}, headers={"X-Mixed-Case": "1"})
        yield server


@pytest.fixture
async def door():
    door = Egress()
    yield door
    await door.aclose()


async def sent(door, url, model=None, body=BODY, headers=None, timeout_s=2.0):
    cleared = make_cleared(model or make_model(), {})
    async with door.post(cleared, url, body, headers or {}, timeout_s=timeout_s) as response:
        return cleared, response, await response.read()


async def test_a_body_goes_out_and_is_entered(door, server):
    cleared, response, raw = await sent(door, server.base_url + "/x")
    assert (response.status, raw, response.bytes_in) == (200, b'{"ok": true}', 12)
    assert cleared.sent == [BODY] and server.raw == [BODY]
    assert response.headers["x-mixed-case"] == "1"


@pytest.mark.parametrize("thing", [None, {}, BODY, object(), "cleared"])
def test_nothing_but_cleared_leaves(thing):
    with pytest.raises(TypeError):
        Egress().post(thing, "http://127.0.0.1:1/", BODY, {}, timeout_s=1)


def test_no_look_alike_of_cleared_leaves():
    from sampan.contract.cleared import Cleared

    class Forged(Cleared):
        def __init__(self):
            pass

    with pytest.raises(TypeError):
        Egress().post(Forged(), "http://127.0.0.1:1/", BODY, {}, timeout_s=1)


async def test_nothing_is_entered_when_nothing_left(door):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        cleared = make_cleared(make_model(), {})
        with pytest.raises(UpstreamDown) as caught:
            async with door.post(cleared, url, BODY, {}, timeout_s=1):
                pass
    assert caught.value.retryable and cleared.sent == []


async def test_a_connection_dropped_before_an_answer(door, server):
    async def answer(request):
        request.transport.abort()
        return web.Response()

    server.answer = answer
    with pytest.raises(UpstreamDown) as caught:
        await sent(door, server.base_url)
    assert caught.value.retryable


async def test_a_large_body(door, server):
    body = b"x" * (20 << 20)
    cleared, _, _ = await sent(door, server.base_url, body=body)
    assert server.raw == [body] and cleared.sent == [body]


@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.ENTERPRISE])
async def test_no_cloud_reaches_personal_models_only(server, realm):
    door = Egress(no_cloud=True)
    with pytest.raises(PolicyRefused) as caught:
        await sent(door, server.base_url, make_model(realm=realm))
    assert caught.value.rules == ("no-cloud",) and server.requests == []
    assert (await sent(door, server.base_url, make_model(realm=Realm.PERSONAL)))[1].status == 200
    with pytest.raises(PolicyRefused):
        door.download("https://hub.example/f", 0, print, print)
    await door.aclose()


@pytest.mark.parametrize("no_cloud", [False, True])
@pytest.mark.parametrize("host", ["10.1.2.3", "192.0.2.1", "model.example", "0.0.0.0", "[::ffff:127.0.0.1]"])
async def test_a_personal_model_is_on_this_machine(host, no_cloud):
    door = Egress(no_cloud=no_cloud)
    with pytest.raises(PolicyRefused):
        await sent(door, f"http://{host}:1/v1", make_model(realm=Realm.PERSONAL))
    assert not door._sessions


def named(monkeypatch, *addresses):
    """Every name leads to these addresses; returns the names asked for."""
    asked = []

    async def getaddrinfo(self, host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254"])
async def test_a_name_that_leads_inside_is_refused(door, server, monkeypatch, address):
    named(monkeypatch, "8.8.8.8", address)
    cleared = make_cleared(make_model(), {})
    with pytest.raises(PolicyRefused) as caught:
        async with door.post(cleared, f"http://api.example:{server.port}/", BODY, {}, timeout_s=1):
            pass
    assert caught.value.rules == ("no-private-network",) and cleared.sent == [] and server.requests == []


async def test_a_name_may_lead_inside_when_the_model_says_so_and_is_asked_for_once(door, server, monkeypatch):
    asked = named(monkeypatch, "127.0.0.1")
    model = make_model(private_network=True)
    for _ in range(3):
        await sent(door, f"http://api.example:{server.port}/", model, headers={"connection": "close"})
    assert asked == ["api.example"]
    assert server.headers[0]["host"] == f"api.example:{server.port}"
    with pytest.raises(PolicyRefused):
        await sent(door, f"http://api.example:{server.port}/", make_model())


async def test_localhost_is_not_looked_up(door, server, monkeypatch):
    asked = named(monkeypatch, "8.8.8.8")
    assert (await sent(door, f"http://localhost:{server.port}/"))[1].status == 200
    assert asked == []


async def test_a_name_that_does_not_exist(door, monkeypatch):
    async def getaddrinfo(self, *_, **__):
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    with pytest.raises(UpstreamDown) as caught:
        await sent(door, "http://nowhere.example/")
    assert caught.value.retryable


async def test_a_proxy_is_used_for_the_outside_only(door, monkeypatch):
    named(monkeypatch, "8.8.8.8")
    async with Server() as proxy, Server() as here:
        proxy.says({})
        here.says({})
        model = make_model(proxy=f"http://127.0.0.1:{proxy.port}")
        assert (await sent(door, "http://api.example/v1/x", model))[1].status == 200
        assert proxy.headers[0]["host"] == "api.example"
        await sent(door, here.base_url, model)
        await sent(door, here.base_url, make_model(realm=Realm.PERSONAL, proxy=model.proxy))
        assert len(proxy.requests) == 1 and len(here.requests) == 2


async def test_proxies_of_the_environment_are_ignored(door, server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await sent(door, server.base_url))[1].status == 200


@pytest.fixture
def certificate(tmp_path):
    """A certificate of our own for 127.0.0.1: its path, and a server context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(1))
        .not_valid_after(now + dt.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "cert.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = tmp_path / "key.pem"
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, secret)
    return pem, context


async def test_certificates_are_checked_and_a_bundle_adds_one(door, certificate):
    pem, context = certificate

    async def app(request):
        return web.json_response({})

    runner = web.ServerRunner(web.Server(app))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    url = f"https://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
    with pytest.raises(UpstreamDown, match="certificate") as caught:
        await sent(door, url)
    assert not caught.value.retryable
    assert (await sent(door, url, make_model(ca_bundle=str(pem))))[1].status == 200
    await door.aclose()
    await runner.cleanup()


async def test_a_bundle_that_is_none(door, tmp_path):
    (tmp_path / "x.pem").write_text("nonsense")
    for path in (tmp_path / "x.pem", tmp_path / "missing.pem"):
        with pytest.raises(ConfigError):
            await sent(door, "http://127.0.0.1:1/", make_model(ca_bundle=str(path)))


async def test_small_writes_do_not_wait(door, server):
    await sent(door, server.base_url)
    session = next(iter(door._sessions.values()))
    protocol = next(iter(next(iter(session.connector._conns.values()))))[0]
    wire = protocol.transport.get_extra_info("socket")
    assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_two_hundred_at_once_keep_apart(door, server):
    async def answer(request):
        await asyncio.sleep(0.01)
        return web.Response(body=await request.read())

    server.answer = answer
    results = await asyncio.gather(*(sent(door, server.base_url, body=b'{"n":%d}' % n) for n in range(200)))
    assert [raw for _, _, raw in results] == [b'{"n":%d}' % n for n in range(200)]
    assert all(cleared.sent == [raw] for cleared, _, raw in results)


async def test_destinations_are_forgotten_when_there_are_many(door, server, monkeypatch):
    monkeypatch.setattr(module, "_KNOWN", 3)
    for number in range(8):
        await sent(door, f"{server.base_url}/{number}")
    assert len(door._known) <= 3


async def test_a_model_that_changed_is_checked_again(door, server):
    await sent(door, f"http://localhost:{server.port}/", make_model())
    door.no_cloud = True
    with pytest.raises(PolicyRefused):
        await sent(door, f"http://localhost:{server.port}/", make_model(operator="other"))


async def test_switching_no_cloud_on_refuses_what_comes_at_once(door, server):
    await sent(door, f"http://localhost:{server.port}/", make_model())
    door.switch(no_cloud=True)
    with pytest.raises(PolicyRefused):
        await sent(door, f"http://localhost:{server.port}/", make_model())
    await door.aclose()
    assert not door._sessions
    door.switch(no_cloud=False)
    await sent(door, f"http://localhost:{server.port}/", make_model())


async def test_asking_a_server_here(door, server):
    assert await door.get_json(server.base_url + "/models") == {"ok": True}
    server.says(b"no json")
    with pytest.raises(UpstreamDown):
        await door.get_json(server.base_url)
    server.says({}, 500)
    with pytest.raises(UpstreamDown):
        await door.get_json(server.base_url)
    server.says({}, 302, {"location": "http://10.0.0.1/"})
    with pytest.raises(UpstreamDown):
        await door.get_json(server.base_url)

    async def slow(request):
        await asyncio.sleep(5)

    server.answer = slow
    with pytest.raises(UpstreamTimeout):
        await door.get_json(server.base_url, timeout_s=0.05)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "https://example.com/", "http://127.0.0.1.example/"])
async def test_nobody_else_is_asked(door, url):
    with pytest.raises(PolicyRefused):
        await door.get_json(url)
    with pytest.raises(PolicyRefused):
        probe(url)
