"""Rigs for the conformance suite: a provider, and a way to say what its model does next."""

import asyncio
import contextlib
import json

from aiohttp import web

from sampan.contract import cleared as contract
from sampan.contract.errors import UpstreamDown, UpstreamRefused
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Dialect, Form, Principal, Request, Route
from sampan.providers.anthropic_wire import AnthropicProvider
from sampan.providers.egress import Egress
from sampan.providers.fake import FakeProvider, Script
from sampan.providers.openai_wire import OpenAIProvider
from sampan.providers.secrets import Secret
from tests.support import dialects as shapes

KEY = "sk-test-of-the-rig"


def make_model(base_url="", wire=(Wire.OPENAI,), **facts):
    return Model(
        **{
            "name": "cloud",
            "realm": Realm.PUBLIC,
            "wire": wire,
            "base_url": base_url,
            "upstream_model": "gpt-x",
            "timeout_s": 5.0,
            **facts,
        }
    )


def make_cleared(model, body, dialect=Dialect.CHAT, headers=None):
    """What `protect` would hand to a provider for a body without findings."""
    request = Request(
        id="rcp_test", dialect=dialect, body=body, principal=Principal("ann"), asked=model.name,
        stream=bool(body.get("stream")), received=0.0, headers=headers or {},
    )  # fmt: skip
    return contract.Cleared(contract._SEAL, request, Route(model, Form()), body, {})


async def take(provider, cleared, got=None):
    """All events; closes the generator. `got`: filled on the way, for those that came before a failure."""
    got = [] if got is None else got
    async with contextlib.aclosing(provider.run(cleared)) as events:
        async for event in events:
            got.append(event)
    return got


class Server:
    """A provider's endpoint in this process. `answer(request, raw)` says what it does."""

    def __init__(self):
        self.requests, self.raw, self.connections = [], [], set()
        self.left = asyncio.Event()
        self.answer = None

    @property
    def bodies(self):
        return [json.loads(raw) for raw in self.raw]

    @property
    def headers(self):
        return [{name.lower(): value for name, value in request.headers.items()} for request in self.requests]

    @property
    def paths(self):
        return [request.path for request in self.requests]

    async def __aenter__(self):
        self._runner = web.AppRunner(self._app(), handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    def _app(self):
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/{path:.*}", self._handle)
        return app

    async def _handle(self, request):
        self.requests.append(request)
        self.connections.add(request.transport.get_extra_info("peername"))
        self.raw.append(await request.read())
        try:
            return await self.answer(request)
        except (asyncio.CancelledError, ConnectionResetError):
            self.left.set()
            raise

    def says(self, body, status=200, headers=None):
        async def answer(request):
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            return web.Response(
                body=raw, status=status, headers={"content-type": "application/json", **(headers or {})}
            )

        self.answer = answer

    def streams(self, parts, pause=0.0, then="end"):
        """then: `end` cleanly, `cut` the connection, `hang` for ever."""

        async def answer(request):
            response = web.StreamResponse(headers={"content-type": "text/event-stream", "x-request-id": "req_1"})
            await response.prepare(request)
            for part in parts:
                await response.write(part)
                await asyncio.sleep(pause)
            if then == "cut":
                request.transport.abort()
            elif then == "hang":
                await asyncio.sleep(60)
            return response

        self.answer = answer


class WireRig:
    """A remote provider against a Server. Subclasses: the vendor's shapes."""

    def __init__(self, server, egress, **facts):
        self.server, self.egress = server, egress
        self.model = make_model(server.base_url, self.wire, **facts)
        self.provider = self.kind(self.model, Secret(KEY), egress)

    def cleared(self, dialect=None, headers=None, **fields):
        dialect = dialect or self.native
        return make_cleared(self.model, {**BODIES[dialect], **fields}, dialect, headers)

    def plain(self, text):
        async def answer(request):
            shape = shapes.Responses if request.path.endswith("/responses") else self.shape
            return web.json_response(shape().whole("gpt-x", text, None))

        self.server.answer = answer

    def stream(self, text):
        self.server.streams(list(self.shape().events("gpt-x", text, None)))

    def cut(self, text, after):
        self.server.streams(list(self.shape().events("gpt-x", text, None))[:after], pause=0.01, then="cut")

    def endless(self, text):
        self.server.streams(list(self.shape().events("gpt-x", text, None))[:3], then="hang")

    def error(self, status):
        self.server.says(self.error_body(), status, {"retry-after": "7", "x-secret": "1", "x-ratelimit-reset": "2"})

    async def stopped(self):
        await asyncio.wait_for(self.server.left.wait(), 2)


class OpenAIRig(WireRig):
    kind, wire, native, shape = OpenAIProvider, (Wire.OPENAI,), Dialect.CHAT, shapes.Chat
    path, key_header, key_value = "/v1/chat/completions", "authorization", f"Bearer {KEY}"

    def error_body(self):
        return {"error": {"message": "no", "type": "t", "code": "some_code", "param": None}}

    def error_event(self):
        return b'data: {"error":{"message":"no","type":"server_error","code":"some_code"}}\n\n'

    def text_of(self, frames):
        return "".join((c["delta"].get("content") or "") for f in frames for c in f.data["choices"])

    def text_of_whole(self, frame):
        return frame.data["choices"][0]["message"]["content"]


class AnthropicRig(WireRig):
    kind, wire, native, shape = AnthropicProvider, (Wire.ANTHROPIC,), Dialect.MESSAGES, shapes.Messages
    path, key_header, key_value = "/v1/messages", "x-api-key", KEY

    def error_body(self):
        return {"type": "error", "error": {"type": "t", "message": "no", "code": "some_code"}, "request_id": "r"}

    def error_event(self):
        return b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"no","code":"some_code"}}\n\n'

    def text_of(self, frames):
        return "".join(f.data["delta"].get("text", "") for f in frames if f.data["type"] == "content_block_delta")

    def text_of_whole(self, frame):
        return frame.data["content"][0]["text"]


class FakeRig:
    """The model that only pretends."""

    native = Dialect.CHAT
    text_of, text_of_whole = OpenAIRig.text_of, OpenAIRig.text_of_whole

    def __init__(self):
        self.model = make_model(wire=(Wire.FAKE,))
        self.provider = FakeProvider(self.model)

    def cleared(self, dialect=None, headers=None, **fields):
        dialect = dialect or self.native
        return make_cleared(self.model, {**BODIES[dialect], **fields}, dialect, headers)

    def _script(self, **script):
        self.provider = FakeProvider(self.model, Script(**script))

    def plain(self, text):
        self._script(text=text)

    stream = plain

    def cut(self, text, after):
        self._script(text=text, cut_after=after)

    def endless(self, text):
        self._script(text=text * 1000, delay_s=0.01)

    def error(self, status):
        kind = UpstreamRefused if status < 500 else UpstreamDown
        body = {"error": {"code": "some_code"}}
        self._script(
            error=kind(
                "no",
                status=status,
                upstream=body,
                headers={"retry-after": "7", "x-ratelimit-reset": "2"},
                retryable=status in {429, 500, 503, 529},
            )
        )

    async def stopped(self):
        assert self.provider.stopped == 1


BODIES = {
    Dialect.CHAT: {"model": "cloud", "messages": [{"role": "user", "content": "hello"}]},
    Dialect.MESSAGES: {"model": "cloud", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]},
    Dialect.RESPONSES: {"model": "cloud", "input": "hello"},
    Dialect.COMPLETIONS: {"model": "cloud", "prompt": "hello"},
    Dialect.EMBEDDINGS: {"model": "cloud", "input": ["hello", "you"]},
    Dialect.COUNT_TOKENS: {"model": "cloud", "messages": [{"role": "user", "content": "hello"}]},
}


@contextlib.asynccontextmanager
async def wire_rig(kind, **facts):
    egress = Egress()
    async with Server() as server:
        yield kind(server, egress, **facts)
        await egress.aclose()
