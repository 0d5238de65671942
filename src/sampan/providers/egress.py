"""The one door to the network. Every byte that leaves for a model goes through `Egress.post`, as `Cleared`.

The rest of this file cannot carry a request: probes and control calls that reach loopback only, model files that
come in, and the client with which the command line talks to its own server.
"""

import asyncio
import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohappyeyeballs
import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from sampan import __version__
from sampan.contract.cleared import Cleared
from sampan.contract.errors import ConfigError, PolicyRefused, Unavailable, UpstreamDown, UpstreamTimeout
from sampan.contract.models import Model, Realm
from sampan.providers import addresses, hub
from sampan.providers.http1 import Connection, NoConnection, Pool, head_of
from sampan.providers.response import Response

CONNECT_S = 10.0
PROBE_S = 0.3
_DNS_TTL_S = 30
_NEXT_ADDRESS_S = 0.25  # after which a name's next address is tried too (RFC 8305)
_KEEP_ALIVE_S = 15.0
_KNOWN = 256  # destinations remembered before the list is begun again
_ASKS = {"user-agent": f"sampan/{__version__}", "accept": "*/*", "accept-encoding": "identity"}
_HEADERS = {**_ASKS, "content-type": "application/json"}
Head = dict[str, str] | None
Whole = tuple[int, dict[str, str], bytes]
Sink = Callable[[bytes], None]
Progress = Callable[[int], None]


class _Line(NamedTuple):
    """What a connection depends on; models that agree in it share one pool."""

    private_network: bool = False
    proxy: str = ""
    ca_bundle: str = ""


class _Resolver(AbstractResolver):
    """Names to addresses. aiohttp connects to exactly the addresses given here: checked is what is used."""

    def __init__(self, *, private_network: bool) -> None:
        self._private_network = private_network

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve once.

        Raises:
            PolicyRefused: the name leads into a private network. OSError: there is no such name.
        """
        if host.lower() == addresses.LOOPBACK_NAME:
            return [_result(host, "127.0.0.1", port, socket.AF_INET), _result(host, "::1", port, socket.AF_INET6)]
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        results = [_result(host, str(address[0]), port, family) for family, _, _, _, address in found]
        if not self._private_network:
            addresses.check_resolved(host, [result["host"] for result in results])
        return results

    async def close(self) -> None:
        """Nothing is held."""


def _result(name: str, address: str, port: int, family: int) -> ResolveResult:
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=name, host=address, port=port, family=family, proto=0, flags=flags)


async def _leaving(body: bytes, sent: list[bytes]) -> AsyncIterator[bytes]:
    """A body that enters itself into `sent` when its bytes are about to leave: not before, not otherwise."""
    sent.append(body)
    yield body


class _Stream:
    """The body of one of aiohttp's answers."""

    __slots__ = ("_stream", "at_eof")

    def __init__(self, stream: aiohttp.StreamReader) -> None:
        self._stream, self.at_eof = stream, stream.at_eof

    async def readany(self) -> bytes:
        """As `response.Body`."""
        try:
            return await self._stream.readany()
        except aiohttp.ClientError:
            raise ConnectionError from None


def _response(reply: aiohttp.ClientResponse) -> Response:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return Response(reply.status, headers, _Stream(reply.content))


class _Destination(NamedTuple):
    """Where one model's requests to one URL go; worked out once. start: of a request's head. place: what a connection is for."""

    url: URL
    line: _Line
    start: bytes
    secured: ssl.SSLContext | None
    place: tuple[object, ...]


class _Post:
    """One request under way. Leaving the block before the end of the body drops the connection at once."""

    __slots__ = ("_arguments", "_egress", "_free")

    def __init__(self, egress: "Egress", *arguments: Any) -> None:
        self._egress, self._arguments = egress, arguments
        self._free: Callable[[], object] | None = None

    async def __aenter__(self) -> Response:
        response, self._free = await self._egress._send(*self._arguments)  # noqa: SLF001 - one class in two halves
        return response

    async def __aexit__(self, *_: object) -> None:
        if self._free is not None:
            self._free()  # a connection whose body came to its end is used again


class Egress:
    """The door. `no_cloud`: only personal models at loopback addresses, no proxies, no downloads.

    proxy, ca_bundle: for model files; a model brings its own.
    """

    def __init__(self, *, no_cloud: bool = False, proxy: str = "", ca_bundle: str = "") -> None:
        self.no_cloud = no_cloud
        self._for_files = _Line(proxy=proxy, private_network=bool(proxy), ca_bundle=ca_bundle)
        self._sessions: dict[_Line, aiohttp.ClientSession] = {}
        self._known: dict[tuple[str, float, Model], _Destination] = {}
        self._names: dict[tuple[bool, str, int], tuple[float, list[Any]]] = {}
        self._pool = Pool(_KEEP_ALIVE_S)

    async def aclose(self) -> None:
        """Close every connection."""
        self._pool.close()
        self._pool, gone, self._sessions = Pool(_KEEP_ALIVE_S), self._sessions, {}
        for session in gone.values():
            await session.close()

    def switch(self, *, no_cloud: bool) -> None:
        """Turn no-cloud on or off. On: nothing new leaves when this returns; `aclose` cuts what is under way."""
        self.no_cloud = no_cloud
        self._known.clear()

    def post(self, cleared: Cleared, url: str, body: bytes, headers: dict[str, str], *, timeout_s: float) -> _Post:
        """Send one body: `async with egress.post(...) as response`.

        Args:
            cleared: what protection made; `body` is entered in `cleared.sent` as its bytes leave.
            url: the whole address, on the model's `base_url`.
            body: JSON.
            headers: exactly these go out, besides length, user agent and the like.
            timeout_s: seconds without a byte from the other side.

        Returns:
            A context manager that gives a `Response`. Entering it raises UpstreamDown (retryable: no connection,
            or it broke before an answer), UpstreamTimeout, PolicyRefused (the address may not be reached).

        Raises:
            TypeError: it is anything but `Cleared`.
        """
        if type(cleared) is not Cleared:
            raise TypeError("Only Cleared may leave.")
        return _Post(self, cleared, url, body, headers, timeout_s)

    async def _send(
        self, cleared: Cleared, url: str, body: bytes, headers: dict[str, str], timeout_s: float
    ) -> tuple[Response, Callable[[], object]]:
        """The answer, and what to call at its end."""
        model = cleared.model
        to = self._known.get((url, timeout_s, model)) or self._destination(url, timeout_s, model)
        if to.line.proxy:
            session = self._sessions.get(to.line) or self._open(to.line)
            more, data = {**_HEADERS, **headers, "content-length": str(len(body))}, _leaving(body, cleared.sent)
            timeout = aiohttp.ClientTimeout(None, 2 * CONNECT_S, sock_connect=CONNECT_S, sock_read=timeout_s)
            with _told(model.name):
                reply = await session.post(to.url, data=data, headers=more, timeout=timeout, allow_redirects=False)
            return _response(reply), reply.close
        head = head_of(to.start, {**_HEADERS, **headers}.items(), len(body))
        with _told(model.name):
            connection = self._pool.take(to.place) or await self._connected(to)
            free = partial(self._pool.give_back, to.place, connection)
            cleared.sent.append(body)
            try:
                await connection.ask(head, body, timeout_s)
            except BaseException:
                free()
                raise
        return Response(connection.status, connection.headers, connection), free

    async def _connected(self, to: _Destination) -> Connection:
        """A new connection, to exactly the addresses that were checked."""
        loop, host = asyncio.get_running_loop(), to.url.raw_host or ""
        try:
            async with asyncio.timeout(2 * CONNECT_S):
                found = await self._addresses(host, to.url.port or 0, to.line)
                wire = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS_S)
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                named = host if to.secured else None
                opened = await loop.create_connection(self._pool.made, sock=wire, ssl=to.secured, server_hostname=named)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            raise NoConnection from error
        if not opened[1].usable(_KEEP_ALIVE_S):
            raise NoConnection  # the door was closed meanwhile
        return opened[1]

    async def _addresses(self, host: str, port: int, line: _Line) -> list[Any]:
        """Where a host is, as `getaddrinfo` says it; a name is asked for once in a while."""
        if (address := addresses.literal(host)) is not None:
            return [_info(socket.AF_INET if address.version == 4 else socket.AF_INET6, host, port)]
        place, now = (line.private_network, host, port), time.monotonic()
        known = self._names.get(place)
        if known is None or known[0] < now:
            found = await _Resolver(private_network=line.private_network).resolve(host, port, socket.AF_UNSPEC)
            known = now + _DNS_TTL_S, [_info(each["family"], each["host"], port) for each in found]
            self._names[place] = known
        return known[1]

    def _destination(self, url: str, timeout_s: float, model: Model) -> _Destination:
        parsed = addresses.parse(url)
        addresses.check_destination(model, parsed.raw_host or "", no_cloud=self.no_cloud)
        here = model.realm is Realm.PERSONAL or self.no_cloud or addresses.is_loopback(parsed.raw_host or "")
        proxy = "" if here else model.proxy
        line = _Line(model.private_network or bool(proxy), proxy, model.ca_bundle)
        secured = _secured(line.ca_bundle) if parsed.scheme == "https" or line.ca_bundle else None
        place = line, parsed.scheme, parsed.raw_host, parsed.port
        start = f"POST {parsed.raw_path_qs} HTTP/1.1\r\nhost: {parsed.host_port_subcomponent}\r\n".encode()
        if len(self._known) >= _KNOWN:
            self._known.clear()
        to = _Destination(parsed, line, start, secured if parsed.scheme == "https" else None, place)
        return self._known.setdefault((url, timeout_s, model), to)

    def _open(self, line: _Line) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(private_network=line.private_network), ttl_dns_cache=_DNS_TTL_S, limit=0,
            keepalive_timeout=_KEEP_ALIVE_S, ssl=_secured(line.ca_bundle) if line.ca_bundle else True,
        )  # fmt: skip
        session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=_ASKS, trust_env=False,
            skip_auto_headers=("user-agent", "accept", "accept-encoding"), proxy=line.proxy or None,
        )  # fmt: skip
        self._sessions[line] = session
        return session

    async def get_json(self, url: str, headers: Head = None, *, timeout_s: float = 2.0) -> Any:
        """Ask a server on loopback about itself. Nothing but the URL and `headers` is sent.

        Raises:
            PolicyRefused: not a loopback address. UpstreamError: no answer, not 200, not JSON.
        """
        parsed = addresses.on_loopback(url)
        session = self._sessions.get(_Line()) or self._open(_Line())
        timeout = aiohttp.ClientTimeout(total=timeout_s)
        with _told("The server on this machine"):
            reply = await session.get(parsed, headers=headers, timeout=timeout, allow_redirects=False)
        with contextlib.closing(reply):
            raw = await _response(reply).read()
        if reply.status != 200:
            raise UpstreamDown(f"The server on this machine answered {reply.status}.", status=reply.status)
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError:
            raise UpstreamDown("The server on this machine did not answer in JSON.") from None

    def download(self, url: str, offset: int, sink: Sink, progress: Progress) -> None:
        """Fetch a model file from a hub; nothing of a user is in the request. Blocks: run it in a thread.

        Args:
            url: https only, as is every redirect; the names must lead to the open internet.
            offset: the first byte wanted.
            sink: gets every chunk from there on. Raising in it stops the download.
            progress: gets the number of bytes so far, `offset` included.

        Raises:
            PolicyRefused: no-cloud is on. UpstreamError: the hub does not give the file.
        """
        if self.no_cloud:
            raise PolicyRefused("No-cloud is on: no file is fetched.", rules=("no-cloud",))
        asyncio.run(self._download(url, offset, sink, progress))

    async def _download(self, url: str, offset: int, sink: Sink, progress: Progress) -> None:
        """In an event loop of its own, so with connections of its own."""
        door = Egress()
        session = door._open(self._for_files)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=60)

        @contextlib.asynccontextmanager
        async def get(parsed: URL, headers: dict[str, str]) -> AsyncIterator[Response]:
            with _told("The hub"):
                reply = await session.get(parsed, headers=headers, timeout=timeout, allow_redirects=False)
            with contextlib.closing(reply):
                yield _response(reply)

        try:
            await hub.fetch(get, url, offset, sink, progress)
        finally:
            await door.aclose()


@cache
def _secured(ca_bundle: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_bundle or None)
    except (OSError, ssl.SSLError):
        raise ConfigError("`ca_bundle` cannot be read as a file of PEM certificates.") from None
    context.set_alpn_protocols(["http/1.1"])
    return context


def _info(family: int, address: str, port: int) -> tuple[Any, ...]:
    """One address in the form of `getaddrinfo`."""
    where = (address, port) if family == socket.AF_INET else (address, port, 0, 0)
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where


@contextlib.contextmanager
def _told(who: str) -> Iterator[None]:
    """Aiohttp's failures before an answer, as ours."""
    try:
        yield
    except (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError):
        raise UpstreamDown(f"{who}: the certificate is not one this machine trusts.") from None
    except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError, NoConnection):
        raise UpstreamDown(f"{who}: no connection.", retryable=True) from None
    except TimeoutError:
        raise UpstreamTimeout(f"{who}: no answer in time.", retryable=True) from None
    except (aiohttp.ClientError, OSError):
        raise UpstreamDown(f"{who}: the connection broke before an answer.", retryable=True) from None


class LoopbackClient:
    """The command line's way to its own server. Connects to 127.0.0.1 or ::1 and nowhere else; blocks."""

    def __init__(self, url: str, *, timeout_s: float = 600.0) -> None:
        split = urlsplit(url)
        host = "127.0.0.1" if split.hostname == addresses.LOOPBACK_NAME else split.hostname or ""
        if split.scheme != "http" or not addresses.is_loopback(host):
            raise Unavailable("The server does not listen on this machine's loopback address.")
        self._host, self._port, self._timeout = host, split.port or 80, timeout_s

    def request(self, method: str, path: str, json: object = None, headers: Head = None) -> Whole:
        """Give status, headers (lower-case names) and the whole body.

        Raises:
            OSError: no server, or it hung up.
        """
        with self._reply(method, path, json, headers) as reply:
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()

    def stream(self, method: str, path: str, json: object = None, headers: Head = None) -> Iterator[bytes]:
        """Give the lines of the body as they come. Raises as `request`."""
        with self._reply(method, path, json, headers) as reply:
            while line := reply.readline():
                yield line

    @contextlib.contextmanager
    def _reply(self, method: str, path: str, json: object, headers: Head) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            body = None if json is None else orjson.dumps(json)
            connection.request(method, path, body, {"content-type": "application/json", **(headers or {})})
            yield connection.getresponse()
        except http.client.HTTPException:
            raise ConnectionError("The server's answer broke off.") from None
        finally:
            connection.close()


def probe(url: str) -> dict[str, Any] | None:
    """Ask whatever listens on a loopback port for JSON within 0.3 s a step; None when that does not come."""
    parsed = addresses.on_loopback(url)
    client = LoopbackClient(str(parsed.origin()), timeout_s=PROBE_S)
    try:
        answer = orjson.loads(client.request("GET", parsed.raw_path_qs)[2])
    except (OSError, orjson.JSONDecodeError):
        return None
    return answer if isinstance(answer, dict) else None
