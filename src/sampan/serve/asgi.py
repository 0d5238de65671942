"""The ASGI application: vendor endpoints as plain ASGI, everything else through Starlette."""

import asyncio
import importlib
from typing import Any

from sampan.contract.errors import NotFound, NotOffered, SampanError, Unauthenticated
from sampan.runtime import Runtime
from sampan.serve import wire
from sampan.serve.api.approvals import APPROVALS
from sampan.serve.api.faces import FACES, Face, error_value, shape_of
from sampan.serve.api.inference import Inference
from sampan.serve.api.own import own_api
from sampan.serve.faults import unexpected
from sampan.serve.guard import Access, Guard, holds
from sampan.serve.sessions import Sessions
from sampan.settings import loopback_host

OPEN_PATHS = frozenset({"/healthz"})
"""Answered to anyone who reaches the port with a right Host; everything else asks who it is."""

ASKERS_PATHS = frozenset({"/sampan/feedback"})
"""For everyone who may ask, about what they asked themselves; all else under `/sampan/` is the owner's."""

NOT_OFFERED = frozenset({
    "agents", "assistants", "audio", "batches", "chatkit", "complete", "containers", "conversations", "edits", "engines",
    "environments", "evals", "files", "fine-tunes", "fine_tuning", "graders", "images", "moderations", "organization",
    "organizations", "projects", "realtime", "sessions", "skills", "threads", "uploads", "vector_stores", "videos",
})  # fmt: skip
"""First parts of vendor paths under /v1 that exist elsewhere and not here."""

PAGES = frozenset({"chat", "enter", "leave", "models", "policies", "receipts", "settings", "static"})
"""First parts of the web app's paths. Behind a session, except for the door and what it is drawn with."""

_BELOW = tuple(f"{path}/" for path in FACES)
_EXPOSED = (b"request-id, x-request-id, retry-after, sampan-receipt, sampan-approval, sampan-model, sampan-place, sampan-form, "
            b"sampan-masked, sampan-as-text, sampan-rule")  # fmt: skip


class Application:
    """One Sampan, over HTTP."""

    def __init__(self, runtime: Runtime) -> None:
        server = runtime.settings.server
        self._runtime = runtime
        self._origins = frozenset(server.cors_origins)
        self._guard = Guard(
            Access(
                allowed_hosts=frozenset({*server.allowed_hosts, server.host}),
                cors_origins=self._origins,
                keyless=loopback_host(server.host),
                device="this",
                token=runtime.token,
            ),
            runtime.keys,
        )
        self._inference = Inference(runtime.stages, self._guard, server.max_body_mb << 20)
        self._sessions = Sessions()
        self._own = own_api(runtime, self._sessions)
        self._site: Any = None

    async def __call__(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        """Answer one ASGI scope."""
        if scope["type"] == "http":
            if self._origins:
                send = self._readable(scope, send)
            face = FACES.get(scope["path"])
            if face is not None and scope["method"] == "POST":
                await self._inference(face, scope, receive, send)
            else:
                await self._other(scope, receive, wire.adding(send, wire.SECURITY))
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    def _readable(self, scope: wire.Scope, send: wire.Send) -> wire.Send:
        """A listed origin may read the reply, whatever it says."""
        origin = wire.headers_of(scope).get("origin")
        if origin not in self._origins:
            return send
        headers = [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin"),
                   (b"access-control-expose-headers", _EXPOSED)]  # fmt: skip
        return wire.adding(send, headers)

    async def _other(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        headers = wire.headers_of(scope)
        began = False

        async def sending(message: wire.Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            self._guard.check_host(headers)
            if self._is_preflight(scope["method"], headers):
                await _preflight(headers, sending)
            else:
                self._admit(scope, headers)
                await self._routed(scope, receive, sending)
        except wire.ClientLeft:
            return
        except Exception as error:  # noqa: BLE001 - the caller has to be told something, whatever it was
            known = error if isinstance(error, SampanError) else unexpected(error)
            if not began:
                await wire.send_json(send, known.http_status, error_value(shape_of(scope["path"], headers), known))

    async def _routed(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        path, method = scope["path"], scope["method"]
        if is_page(path):
            await self._pages(scope, receive, send)
        elif _is_own(path):
            await self._own(scope, receive, send)
        else:
            raise _refusal(FACES.get(path), path, method)

    async def _pages(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        """The web app; loaded when the first page is asked for, since most Sampans serve programs only."""
        if self._site is None:
            self._open(await asyncio.to_thread(_web_app))
        await self._site.app(scope, receive, send)

    def _open(self, web: Any) -> None:
        """There is one web app, which knows the answers under way, however many pages were asked for while it was loaded."""
        if self._site is None:
            self._site = web.site(self._runtime, self._sessions)

    def _is_preflight(self, method: str, headers: dict[str, str]) -> bool:
        asked = method == "OPTIONS" and "access-control-request-method" in headers
        return asked and headers.get("origin") in self._origins

    def _admit(self, scope: wire.Scope, headers: dict[str, str]) -> None:
        """Find out who asks, before anything else is looked at.

        Raises:
            Unauthenticated: nobody that may.
        """
        path = scope["path"]
        if path in OPEN_PATHS:
            scope["sampan.known"] = self._guard.knows(scope, headers)
        elif path in ASKERS_PATHS:
            scope["sampan.owner"] = holds(headers, self._runtime.token)
            scope["sampan.principal"] = self._guard.principal(scope, headers)
        elif path == APPROVALS or path.startswith(f"{APPROVALS}/"):
            scope["sampan.approver"] = self._guard.approver(headers)
        elif path.startswith("/sampan/"):
            if not holds(headers, self._runtime.token):
                raise Unauthenticated(
                    "`/sampan/` needs this Sampan's token.",
                    hint="It is in the file `token` of the folder `run` (`sampan status --paths`).",
                )
            scope["sampan.principal"] = self._guard.owner(headers)
        elif is_page(path):
            scope["sampan.principal"] = self._guard.visitor(scope, headers)
        else:
            scope["sampan.principal"] = self._guard.principal(scope, headers)

    async def _lifespan(self, receive: wire.Receive, send: wire.Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._runtime.start()
                except SampanError as error:
                    await send({"type": "lifespan.startup.failed", "message": error.message})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._site is not None:
                    await self._site.aclose()
                await self._runtime.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _web_app() -> Any:
    return importlib.import_module("sampan.serve.web.site")


def is_page(path: str) -> bool:
    """Whether a path belongs to the web app."""
    return path in {"/", "/manifest.webmanifest"} or path[1:].split("/", 1)[0] in PAGES


def _is_own(path: str) -> bool:
    if path.startswith("/v1/responses/"):
        return path.count("/") == 3
    return path.startswith(("/sampan/", "/v1/models/")) or path in {"/healthz", "/metrics", "/v1/models"}


def _refusal(face: Face | None, path: str, method: str) -> SampanError:
    if face is not None:
        return NotFound(f"{path} takes POST, not {method}.")
    if path.startswith(_BELOW) or (path.startswith("/v1/") and path.split("/")[2] in NOT_OFFERED):
        return NotOffered(f"{path} is not offered by Sampan.")
    return NotFound(f"There is nothing at {path}.")


async def _preflight(headers: dict[str, str], send: wire.Send) -> None:
    """A listed origin may send what its client needs to send: the vendors' own add many headers."""
    asked = headers.get("access-control-request-headers", "authorization, content-type, x-api-key")
    allowed = [
        (b"access-control-allow-methods", b"GET, POST, DELETE"),
        (b"access-control-allow-headers", asked.encode("latin-1")),
        (b"access-control-max-age", b"600"),
    ]
    if headers.get("access-control-request-private-network") == "true":
        allowed.append((b"access-control-allow-private-network", b"true"))
    await send({"type": "http.response.start", "status": 204, "headers": allowed})
    await send({"type": "http.response.body", "body": b""})
