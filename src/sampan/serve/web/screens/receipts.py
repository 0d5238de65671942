"""Receipts and data flow: what stayed, what went where, and the proof of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sampan.contract.chat import CLI_APP, TEMPORARY_APP, WEB_APP
from sampan.contract.errors import NotFound
from sampan.contract.request import Json
from sampan.runtime import Runtime
from sampan.serve.web.pages import PLACES, Pages
from sampan.serve.web.picture import OTHERS, picture
from sampan.serve.web.summary import INTERRUPTED, NOTHING, Summary, choices, masked_in, matches, rules_in, summed, where
from sampan.wording import worded

RANGES = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
FILTERS = ("place", "model", "kind", "rule", "app")
_READ = 20_000
_ROWS = 100


def routes(pages: Pages, runtime: Runtime) -> list[Route]:
    """Everything below `/receipts`."""
    screen = Receipts(pages, runtime)
    return [
        Route("/receipts", screen.show, methods=["GET"]),
        Route("/receipts/report", screen.report, methods=["GET"]),
        Route("/receipts/export", screen.export, methods=["GET"]),
        Route("/receipts/verify", screen.verify, methods=["POST"]),
        Route("/receipts/{id}", screen.one, methods=["GET"]),
        Route("/receipts/{id}/sent", screen.erase, methods=["DELETE"]),
    ]


class Receipts:
    """Handlers."""

    def __init__(self, pages: Pages, runtime: Runtime) -> None:
        self._pages, self._runtime = pages, runtime

    async def show(self, request: Request) -> Response:
        """The flow of a day, a week or a month, and the receipts behind it."""
        return self._pages.page(request, "receipts.html", await self._facts(request))

    async def report(self, request: Request) -> Response:
        """The same on one page to print, for an auditor."""
        verified = await asyncio.to_thread(self._runtime.receipts.verified)
        facts = await self._facts(request)
        facts |= {"verified": verified, "key": self._runtime.receipts.public_key, "now": datetime.now(UTC).isoformat()}
        return self._pages.page(request, "report.html", facts)

    async def one(self, request: Request) -> Response:
        """One receipt: what was sent beside what was written, and the rule that decided."""
        name = request.path_params["id"]
        receipt = await asyncio.to_thread(self._runtime.receipts.one, name)
        if "type" in receipt:
            raise NotFound("There is no such receipt.")
        sent = [_readable(body) for body in await asyncio.to_thread(self._runtime.receipts.sent, name)]
        wrote = self._runtime.conversations.asked_in(request.scope["sampan.principal"].user, name)
        facts = {
            "receipt": receipt,
            "row": _row(receipt),
            "sent": sent,
            "wrote": wrote,
            "json": orjson.dumps(receipt, option=orjson.OPT_INDENT_2).decode(),
        }
        return self._pages.page(request, "receipt.html", facts)

    async def verify(self, request: Request) -> Response:
        """Verify the whole chain now."""
        verified = await asyncio.to_thread(self._runtime.receipts.verified)
        return self._pages.page(request, "verified.html", {"verified": verified})

    async def export(self, _: Request) -> Response:
        """The whole chain and its signed head, one JSON value a line."""
        name = f"sampan-receipts-{datetime.now(UTC):%Y%m%d-%H%M}.jsonl"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(self._runtime.receipts.lines(), media_type="application/x-ndjson", headers=headers)

    async def erase(self, request: Request) -> Response:
        """Destroy what one request sent; the chain says so."""
        tombstone = await asyncio.to_thread(self._runtime.erase, request.path_params["id"])
        return JSONResponse({"tombstone": tombstone})

    async def _facts(self, request: Request) -> dict[str, Any]:
        asked = request.query_params
        span = asked.get("range", "7d") if asked.get("range") in RANGES else "7d"
        wanted = {name: asked.get(name, "")[:200] for name in FILTERS}
        since = (datetime.now(UTC) - RANGES[span]).strftime("%Y-%m-%dT%H:%M:%SZ")
        filters, shown, summary = await asyncio.to_thread(self._read, since, wanted)
        say = self._pages.tongue(request).texts.gettext
        heads = (say("Asked by"), say("Carrying"), say("Went to"), say("Model"))
        return {
            "range": span,
            "ranges": list(RANGES),
            "wanted": wanted,
            "filters": filters,
            "summary": summary,
            "picture": picture(
                summary, lambda column, name: _called(say, column, name), heads, say("Where requests went")
            ),
            "called": lambda column, name: _called(say, column, name),
            "heads": heads,
            "rows": [_row(receipt) for receipt in shown[:_ROWS]],
            "more": max(0, len(shown) - _ROWS),
        }

    def _read(self, since: str, wanted: dict[str, str]) -> tuple[dict[str, list[str]], list[Json], Summary]:
        """What the filters offer, the receipts that pass them, and their sum."""
        found = self._runtime.receipts.listed({"since": since, "limit": _READ})
        receipts = [receipt for receipt in found if "type" not in receipt]
        shown = [receipt for receipt in receipts if matches(receipt, wanted)]
        return choices(receipts), shown, summed(shown)


_FACES = {WEB_APP: worded("Web app"), TEMPORARY_APP: worded("Temporary chat"), CLI_APP: worded("Command line")}
"""What Sampan's own faces are called."""


def _called(say: Any, column: str, name: str) -> str:
    if name == OTHERS:
        return str(say("others"))
    if column == "place":
        if name in PLACES:
            return str(say(PLACES[name][1]))
        return str(say("Sampan ended") if name == INTERRUPTED else say("Not sent"))
    if name == NOTHING or not name:
        return str(say("nothing found") if column == "label" else "–")
    if column in {"source", "app"} and name in _FACES:
        return str(say(_FACES[name]))
    return name


def _row(receipt: Json) -> dict[str, Any]:
    """What the list shows of a receipt."""
    place, model = where(receipt)
    crossings = receipt["crossings"]
    return {
        "id": receipt["id"],
        "at": receipt["at"],
        "app": receipt["who"].get("app", ""),
        "place": place,
        "went": place in PLACES,
        "known": place != INTERRUPTED,
        "model": model,
        "found": receipt["found"],
        "masked": masked_in(receipt),
        "guided": any(crossing.get("guided") for crossing in crossings),
        "rules": rules_in(receipt),
        "bytes": sum(crossing["bytes_out"] for crossing in crossings),
        "tokens": receipt["tokens"],
        "cost": float(receipt.get("cost_usd") or 0),
        "end": receipt["end"],
        "crossed": bool(crossings),
        "ms": receipt["ms"].get("total", 0),
    }


def _readable(body: bytes) -> dict[str, Any]:
    """A body as it is shown: JSON with a line per member, anything else as text."""
    try:
        text = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        text = body.decode("utf-8", "replace")
    return {"text": text, "size": len(body)}
