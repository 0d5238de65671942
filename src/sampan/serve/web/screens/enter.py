"""The door: a one-time link opens a session. The ticket stands behind `#`, so it is in no log and no `Referer`."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sampan.contract.errors import Unauthenticated
from sampan.serve.sessions import Sessions
from sampan.serve.web.forms import posted
from sampan.serve.web.pages import Pages


def session_cookie(request: Request) -> str:
    """The cookie's name. Browsers send a host's cookies to all its ports: without the port, two Sampans would end each other's."""
    port = request.headers.get("host", "").rpartition(":")[2]
    return f"sampan_session_{port}" if port.isdecimal() else "sampan_session"


def routes(pages: Pages, sessions: Sessions) -> list[Route]:
    """`/enter` and `/leave`."""

    async def show(request: Request) -> Response:
        if request.scope["sampan.session"] is not None:
            return RedirectResponse("/chat", 303)
        return pages.page(request, "enter.html", {"problem": ""})

    async def enter(request: Request) -> Response:
        form = await posted(request)
        try:
            value, _ = sessions.enter(form.get("ticket", "").strip().rpartition("#")[2])
        except Unauthenticated as error:
            return pages.page(request, "enter.html", {"problem": error.message}, 401)
        reply = RedirectResponse("/chat", 303)
        secure = request.url.scheme == "https"
        reply.set_cookie(session_cookie(request), value, httponly=True, samesite="strict", secure=secure)
        return reply

    async def leave(request: Request) -> Response:
        cookie = session_cookie(request)
        sessions.leave(request.cookies.get(cookie, ""))
        reply = RedirectResponse("/enter", 303)
        reply.delete_cookie(cookie)
        return reply

    return [
        Route("/enter", show, methods=["GET"]),
        Route("/enter", enter, methods=["POST"]),
        Route("/leave", leave, methods=["POST"]),
    ]
