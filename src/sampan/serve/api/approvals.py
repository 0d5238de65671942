"""`/sampan/approvals`: what waits until somebody agrees, and answering it."""

from collections.abc import AsyncIterator
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from sampan.flow.holding import Holding, Scope
from sampan.serve import wire
from sampan.serve.body import body_of

APPROVALS = "/sampan/approvals"
_ALIVE_S = 15.0
"""Seconds between two signs of life on a stream of events."""


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    action: Literal["approve", "refuse"]
    scope: Scope = "once"


class ApprovalsApi:
    """Handlers; everybody sees what they may answer, and their own."""

    def __init__(self, holding: Holding) -> None:
        self._holding = holding

    async def listed(self, request: Request) -> Response:
        """What waits, oldest first; with `?all=1` also what was answered since Sampan started."""
        past = request.query_params.get("all") == "1"
        return JSONResponse({"approvals": self._holding.listed(request.scope["sampan.approver"], past=past)})

    async def answer(self, request: Request) -> Response:
        """`{"action": approve|refuse, "scope": once|conversation}`."""
        said, approver = await body_of(request, _Said), request.scope["sampan.approver"]
        item_id = request.path_params["id"]
        if said.action == "refuse":
            return JSONResponse(self._holding.refuse(item_id, approver))
        return JSONResponse(self._holding.approve(item_id, approver, said.scope))

    async def events(self, request: Request) -> Response:
        """Server-sent events: what waits, now and at each change, until Sampan stops."""
        return StreamingResponse(self._events(request), media_type="text/event-stream")

    async def _events(self, request: Request) -> AsyncIterator[bytes]:
        holding, approver, told = self._holding, request.scope["sampan.approver"], b""
        while True:
            version = holding.version
            now = b"data: %s\n\n" % wire.encoded({"approvals": holding.listed(approver)})
            yield now if now != told else b": still here\n\n"
            told = now
            if holding.stopped:
                return
            await holding.changed(version, _ALIVE_S)
