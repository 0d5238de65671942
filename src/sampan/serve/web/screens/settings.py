"""Settings: each value with where it comes from; language, theme, keys, export and erasing."""

import asyncio
import types
from typing import Any, Literal, get_args, get_origin

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import sampan
from sampan.contract.errors import BadRequest, ConfigError, SampanError
from sampan.runtime import Runtime
from sampan.serve.body import body_of
from sampan.serve.web.described import described, sections
from sampan.serve.web.forms import FORM_LIMIT, posted
from sampan.serve.web.language import LANGUAGES
from sampan.serve.web.pages import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Pages, theme_of
from sampan.serve.web.screens.chat import Chat, user_of
from sampan.settings import Settings
from sampan.settings.writing import UserFile, current, kinds

_A_YEAR = 365 * 86400
_RESTART = frozenset({"server", "local", "receipts"})


class _Sure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sure: bool = False


def routes(pages: Pages, runtime: Runtime, chat: Chat) -> list[Route]:
    """Everything below `/settings`."""
    screen = SettingsScreen(pages, runtime, chat)
    return [
        Route("/settings", screen.show, methods=["GET"]),
        Route("/settings/appearance", screen.appearance, methods=["POST"]),
        Route("/settings/cloud", screen.cloud, methods=["POST"]),
        Route("/settings/keys", screen.add_key, methods=["POST"]),
        Route("/settings/keys/{id}", screen.revoke_key, methods=["DELETE"]),
        Route("/settings/backup", screen.backup, methods=["POST"]),
        Route("/settings/conversations", screen.erase, methods=["DELETE"]),
        Route("/settings/value/{key}", screen.put, methods=["POST"]),
        Route("/settings/value/{key}", screen.drop, methods=["DELETE"]),
    ]


class SettingsScreen:
    """Handlers."""

    def __init__(self, pages: Pages, runtime: Runtime, chat: Chat) -> None:
        self._pages, self._runtime, self._chat = pages, runtime, chat

    async def show(self, request: Request) -> Response:
        """Every setting, and what else can be set here."""
        settings = current(self._runtime.settings)
        say = self._pages.tongue(request).texts.gettext
        named = sections(say)
        groups = [
            (
                section,
                named[section],
                [self._row(request, settings, key) for key in kinds() if key.startswith(f"{section}.")],
            )
            for section in named
        ]
        facts = {
            "groups": groups,
            "theme_now": theme_of(request),
            "keys": self._runtime.keys.listed(),
            "paths": {name: str(getattr(settings.home, name)) for name in ("config", "data", "state", "run")},
            "version": sampan.__version__,
            "file": str(UserFile(settings).path),
        }
        return self._pages.page(request, "settings.html", facts)

    async def appearance(self, request: Request) -> Response:
        """Language and theme, remembered in this browser."""
        form = await posted(request)
        reply = Response(status_code=204, headers={"hx-refresh": "true"})
        if form.get("language") in LANGUAGES:
            _remember(reply, LANGUAGE_COOKIE, form["language"])
        if form.get("theme") in THEMES:
            _remember(reply, THEME_COOKIE, form["theme"])
        return reply

    async def cloud(self, request: Request) -> Response:
        """The switch in the header: off means that nothing leaves this machine, from now on, whatever is under way.

        Raises:
            ConfigError: it was switched off elsewhere (a flag, a variable, the organisation) and stays off.
        """
        off = (await posted(request)).get("off") == "true"
        file = UserFile(self._runtime.settings)
        settings = file.put("privacy.no_cloud", True) if off else file.drop("privacy.no_cloud")
        if settings.privacy.no_cloud is not off:
            where = settings.origins.get("privacy.no_cloud", "")
            raise ConfigError(f"The cloud was switched off by {where}, and stays off.", hint="Change it there.")
        self._runtime.reload()
        return Response(status_code=204, headers={"hx-refresh": "true"})

    async def put(self, request: Request) -> Response:
        """Set a value in the user's file, and put it in force where that needs no restart."""
        key, form = request.path_params["key"], await posted(request)
        try:
            settings = UserFile(self._runtime.settings).put(key, read_value(key, form.get("value", "")))
            return self._told(request, settings, key)
        except SampanError as error:
            return self._refused(request, key, error, form.get("value", ""))

    async def drop(self, request: Request) -> Response:
        """Go back to the default."""
        key = request.path_params["key"]
        return self._told(request, UserFile(self._runtime.settings).drop(key), key)

    async def add_key(self, request: Request) -> Response:
        """Make a named key; its secret is shown once."""
        form = await posted(request)
        if not form.get("name", "").strip():
            raise BadRequest("A key needs a name.")
        made = self._runtime.keys.added(form["name"].strip(), "", "", ())
        facts = {"keys": self._runtime.keys.listed(), "made": made}
        return self._pages.page(request, "keys.html", facts)

    async def revoke_key(self, request: Request) -> Response:
        """End a key."""
        self._runtime.keys.revoked(request.path_params["id"])
        return self._pages.page(request, "keys.html", {"keys": self._runtime.keys.listed(), "made": None})

    async def backup(self, request: Request) -> Response:
        """Write everything into one file on this machine."""
        made = await asyncio.to_thread(self._runtime.backup, "")
        return self._pages.page(request, "backup.html", {"path": str(made["path"])})

    async def erase(self, request: Request) -> Response:
        """Delete every conversation of this person."""
        if not (await body_of(request, _Sure, FORM_LIMIT)).sure:
            raise BadRequest("Say that you are sure.")
        user, count = user_of(request), 0
        while found := self._chat.kept.listed(user, limit=100):
            for each in found:
                await self._chat.forget(user, each.id)
                count += 1
        return JSONResponse({"deleted": count})

    def _told(self, request: Request, settings: Settings, key: str) -> Response:
        trouble = ""
        try:
            self._runtime.reload()
        except ConfigError as error:
            trouble = error.message
        row = self._row(request, settings, key) | {"saved": True, "problem": trouble}
        return self._pages.page(request, "setting.html", {"row": row})

    def _refused(self, request: Request, key: str, error: SampanError, value: str) -> Response:
        row = self._row(request, current(self._runtime.settings), key) | {"problem": error.message, "value": value}
        return self._pages.page(request, "setting.html", {"row": row}, 422)

    def _row(self, request: Request, settings: Settings, key: str) -> dict[str, Any]:
        section, _, name = key.partition(".")
        origin = settings.origins.get(key, "default")
        mine = origin.startswith(str(UserFile(settings).path))
        value, kind = getattr(getattr(settings, section), name), kinds()[key]
        say = self._pages.tongue(request).texts.gettext
        return {
            "key": key,
            "told": described(say).get(key, ""),
            "value": shown_value(value),
            "editor": editor_of(kind),
            "choices": [str(each) for each in get_args(kind)] if get_origin(kind) is Literal else [],
            "origin": "default" if origin == "default" else "yours" if mine else "elsewhere",
            "where": origin,
            "locked": not mine and origin != "default",
            "restart": section in _RESTART,
            "saved": False,
            "problem": "",
        }


def editor_of(kind: Any) -> str:
    """How a value is edited: `switch`, `choice`, `number`, `list` or `text`."""
    plain = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    if plain is bool:
        return "switch"
    if get_origin(plain) is Literal:
        return "choice"
    if get_origin(plain) is tuple or plain is tuple or isinstance(plain, types.GenericAlias):
        return "list"
    return "number" if plain in {int, float} else "text"


def shown_value(value: object) -> str:
    """A value as it stands in its field; lists have a line an item."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "\n".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def read_value(key: str, text: str) -> object:
    """What a field's text means for a setting.

    Raises:
        ConfigError: no such setting, or no such value.
    """
    kind = kinds().get(key)
    if kind is None:
        raise ConfigError("There is no such setting.")
    match editor_of(kind):
        case "switch":
            return text == "true"
        case "list":
            return tuple(line.strip() for line in text.splitlines() if line.strip())
        case "text":
            return text.strip()
    try:
        return msgspec.convert(text.strip(), kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{error}.") from None


def _remember(reply: Response, name: str, value: str) -> None:
    reply.set_cookie(name, value, max_age=_A_YEAR, samesite="strict", httponly=True)
