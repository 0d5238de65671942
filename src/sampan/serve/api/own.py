"""Sampan's own JSON API, the model list, health and metrics."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

import sampan
from sampan.contract.errors import BadRequest, NotFound, NotOffered, SampanError, UnknownModel
from sampan.contract.models import Model
from sampan.contract.request import Json
from sampan.flow.run import decide_only
from sampan.runtime import Runtime
from sampan.serve import wire
from sampan.serve.api.approvals import ApprovalsApi
from sampan.serve.api.faces import FACES, error_value, shape_of
from sampan.serve.api.facts import decision_value
from sampan.serve.api.metrics import exposition
from sampan.serve.api.reading import read
from sampan.serve.body import body_of
from sampan.serve.sessions import TICKET_S, Sessions

_VIRTUAL = ("auto", "auto:fast", "auto:best", "auto:private")


class _Action(msgspec.Struct, frozen=True):
    action: str
    name: str = ""
    path: str = ""


class _NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    application: str = ""
    user: str = ""
    groups: tuple[str, ...] = ()


class _Opinion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    action: str
    text: str
    kind: str = ""


class _Feedback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    receipt: str
    kind: str
    value: float | bool | None = None


class _Backup(msgspec.Struct, frozen=True):
    path: str


def own_api(runtime: Runtime, sessions: Sessions) -> Starlette:
    """The Starlette application for every path that is no vendor inference endpoint."""
    api, approvals = OwnApi(runtime, sessions), ApprovalsApi(runtime.stages.holding)
    routes = [
        Route("/healthz", api.health),
        Route("/metrics", api.metrics),
        Route("/v1/models", api.model_list),
        Route("/v1/models/{name:path}", api.model_one),
        Route("/v1/responses/{id}", api.response_get, methods=["GET"]),
        Route("/v1/responses/{id}", api.response_delete, methods=["DELETE"]),
        Route("/sampan/status", api.status),
        Route("/sampan/decide", api.decide, methods=["POST"]),
        Route("/sampan/receipts", api.receipts),
        Route("/sampan/receipts/verify", api.verify),
        Route("/sampan/receipts/export", api.export),
        Route("/sampan/receipts/{id}", api.receipt, methods=["GET"]),
        Route("/sampan/receipts/{id}", api.erase, methods=["DELETE"]),
        Route("/sampan/models", api.models, methods=["GET"]),
        Route("/sampan/models", api.model_act, methods=["POST"]),
        Route("/sampan/models/{name:path}/progress", api.progress),
        Route("/sampan/keys", api.keys, methods=["GET"]),
        Route("/sampan/keys", api.key_add, methods=["POST"]),
        Route("/sampan/keys/{id}", api.key_revoke, methods=["DELETE"]),
        Route("/sampan/findings", api.findings, methods=["GET"]),
        Route("/sampan/findings", api.finding_act, methods=["POST"]),
        Route("/sampan/budgets", api.budgets),
        Route("/sampan/feedback", api.feedback, methods=["POST"]),
        Route("/sampan/route", api.route, methods=["GET"]),
        Route("/sampan/route", api.route_reset, methods=["DELETE"]),
        Route("/sampan/route/export", api.route_export),
        Route("/sampan/approvals", approvals.listed, methods=["GET"]),
        Route("/sampan/approvals/events", approvals.events, methods=["GET"]),
        Route("/sampan/approvals/{id}", approvals.answer, methods=["POST"]),
        Route("/sampan/tickets", api.ticket, methods=["POST"]),
        Route("/sampan/reload", api.reload, methods=["POST"]),
        Route("/sampan/backup", api.backup, methods=["POST"]),
        Route("/sampan/shutdown", api.shutdown, methods=["POST"]),
    ]
    handlers = {SampanError: _said, Exception: _said, 404: _no_path, 405: _no_method}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return app


async def _said(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, SampanError) else SampanError("Something went wrong inside Sampan.")
    shape = shape_of(request.url.path, wire.headers_of(request.scope))
    return JSONResponse(error_value(shape, known), known.http_status)


async def _no_path(request: Request, _: Exception) -> Response:
    return await _said(request, NotFound(f"There is nothing at {request.url.path}."))


async def _no_method(request: Request, _: Exception) -> Response:
    path = request.url.path
    if path.startswith(("/v1/models/", "/v1/responses/")):
        return await _said(request, NotOffered(f"{request.method} {path} is not offered by Sampan."))
    return await _said(request, NotFound(f"{path} does not take {request.method}."))


class OwnApi:
    """Handlers; each returns data that the CLI shows as it is."""

    def __init__(self, runtime: Runtime, sessions: Sessions) -> None:
        self._runtime, self._sessions = runtime, sessions
        self._max_body = runtime.settings.server.max_body_mb << 20

    async def health(self, request: Request) -> Response:
        """Alive; to callers who are known also what the models are doing. No secrets, no names of people."""
        models = self._runtime.models
        shown = [
            {"name": m.name, "realm": m.realm, "state": models.state(m.name), "progress": models.progress(m.name)}
            for m in (models.all() if request.scope["sampan.known"] else ())
        ]
        return JSONResponse({"status": "ok", "version": sampan.__version__, "models": shown})

    async def metrics(self, _: Request) -> Response:
        """Prometheus text format."""
        failures, drift = self._runtime.failures(), self._runtime.routing.health()["drift"]
        text = exposition(self._runtime.stages.recorder.head(), self._runtime.models, failures, drift)
        return Response(text, media_type="text/plain; version=0.0.4")

    async def model_list(self, request: Request) -> Response:
        """`GET /v1/models`, in the shape of the vendor whose client asks."""
        known = self._named()
        if "anthropic-version" in request.headers:
            data = [_anthropic_model(name) for name in known]
            return JSONResponse({"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]})
        return JSONResponse({"object": "list", "data": [_openai_model(name, model) for name, model in known.items()]})

    async def model_one(self, request: Request) -> Response:
        """`GET /v1/models/{name}`."""
        name, known = request.path_params["name"], self._named()
        if name not in known:
            raise UnknownModel("There is no such model.")
        if "anthropic-version" in request.headers:
            return JSONResponse(_anthropic_model(name))
        return JSONResponse(_openai_model(name, known[name]))

    def _named(self) -> dict[str, Model | None]:
        """Every name that `model` may have; None for those that stand for others."""
        names: dict[str, Model | None] = dict.fromkeys((*_VIRTUAL, *self._runtime.aliases()))
        return names | {model.name: model for model in self._runtime.models.all()}

    async def response_get(self, request: Request) -> Response:
        """`GET /v1/responses/{id}`: what is kept for this principal."""
        if request.query_params.get("stream") == "true":
            raise NotOffered("A kept response is not streamed again.")
        return JSONResponse(self._runtime.stages.gatherer.kept(_scope(request), request.path_params["id"]))

    async def response_delete(self, request: Request) -> Response:
        """`DELETE /v1/responses/{id}`."""
        response_id = request.path_params["id"]
        self._runtime.stages.gatherer.forget(_scope(request), response_id)
        return JSONResponse({"id": response_id, "object": "response", "deleted": True})

    async def status(self, _: Request) -> Response:
        """Version, up-time, models, policy, router, paths."""
        home = self._runtime.settings.home
        return JSONResponse(
            {
                "version": sampan.__version__,
                "uptime_s": round(time.time() - self._runtime.started, 1),
                "no_cloud": self._runtime.no_cloud(),
                "models": self._runtime.models.listed(),
                "detectors": {"failed": self._runtime.failures()},
                "policy": self._runtime.policy(),
                "route": self._runtime.routing.health(),
                "receipts_head": self._runtime.stages.recorder.head(),
                "paths": {n: str(getattr(home, n)) for n in ("config", "data", "state", "run")},
            }
        )

    async def decide(self, request: Request) -> Response:
        """Decide without running. The body is any vendor request; `?path=` names its endpoint, `?rules=1` tells every rule."""
        path = request.query_params.get("path", "/v1/chat/completions")
        if path not in FACES:
            raise BadRequest("`path` must name one of the vendor endpoints.", param="path")
        headers, principal = wire.headers_of(request.scope), request.scope["sampan.principal"]
        asked = await read(FACES[path], headers, principal, request.receive, self._max_body)
        decision = await decide_only(asked, self._runtime.stages)
        value = decision_value(decision)
        if request.query_params.get("rules") in {"1", "true"}:
            value["explained"] = await asyncio.to_thread(self._runtime.explain, decision)
        return JSONResponse(value)

    async def receipts(self, request: Request) -> Response:
        """Receipts, newest first."""
        wanted = dict(request.query_params)
        return JSONResponse({"receipts": await asyncio.to_thread(self._runtime.receipts.listed, wanted)})

    async def receipt(self, request: Request) -> Response:
        """One receipt."""
        return JSONResponse(await asyncio.to_thread(self._runtime.receipts.one, request.path_params["id"]))

    async def verify(self, _: Request) -> Response:
        """Verify the whole chain."""
        receipts = self._runtime.receipts
        return JSONResponse({**await asyncio.to_thread(receipts.verified), "public_key": receipts.public_key})

    async def export(self, _: Request) -> Response:
        """The whole chain and its signed head, one JSON value a line."""
        return StreamingResponse(self._runtime.receipts.lines(), media_type="application/x-ndjson")

    async def erase(self, request: Request) -> Response:
        """Destroy the key of what this receipt's request sent; the chain says so in a tombstone."""
        receipt_id = request.path_params["id"]
        tombstone = await asyncio.to_thread(self._runtime.erase, receipt_id)
        return JSONResponse({"erased": receipt_id, "tombstone": tombstone})

    async def models(self, _: Request) -> Response:
        """Installed, available and found models."""
        return JSONResponse({"models": self._runtime.models.listed()})

    async def model_act(self, request: Request) -> Response:
        """`{"action": pull|cancel|use|rm|add, "name": …}` or `"path"` for add."""
        asked = await body_of(request, _Action)
        if not (asked.name or asked.path):
            raise BadRequest("`name` is wanted, or `path` to add a file.", param="name")
        return JSONResponse(await self._runtime.models.act(asked.action, asked.name or asked.path))

    async def progress(self, request: Request) -> Response:
        """A download's progress as server-sent events, until it ends."""
        name = request.path_params["name"]
        if name not in self._downloads():
            raise UnknownModel("There is no such model.")
        return StreamingResponse(self._progress(name), media_type="text/event-stream")

    def _downloads(self) -> Iterator[str]:
        yield from (model.name for model in self._runtime.models.all())
        yield from (row.get("name", "") for row in self._runtime.models.listed())

    async def _progress(self, name: str) -> AsyncIterator[bytes]:
        while True:
            now = self._runtime.models.progress(name)
            yield b"data: %s\n\n" % wire.encoded(now)
            if now.get("state") not in {"loading", "pulling", "waiting"}:
                return
            await asyncio.sleep(0.25)

    async def keys(self, _: Request) -> Response:
        """Named keys, without secrets."""
        return JSONResponse({"keys": self._runtime.keys.listed()})

    async def key_add(self, request: Request) -> Response:
        """Make a named key; its secret is told once."""
        new = await body_of(request, _NewKey)
        if not new.name:
            raise BadRequest("`name` must not be empty.", param="name")
        return JSONResponse(self._runtime.keys.added(new.name, new.application, new.user, new.groups), 201)

    async def key_revoke(self, request: Request) -> Response:
        """End a key."""
        return JSONResponse(self._runtime.keys.revoked(request.path_params["id"]))

    async def budgets(self, _: Request) -> Response:
        """What is used and left of every budget."""
        budgets = self._runtime.stages.budgets
        return JSONResponse({"budgets": budgets.listed() if budgets is not None else []})

    async def findings(self, request: Request) -> Response:
        """What this person said of findings."""
        return JSONResponse({"findings": self._runtime.findings.listed(request.scope["sampan.principal"].user)})

    async def finding_act(self, request: Request) -> Response:
        """`{"action": dismiss|always|confirm|forget, "text": …, "kind": …}`."""
        asked, user = await body_of(request, _Opinion), request.scope["sampan.principal"].user
        if asked.action == "forget":
            return JSONResponse(await asyncio.to_thread(self._runtime.findings.forgotten, user, asked.text))
        return JSONResponse(
            await asyncio.to_thread(self._runtime.findings.said, user, asked.text, asked.action, asked.kind)
        )

    async def feedback(self, request: Request) -> Response:
        """`{"receipt": …, "kind": up|down|regenerate|edit|copy|test, "value": …}`, of whoever asked it, or the owner."""
        given = await body_of(request, _Feedback)
        asker = None if request.scope["sampan.owner"] else request.scope["sampan.principal"]
        value = None if given.value is None else float(given.value)
        return JSONResponse(
            await asyncio.to_thread(self._runtime.routing.said, asker, given.receipt, given.kind, value)
        )

    async def route(self, _: Request) -> Response:
        """What the router knows of each model."""
        return JSONResponse(await asyncio.to_thread(self._runtime.routing.shown))

    async def route_export(self, _: Request) -> Response:
        """Everything that was learned and measured."""
        return JSONResponse(await asyncio.to_thread(self._runtime.routing.exported))

    async def route_reset(self, _: Request) -> Response:
        """Forget it."""
        return JSONResponse(await asyncio.to_thread(self._runtime.routing.reset))

    async def ticket(self, _: Request) -> Response:
        """A one-time ticket that opens the web app within ten minutes."""
        return JSONResponse({"ticket": self._sessions.ticket(), "seconds": TICKET_S}, 201)

    async def reload(self, _: Request) -> Response:
        """Read settings and policy again; streams under way go on."""
        return JSONResponse(self._runtime.reload())

    async def backup(self, request: Request) -> Response:
        """Write a consistent backup."""
        target = (await body_of(request, _Backup)).path
        return JSONResponse(await asyncio.to_thread(self._runtime.backup, target))

    async def shutdown(self, _: Request) -> Response:
        """Stop after this reply."""
        asyncio.get_running_loop().call_later(0.05, self._runtime.shutdown)
        return JSONResponse({"stopping": True})


def _scope(request: Request) -> str:
    principal = request.scope["sampan.principal"]
    return f"{principal.user}/{principal.key}"


def _openai_model(name: str, model: Model | None) -> Json:
    facts: Json = {"virtual": True} if model is None else {
        "realm": model.realm, "site": model.site, "jurisdiction": model.jurisdiction, "context": model.context or None,
        "capabilities": sorted(model.capabilities),
    }  # fmt: skip
    return {"id": name, "object": "model", "created": 0, "owned_by": facts.get("realm", "sampan"), "sampan": facts}


def _anthropic_model(name: str) -> Json:
    return {"type": "model", "id": name, "display_name": name, "created_at": "1970-01-01T00:00:00Z"}
