"""The one door to the network. Every byte that leaves for a model goes through `Egress.post`, as `Cleared`.

The rest of this file cannot carry a request: probes and control calls that reach loopback only, model files that
come in, and the client with which the command line talks to its own server.
"""

import asyncio
import contextlib
import http.client
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, AbstractStreamWriter, ResolveResult
from aiohttp.payload import Payload
from yarl import URL

from sampan import __version__
from sampan.contract.cleared import Cleared
from sampan.contract.errors import ConfigError, PolicyRefused, StreamCut, Unavailable, UpstreamDown, UpstreamTimeout
from sampan.contract.models import Model, Realm
from sampan.providers import addresses, hub

BODY_LIMIT = 64 << 20
"""Bytes of a whole answer, after decompression."""
STREAM_LIMIT = 256 << 20
"""Bytes of a streamed answer."""
CONNECT_S = 10.0
PROBE_S = 0.3
_LINGER_S = 0.2
_DNS_TTL_S = 30
_KEEP_ALIVE_S = 15.0
_KNOWN = 256
"""Destinations remembered before the list is begun again."""
_HEADERS = {"user-agent": f"sampan/{__version__}", "accept": "*/*", "accept-encoding": "identity"}
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


class _Body(Payload):
    """A body that enters itself into `sent` when its bytes are about to leave: not before, not otherwise."""

    _value: bytes
    _autoclose = True

    def __init__(self, value: bytes, sent: list[bytes]) -> None:
        super().__init__(value, content_type="application/json")
        self._size = len(value)
        self._sent = sent

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The body as text."""
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Note and send."""
        self._sent.append(self._value)
        await writer.write(self._value)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Note and send; the length is always our own."""
        del content_length
        await self.write(writer)


class Response:
    """An answer under way. headers: lower-case names. bytes_in: body bytes that came so far, decompressed."""

    __slots__ = ("_reply", "bytes_in", "headers", "status")

    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        self._reply = reply
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.headers.items()}
        self.bytes_in = 0

    def chunks(self, limit: int = STREAM_LIMIT) -> "_Chunks":
        """The body as it comes.

        Raises (while iterating):
            StreamCut: the connection broke in the middle. UpstreamTimeout: nothing came for too long.
            UpstreamDown: over `limit` bytes.
        """
        return _Chunks(self, self._reply.content, limit)

    async def read(self, limit: int = BODY_LIMIT) -> bytes:
        """The whole body. Raises as `chunks`."""
        pieces = [chunk async for chunk in self.chunks(limit)]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def drain(self) -> None:
        """After the last event: wait a moment for the end of the body, so that the connection can be used again."""
        with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError):
            async with asyncio.timeout(_LINGER_S):
                while not self._reply.content.at_eof():
                    await self._reply.content.readany()


class _Chunks:
    """Not a generator: dropped in the middle, it leaves nothing to clean up."""

    __slots__ = ("_limit", "_response", "_stream")

    def __init__(self, response: Response, stream: aiohttp.StreamReader, limit: int) -> None:
        self._response, self._stream, self._limit = response, stream, limit

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._stream.readany()
        except TimeoutError:
            raise UpstreamTimeout("The model's endpoint stopped in the middle of its answer.") from None
        except (aiohttp.ClientError, OSError):
            raise StreamCut("The connection broke in the middle of the answer.") from None
        if not chunk:
            raise StopAsyncIteration
        self._response.bytes_in += len(chunk)
        if self._response.bytes_in > self._limit:
            raise UpstreamDown(f"The answer is larger than {self._limit >> 20} MB; it was dropped.")
        return chunk


class _Destination(NamedTuple):
    """Where one model's requests to one URL go; worked out once."""

    url: URL
    line: _Line
    timeout: aiohttp.ClientTimeout


class _Post:
    """One request under way. Leaving the block before the end of the body drops the connection at once."""

    __slots__ = ("_arguments", "_egress", "_reply")

    def __init__(self, egress: "Egress", *arguments: Any) -> None:
        self._egress, self._arguments = egress, arguments
        self._reply: aiohttp.ClientResponse | None = None

    async def __aenter__(self) -> Response:
        self._reply = await self._egress._send(*self._arguments)  # noqa: SLF001 - one class in two halves
        return Response(self._reply)

    async def __aexit__(self, *_: object) -> None:
        if self._reply is not None:
            self._reply.close()  # a connection whose body came to its end is back in the pool by now


class Egress:
    """The door. `no_cloud`: only personal models at loopback addresses, no proxies, no downloads.

    proxy, ca_bundle: for model files; a model brings its own.
    """

    def __init__(self, *, no_cloud: bool = False, proxy: str = "", ca_bundle: str = "") -> None:
        self.no_cloud = no_cloud
        self._for_files = _Line(proxy=proxy, private_network=bool(proxy), ca_bundle=ca_bundle)
        self._sessions: dict[_Line, aiohttp.ClientSession] = {}
        self._known: dict[tuple[str, float, Model], _Destination] = {}

    async def aclose(self) -> None:
        """Close every connection."""
        gone, self._sessions = self._sessions, {}
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
    ) -> aiohttp.ClientResponse:
        model = cleared.model
        to = self._known.get((url, timeout_s, model)) or self._destination(url, timeout_s, model)
        session = self._sessions.get(to.line) or self._open(to.line)
        payload = _Body(body, cleared.sent)
        with _told(model.name):
            return await session.post(to.url, data=payload, headers=headers, timeout=to.timeout, allow_redirects=False)

    def _destination(self, url: str, timeout_s: float, model: Model) -> _Destination:
        parsed = addresses.parse(url)
        addresses.check_destination(model, parsed.raw_host or "", no_cloud=self.no_cloud)
        here = model.realm is Realm.PERSONAL or self.no_cloud or addresses.is_loopback(parsed.raw_host or "")
        proxy = "" if here else model.proxy
        line = _Line(model.private_network or bool(proxy), proxy, model.ca_bundle)
        timeout = aiohttp.ClientTimeout(total=None, connect=2 * CONNECT_S, sock_connect=CONNECT_S, sock_read=timeout_s)
        if len(self._known) >= _KNOWN:
            self._known.clear()
        return self._known.setdefault((url, timeout_s, model), _Destination(parsed, line, timeout))

    def _open(self, line: _Line) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(private_network=line.private_network), ttl_dns_cache=_DNS_TTL_S, limit=0,
            keepalive_timeout=_KEEP_ALIVE_S, ssl=_ssl_context(line.ca_bundle),
        )  # fmt: skip
        session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=_HEADERS, trust_env=False,
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
            raw = await Response(reply).read()
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
                yield Response(reply)

        try:
            await hub.fetch(get, url, offset, sink, progress)
        finally:
            await door.aclose()


def _ssl_context(ca_bundle: str) -> ssl.SSLContext | bool:
    if not ca_bundle:
        return True
    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except (OSError, ssl.SSLError):
        raise ConfigError("`ca_bundle` cannot be read as a file of PEM certificates.") from None


@contextlib.contextmanager
def _told(who: str) -> Iterator[None]:
    """Aiohttp's failures before an answer, as ours."""
    try:
        yield
    except aiohttp.ClientConnectorCertificateError:
        raise UpstreamDown(f"{who}: the certificate is not one this machine trusts.") from None
    except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
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
