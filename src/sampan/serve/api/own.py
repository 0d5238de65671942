"""Sampan's own JSON API, the model list, health and metrics."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

import sampan
from sampan.contract.errors import BadRequest, NotFound, SampanError
from sampan.contract.models import Model
from sampan.contract.request import Decided, Held, Json, Refused
from sampan.flow.run import decide_only
from sampan.runtime import Runtime
from sampan.serve.api.faces import FACES, error_value
from sampan.serve.api.inference import Inference, decided_value
from sampan.serve.api.metrics import exposition
from sampan.serve.parse import parse_object

_VIRTUAL = ("auto", "auto:fast", "auto:best", "auto:private")


def own_api(runtime: Runtime, inference: Inference) -> Starlette:
    """The Starlette application for every path that is no vendor inference endpoint."""
    api = OwnApi(runtime, inference)
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
        Route("/sampan/receipts/{id}", api.receipt),
        Route("/sampan/models", api.models, methods=["GET"]),
        Route("/sampan/models", api.model_act, methods=["POST"]),
        Route("/sampan/models/{name:path}/progress", api.progress),
        Route("/sampan/keys", api.keys, methods=["GET"]),
        Route("/sampan/keys", api.key_add, methods=["POST"]),
        Route("/sampan/keys/{id}", api.key_revoke, methods=["DELETE"]),
        Route("/sampan/reload", api.reload, methods=["POST"]),
        Route("/sampan/backup", api.backup, methods=["POST"]),
        Route("/sampan/shutdown", api.shutdown, methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={SampanError: _said, 404: _no_path, 405: _no_path})


async def _said(request: Request, error: Exception) -> Response:
    face = FACES["/v1/messages"] if "anthropic-version" in request.headers else None
    known = error if isinstance(error, SampanError) else SampanError("Something went wrong inside Sampan.")
    return JSONResponse(error_value(face, known), known.http_status)


async def _no_path(request: Request, _: Exception) -> Response:
    return await _said(request, NotFound(f"There is nothing at {request.method} {request.url.path}."))


class OwnApi:
    """Handlers; each returns data that the CLI shows as it is."""

    def __init__(self, runtime: Runtime, inference: Inference) -> None:
        self._runtime, self._inference = runtime, inference

    async def health(self, _: Request) -> Response:
        """Alive, and what the models are doing; no secrets, no names of people."""
        models = self._runtime.models
        shown = [
            {"name": m.name, "realm": m.realm, "state": models.state(m.name), "progress": models.progress(m.name)}
            for m in models.all()
        ]
        return JSONResponse({"status": "ok", "version": sampan.__version__, "models": shown})

    async def metrics(self, _: Request) -> Response:
        """Prometheus text format."""
        text = exposition(self._runtime.receipts.listed({"limit": 1}), self._runtime.models)
        return Response(text, media_type="text/plain; version=0.0.4")

    async def model_list(self, request: Request) -> Response:
        """`GET /v1/models`, in the shape of the vendor whose client asks."""
        models = self._runtime.models.all()
        if "anthropic-version" in request.headers:
            data = [_anthropic_model(name) for name in (*_VIRTUAL, *(m.name for m in models))]
            return JSONResponse({"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]})
        data = [_openai_model(name, None) for name in _VIRTUAL] + [_openai_model(m.name, m) for m in models]
        return JSONResponse({"object": "list", "data": data})

    async def model_one(self, request: Request) -> Response:
        """`GET /v1/models/{name}`."""
        name = request.path_params["name"]
        known = {m.name: m for m in self._runtime.models.all()}
        if name not in known and name not in _VIRTUAL:
            raise NotFound("No such model.")
        if "anthropic-version" in request.headers:
            return JSONResponse(_anthropic_model(name))
        return JSONResponse(_openai_model(name, known.get(name)))

    async def response_get(self, request: Request) -> Response:
        """`GET /v1/responses/{id}`: what is kept for this principal."""
        return JSONResponse(self._runtime.stages.gatherer.kept(_scope(request), request.path_params["id"]))

    async def response_delete(self, request: Request) -> Response:
        """`DELETE /v1/responses/{id}`."""
        response_id = request.path_params["id"]
        self._runtime.stages.gatherer.forget(_scope(request), response_id)
        return JSONResponse({"id": response_id, "object": "response", "deleted": True})

    async def status(self, _: Request) -> Response:
        """Version, up-time, models, paths."""
        home = self._runtime.settings.home
        return JSONResponse(
            {
                "version": sampan.__version__,
                "uptime_s": round(time.time() - self._runtime.started, 1),
                "no_cloud": self._runtime.settings.privacy.no_cloud,
                "models": self._runtime.models.listed(),
                "receipts_head": self._runtime.stages.recorder.head(),
                "paths": {n: str(getattr(home, n)) for n in ("config", "data", "state", "run")},
            }
        )

    async def decide(self, request: Request) -> Response:
        """Decide without running. The body is any vendor request; `?path=` names its endpoint."""
        path = request.query_params.get("path", "/v1/chat/completions")
        if path not in FACES:
            raise BadRequest("`path` must name one of the vendor endpoints.", param="path")
        read = await self._inference.read(FACES[path], dict(request.scope), request.receive)
        decision = await decide_only(read, self._runtime.stages)
        match decision:
            case Decided():
                return JSONResponse(decided_value(decision))
            case Refused():
                return JSONResponse(_refused_value(decision))
            case Held():
                return JSONResponse({"outcome": "held", "approval": decision.approval, "until": decision.until})

    async def receipts(self, request: Request) -> Response:
        """Receipts, newest first."""
        wanted = dict(request.query_params)
        return JSONResponse({"receipts": await asyncio.to_thread(self._runtime.receipts.listed, wanted)})

    async def receipt(self, request: Request) -> Response:
        """One receipt."""
        return JSONResponse(await asyncio.to_thread(self._runtime.receipts.one, request.path_params["id"]))

    async def verify(self, _: Request) -> Response:
        """Verify the whole chain."""
        return JSONResponse(await asyncio.to_thread(self._runtime.receipts.verified))

    async def models(self, _: Request) -> Response:
        """Installed, available and found models."""
        return JSONResponse({"models": self._runtime.models.listed()})

    async def model_act(self, request: Request) -> Response:
        """`{"action": pull|cancel|use|rm|add, "name": …}` or `"path"` for add."""
        body = parse_object(await request.body())
        name = body.get("name") or body.get("path")
        if not isinstance(name, str) or not isinstance(body.get("action"), str):
            raise BadRequest("`action` and `name` (or `path`) are wanted.")
        return JSONResponse(await self._runtime.models.act(body["action"], name))

    async def progress(self, request: Request) -> Response:
        """A download's progress as server-sent events, until it ends."""
        self._runtime.models.progress(request.path_params["name"])
        return StreamingResponse(self._progress(request.path_params["name"]), media_type="text/event-stream")

    async def _progress(self, name: str) -> AsyncIterator[bytes]:
        while True:
            now = self._runtime.models.progress(name)
            yield b"data: %s\n\n" % orjson.dumps(now)
            if now.get("state") not in {"loading", "pulling", "waiting"}:
                return
            await asyncio.sleep(0.25)

    async def keys(self, _: Request) -> Response:
        """Named keys, without secrets."""
        return JSONResponse({"keys": self._runtime.keys.listed()})

    async def key_add(self, request: Request) -> Response:
        """Make a named key; its secret is told once."""
        body = parse_object(await request.body())
        texts = {n: str(body.get(n) or "") for n in ("name", "application", "user")}
        groups = body.get("groups") or []
        if not texts["name"] or not isinstance(groups, list):
            raise BadRequest("`name` is wanted; `groups` is an array.")
        made = self._runtime.keys.added(texts["name"], texts["application"], texts["user"], tuple(map(str, groups)))
        return JSONResponse(made, 201)

    async def key_revoke(self, request: Request) -> Response:
        """End a key."""
        return JSONResponse(self._runtime.keys.revoked(request.path_params["id"]))

    async def reload(self, _: Request) -> Response:
        """Read settings and policy again; streams under way go on."""
        return JSONResponse(self._runtime.reload())

    async def backup(self, request: Request) -> Response:
        """Write a consistent backup."""
        body = parse_object(await request.body())
        return JSONResponse(await asyncio.to_thread(partial(self._runtime.backup, str(body.get("path") or ""))))

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


def _refused_value(refused: Refused) -> Json:
    labels = refused.labelled.labels
    return {
        "outcome": "refused",
        "found": {str(kind): number for kind, number in labels.counts.items()},
        "sensitivity": labels.sensitivity.name.lower(),
        "code": refused.code,
        "reason": refused.reason,
        "rules": list(refused.rules),
        "refused": [[r.model, r.form, list(r.rules), r.reason] for r in refused.refused],
        "ways_on": list(refused.ways_on),
        "policy": refused.policy,
    }
