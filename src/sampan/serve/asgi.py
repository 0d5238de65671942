"""The ASGI application: vendor endpoints as plain ASGI, everything else through Starlette."""

import hmac
import logging

from sampan.contract.errors import NotFound, NotOffered, SampanError, Unauthenticated
from sampan.runtime import Runtime
from sampan.serve import wire
from sampan.serve.api.faces import FACES, Face, error_value
from sampan.serve.api.inference import Inference
from sampan.serve.api.own import own_api
from sampan.serve.guard import Access, Guard, is_loopback, secret_of
from sampan.serve.web.status import status_page

log = logging.getLogger("sampan.serve")

OPEN_PATHS = frozenset({"/healthz"})
"""Answered to anyone who reaches the port with a right Host; everything else asks who it is."""

NOT_OFFERED = ("audio", "images", "batches", "files", "fine_tuning", "moderations", "assistants", "threads",
               "vector_stores", "uploads", "realtime", "videos", "evals", "containers", "conversations",
               "organizations", "skills", "models/")  # fmt: skip
"""First parts of vendor paths under /v1 that exist elsewhere and not here."""


class Application:
    """One Sampan, over HTTP."""

    def __init__(self, runtime: Runtime) -> None:
        server = runtime.settings.server
        self._runtime = runtime
        self._guard = Guard(
            Access(
                allowed_hosts=frozenset({*server.allowed_hosts, server.host}),
                cors_origins=frozenset(server.cors_origins),
                keyless=is_loopback(server.host),
                device="this",
            ),
            runtime.keys,
        )
        self._inference = Inference(runtime.stages, self._guard, server.max_body_mb * 1024 * 1024)
        self._own = own_api(runtime, self._inference)
        self._page = status_page(runtime)

    async def __call__(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        """Answer one ASGI scope."""
        if scope["type"] == "http":
            face = FACES.get(scope["path"])
            if face is not None and scope["method"] == "POST":
                await self._inference(face, scope, receive, send)
            else:
                await self._other(face, scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    async def _other(self, face: Face | None, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        path = scope["path"]
        try:
            headers = wire.headers_of(scope)
            self._admit(path, scope, headers)
            if scope["method"] == "OPTIONS" and headers.get("origin") in self._runtime.settings.server.cors_origins:
                await _preflight(headers["origin"], send)
            elif path == "/":
                await self._page(scope, receive, send)
            elif self._is_own(path):
                await self._own(scope, receive, send)
            else:
                _refuse_path(face, path, scope["method"])
        except SampanError as error:
            shape = face or (FACES["/v1/messages"] if "anthropic-version" in wire.headers_of(scope) else None)
            await wire.send_json(send, error.http_status, error_value(shape, error))

    def _is_own(self, path: str) -> bool:
        return path.startswith(("/sampan/", "/v1/models", "/v1/responses/")) or path in {"/healthz", "/metrics"}

    def _admit(self, path: str, scope: wire.Scope, headers: dict[str, str]) -> None:
        self._guard.check_host(headers)
        if path in OPEN_PATHS or scope["method"] == "OPTIONS":
            return
        if path.startswith("/sampan/"):
            if not hmac.compare_digest(secret_of(headers).encode(), self._runtime.token.encode()):
                raise Unauthenticated(
                    "`/sampan/` needs this Sampan's token.",
                    hint="It is in the file `token` of `sampan status --paths`.",
                )
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
                await self._runtime.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _refuse_path(face: Face | None, path: str, method: str) -> None:
    rest = path.removeprefix("/v1/")
    if face is not None:
        raise NotFound(f"{path} takes POST, not {method}.")
    if path.startswith("/v1/") and rest.startswith(NOT_OFFERED):
        raise NotOffered(f"{path} is not offered by Sampan.")
    raise NotFound(f"There is nothing at {path}.")


async def _preflight(origin: str, send: wire.Send) -> None:
    allowed = [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-methods", b"GET, POST, DELETE"),
        (b"access-control-allow-headers", b"authorization, content-type, x-api-key, anthropic-version, anthropic-beta"),
        (b"vary", b"origin"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": allowed})
    await send({"type": "http.response.body", "body": b""})
