"""Models: what is here, what can be had and fits, and the organisation's and cloud's endpoints."""

import contextlib
import re
import secrets
from typing import Any

import psutil
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sampan.contract.errors import BadRequest, ConfigError, SampanError
from sampan.contract.request import Json
from sampan.flow.run import run
from sampan.providers.secrets import Keyring, forget_secret, keep_secret
from sampan.runtime import Runtime
from sampan.serve.web.answers import Asked, request_of
from sampan.serve.web.forms import posted
from sampan.serve.web.pages import Pages
from sampan.settings.writing import UserFile, current
from sampan.store.keys_at_rest import system_keyring

_UNDER_WAY = ("loading", "pulling", "waiting")
_FIELDS = ("name", "realm", "wire", "base_url", "upstream_model", "jurisdiction", "operator")
_OURS = re.compile(r"(?:file|keyring):model-.+-[0-9a-f]{8}")
_HELLO = "Reply with the one word: ready"


def routes(pages: Pages, runtime: Runtime) -> list[Route]:
    """Everything below `/models`."""
    screen = Models(pages, runtime)
    return [
        Route("/models", screen.show, methods=["GET"]),
        Route("/models/list", screen.listed, methods=["GET"]),
        Route("/models/arriving", screen.arriving, methods=["GET"]),
        Route("/models/endpoints", screen.add, methods=["POST"]),
        Route("/models/endpoints/{name:path}/test", screen.test, methods=["POST"]),
        Route("/models/endpoints/{name:path}", screen.remove, methods=["DELETE"]),
        Route("/models/{action}/{name:path}", screen.act, methods=["POST"]),
    ]


class Models:
    """Handlers."""

    def __init__(self, pages: Pages, runtime: Runtime) -> None:
        self._pages, self._runtime = pages, runtime

    async def show(self, request: Request) -> Response:
        """The screen."""
        return self._pages.page(
            request, "models.html", {**self._facts(), "problem": "", "given": dict.fromkeys(_FIELDS, "")}
        )

    async def listed(self, request: Request) -> Response:
        """The lists alone: asked for again while something is under way."""
        return self._pages.page(request, "modellist.html", self._facts())

    async def arriving(self, request: Request) -> Response:
        """How far the local model in use has come, on the first screen; asked for again until it is there. seen: it was not."""
        used = [row for row in self._facts()["local"] if row["used"]]
        coming, failed = ([row for row in used if test(row)] for test in (_is_busy, _has_failed))
        facts = {"model": next(iter(coming), None), "failed": next(iter(failed), None)}
        facts["seen"] = request.query_params.get("seen") == "1"
        return self._pages.page(request, "arriving.html", facts)

    async def act(self, request: Request) -> Response:
        """Pull, cancel, use or remove a local model."""
        action, name = request.path_params["action"], request.path_params["name"]
        if action not in {"pull", "cancel", "use", "rm"}:
            raise BadRequest("There is no such action.")
        problem = ""
        try:
            await self._runtime.models.act(action, name)
        except SampanError as error:
            problem = error.message
        if request.query_params.get("first") == "1":
            return await self.arriving(request)
        return self._pages.page(request, "modellist.html", {**self._facts(), "trouble": problem})

    async def add(self, request: Request) -> Response:
        """Add an endpoint to the user's settings; its key goes to the keyring, never into the file."""
        form, refs = await posted(request), self._named()
        try:
            table = {name: form[name].strip() for name in _FIELDS if form.get(name, "").strip()}
            if form.get("key", "").strip():
                folder = self._runtime.settings.home.config
                table["api_key"] = keep_secret(_entry(table), form["key"].strip(), folder, _ring())
                refs.add(table["api_key"])
            UserFile(self._runtime.settings).put_model(table)
            self._runtime.reload()
        except SampanError as error:
            given = {name: form.get(name, "") for name in _FIELDS}
            facts = {**self._facts(), "problem": error.message, "given": given}
            return self._pages.page(request, "endpointform.html", facts, 422)
        finally:
            self._forget(refs)
        return Response(status_code=204, headers={"hx-redirect": "/models"})

    async def remove(self, request: Request) -> Response:
        """Take an endpoint out of the user's settings, and its key with it."""
        refs = self._named()
        UserFile(self._runtime.settings).drop_model(request.path_params["name"])
        self._forget(refs)
        self._runtime.reload()
        return self._pages.page(request, "modellist.html", self._facts())

    async def test(self, request: Request) -> Response:
        """Ask the endpoint one harmless thing, the same way as everything else: decided, and with a receipt."""
        name, principal = request.path_params["name"], request.scope["sampan.principal"]
        asked = Asked("", "", ({"role": "user", "content": _HELLO},), name)
        question = request_of(principal, asked)
        problem = ""
        try:
            answer = await run(question, self._runtime.stages)
            with contextlib.suppress(StopAsyncIteration):
                await anext(answer.frames)
            await answer.frames.aclose()
        except SampanError as error:
            problem = error.message
        return self._pages.page(request, "tested.html", {"problem": problem, "receipt": question.id})

    def _named(self) -> set[str]:
        """The keys that models in the settings name now."""
        return {model.api_key for model in current(self._runtime.settings).models}

    def _forget(self, refs: set[str]) -> None:
        """Drop those of these keys that this screen kept, and that no model names any more."""
        for ref in refs - self._named():
            if _OURS.fullmatch(ref):
                forget_secret(ref, self._runtime.settings.home.config, _ring())

    def _facts(self) -> dict[str, Any]:
        rows = self._runtime.models.listed()
        free = psutil.virtual_memory().available
        mine = {model.name for model in self._runtime.settings.models}
        local = [_local(row, free) for row in rows if "licence" in row]
        for row in local:
            row["progress"] = self._runtime.models.progress(row["name"]) if row["busy"] else {}
        remote = [row | {"mine": row["name"] in mine or row.get("base_url"), "ready": str(row["state"]).startswith("ready")}
                  for row in rows if "licence" not in row and row["realm"] != "personal"]  # fmt: skip
        return {
            "local": local,
            "here": [row for row in local if row["there"]],
            "offered": [row for row in local if not row["there"]],
            "beside": [row for row in rows if "licence" not in row and row["realm"] == "personal"],
            "remote": remote,
            "free": free,
            "busy": any(row["busy"] for row in local),
            "trouble": "",
            "enabled": self._runtime.settings.local.enabled,
        }


def _is_busy(row: dict[str, Any]) -> bool:
    return bool(row["busy"])


def _has_failed(row: dict[str, Any]) -> bool:
    return bool(row["state"] == "failed")


def _local(row: Json, free: int) -> dict[str, Any]:
    """A local model as it is shown. fit: `fits`, `tight` or `no`, by the memory that is free now."""
    state, needs = str(row["state"]), int(row.get("min_free_memory") or 0)
    word = state.split(":", maxsplit=1)[0].split(maxsplit=1)[0] if state else ""
    there = word in {"ready", "loading", "idle", "down"} or bool(
        row.get("used") and word not in {"absent", "failed", *_UNDER_WAY}
    )
    fit = "fits" if free >= needs * 1.25 else "tight" if free >= needs else "no"
    return {
        "name": row["name"],
        "title": str(row.get("title") or ""),
        "licence": row.get("licence") or "",
        "size": int(row.get("size") or 0),
        "needs": needs,
        "fit": fit,
        "state": word,
        "note": state.partition(": ")[2],
        "used": bool(row.get("used")),
        "there": there,
        "busy": word in _UNDER_WAY,
    }


def _entry(table: dict[str, str]) -> str:
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in table.get("name", ""))
    if not name.isascii() or not name:
        raise ConfigError("An endpoint needs a name of letters and digits.")
    # never an entry that another endpoint's key is in: it would be sent to the wrong company
    return f"model-{name[:60]}-{secrets.token_hex(4)}"


def _ring() -> Keyring | None:
    return system_keyring()
