"""The web app: screens behind a session."""

import hmac
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sampan.contract.errors import NotFound, SampanError, Unauthenticated
from sampan.runtime import Runtime
from sampan.serve.sessions import Session, Sessions
from sampan.serve.web.assets import Assets
from sampan.serve.web.pages import Pages
from sampan.serve.web.screens import chat as chats
from sampan.serve.web.screens import enter, messages, models, policies, receipts, settings
from sampan.serve.wire import App, Receive, Scope, Send, headers_of

CSRF = "sampan-csrf"
OPEN = frozenset({"/enter", "/manifest.webmanifest"})
"""Shown without a session; so is everything below /static/."""


class Site(NamedTuple):
    """The ASGI application for every path that is no API, and what ends the answers under way."""

    app: App
    aclose: Callable[[], Awaitable[None]]


def site(runtime: Runtime, sessions: Sessions) -> Site:
    """The web app."""
    assets = Assets()
    pages = Pages(runtime, assets)
    chat = chats.Chat(pages, runtime)
    routes = [
        Route("/", _home),
        Route("/static/{name}", assets.serve),
        Route("/manifest.webmanifest", assets.manifest),
        *enter.routes(pages, sessions),
        *messages.routes(chat),
        *chats.routes(chat),
        *receipts.routes(pages, runtime),
        *models.routes(pages, runtime),
        *policies.routes(pages, runtime),
        *settings.routes(pages, runtime, chat),
    ]

    async def failed(request: Request, error: Exception) -> Response:
        known = error if isinstance(error, SampanError) else SampanError("Something went wrong inside Sampan.")
        if _is_script(request):
            read = partial(pages.read, pages.tongue(request))
            told = " ".join(filter(None, (read(known.message), read(known.way_on))))
            return JSONResponse({"error": told}, known.http_status, {"hx-reswap": "none"})
        return pages.page(request, "error.html", {"error": known}, known.http_status)

    async def missing(request: Request, _: Exception) -> Response:
        return await failed(request, NotFound("There is no such page."))

    app = Starlette(
        routes=routes, exception_handlers={SampanError: failed, Exception: failed, 404: missing, 405: missing}
    )

    async def behind_session(scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = scope["path"], headers_of(scope)
        request = Request(scope)
        cookie = request.cookies.get(enter.session_cookie(request), "")
        session = sessions.find(cookie)
        scope["sampan.session"], scope["sampan.open"] = session, lambda: sessions.is_open(cookie)
        if path in OPEN or path.startswith("/static/"):
            await app(scope, receive, send)
        elif session is None:
            await _stranger(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"} and not _sent_back(headers, session):
            reply = await failed(request, Unauthenticated("This form is out of date. Load the page again."))
            await reply(scope, receive, send)
        else:
            await app(scope, receive, send)

    return Site(behind_session, chat.answers.aclose)


async def _home(_: Request) -> Response:
    return RedirectResponse("/chat", 303)


async def _stranger(scope: Scope, receive: Receive, send: Send) -> None:
    """A page leads to the door; what a script asked for says that it has to."""
    headers = headers_of(scope)
    if scope["method"] in {"GET", "HEAD"} and headers.get("hx-request") != "true":
        reply: Response = RedirectResponse("/enter", 303)
    else:
        reply = Response(status_code=401, headers={"hx-redirect": "/enter"})
    await reply(scope, receive, send)


def _is_script(request: Request) -> bool:
    """Whether what comes back is read by a script: htmx, or what sends JSON."""
    kind = request.headers.get("content-type", "")
    return request.headers.get("hx-request") == "true" or (
        request.method != "GET" and kind.startswith("application/json")
    )


def _sent_back(headers: dict[str, str], session: Session) -> bool:
    return hmac.compare_digest(headers.get(CSRF, "").encode(), session.csrf.encode())
