"""A provider on loopback for tests: speaks every dialect, remembers what it was sent, echoes stand-ins.

The model name picks the behaviour: `echo` answers with the last user text, `tools` calls the first tool with it,
`cut` ends in the middle, `error-<status>` fails, `slow` waits, `redirect` answers 302, `scripted` answers what the
test put into `script`.
"""

import asyncio
import json
import re
import threading

from aiohttp import web

from tests.support.dialects import SHAPES


class Script:
    """What `scripted` answers: `body` as JSON, or `events` as a stream.

    cut: the connection breaks after the last event. pause: seconds between events.
    """

    def __init__(self, *, body=None, events=(), status=200, headers=None, cut=False, pause=0.0, raw=None):
        self.body, self.events, self.status, self.headers = body, list(events), status, headers or {}
        self.cut, self.pause, self.raw = cut, pause, raw


class Upstream:
    """Runs in its own thread; `bodies` and `headers` hold every request in order."""

    def __init__(self):
        self.bodies, self.headers, self.paths, self.raw = [], [], [], []
        self.open_streams = 0
        self.script = None
        """Script, or a function from the request's body and path to one."""
        self.left = threading.Event()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self):
        app = web.Application(client_max_size=100_000_000)
        app.router.add_post("/v1/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def _answer(self, request):
        raw = await request.read()
        body = json.loads(raw)
        self.raw.append(raw)
        self.bodies.append(body)
        self.headers.append({k.lower(): v for k, v in request.headers.items()})
        self.paths.append(request.path)
        model = body["model"]
        if model.startswith("scripted"):
            script = self.script(body, request.path) if callable(self.script) else self.script
            return await self._scripted(request, script)
        if model.startswith("error-"):
            status = int(model.split("-")[1])
            headers = {"retry-after": "1"} if status in {429, 529} else {}
            error = {
                "message": f"echo: {last_text(body)}",
                "type": "invalid_request_error",
                "code": "some_code",
                "param": None,
            }
            return web.json_response({"type": "error", "error": error}, status=status, headers=headers)
        if model == "redirect":
            return web.Response(status=302, headers={"location": "http://127.0.0.1:1/elsewhere"})
        path = request.path.removeprefix("/v1/")
        if path == "embeddings":
            data = [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}]
            return web.json_response(
                {"object": "list", "data": data, "model": model, "usage": {"prompt_tokens": 3, "total_tokens": 3}}
            )
        if path == "messages/count_tokens":
            return web.json_response({"input_tokens": 7})
        shape = SHAPES[path]()
        if model == "slow":
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                self.left.set()
                raise
        call = (
            (tool_name(body), json.dumps({"text": last_text(body)}, ensure_ascii=False)) if model == "tools" else None
        )
        text = schema_text(body) or last_text(body)
        if not body.get("stream"):
            return web.json_response(shape.whole(model, text, call))
        return await self._stream(request, shape, model, text, call)

    def says(self, text="", call=None, size=3):
        """Let `scripted` answer with a text, or a call (name, arguments), in whatever dialect it is asked."""

        def answer(body, path):
            shape = SHAPES[path.removeprefix("/v1/")]()
            shape.size = size
            if body.get("stream"):
                return Script(events=shape.events(body["model"], text, call))
            return Script(body=shape.whole(body["model"], text, call))

        self.script = answer

    async def _scripted(self, request, script):
        if not script.events:
            kind = {"content-type": "application/json"}
            raw = json.dumps(script.body).encode() if script.raw is None else script.raw
            return web.Response(body=raw, status=script.status, headers={**kind, **script.headers})
        response = web.StreamResponse(headers={"content-type": "text/event-stream", **script.headers})
        await response.prepare(request)
        try:
            for event in script.events:
                await response.write(event)
                await asyncio.sleep(script.pause)
            if script.cut:
                request.transport.close()
        except (ConnectionResetError, asyncio.CancelledError):
            self.left.set()
            raise
        return response

    async def _stream(self, request, shape, model, text, call):
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "x-request-id": "req_mock"})
        await response.prepare(request)
        self.open_streams += 1
        try:
            for number, event in enumerate(shape.events(model, text, call)):
                if model == "cut" and number == 3:
                    request.transport.close()
                    return response
                await response.write(event)
                if model == "endless":
                    for _ in range(2000):
                        await asyncio.sleep(0.01)
                        await response.write(event)
        except (ConnectionResetError, asyncio.CancelledError):
            self.left.set()
            raise
        finally:
            self.open_streams -= 1
        return response


def last_text(body):
    items = body.get("messages") or body.get("input") or body.get("prompt") or ""
    if isinstance(items, str):
        return items
    texts = []
    for item in items:
        content = item.get("content", "") if isinstance(item, dict) else item
        if isinstance(content, list):
            content = "".join(str(p.get("text", "")) if isinstance(p, dict) else str(p) for p in content)
        if content:
            texts.append(content)
    return texts[-1] if texts else ""


def schema_text(body):
    wanted = body.get("response_format") or (body.get("text") or {}).get("format") or body.get("output_config")
    if not wanted or "schema" not in json.dumps(wanted):
        return None
    found = re.search(r"\[HKID_1\]|[A-Z]\d{6}\([0-9A]\)", last_text(body))
    return json.dumps({"name": found.group() if found else last_text(body)[:20]})


def tool_name(body):
    tool = (body.get("tools") or [{"name": "none"}])[0]
    return tool.get("name") or tool["function"]["name"]
