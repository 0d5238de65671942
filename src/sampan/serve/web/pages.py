"""From a template and facts to a page: words in the reader's language, and a policy that lets nothing foreign in."""

import secrets
from collections.abc import Mapping
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from sampan.runtime import Runtime
from sampan.serve.sessions import Session
from sampan.serve.web.assets import Assets
from sampan.serve.web.language import LANGUAGES, Tongue, language, tongue
from sampan.serve.web.signs import marked, named
from sampan.wording import worded

LANGUAGE_COOKIE, THEME_COOKIE = "sampan_language", "sampan_theme"
THEMES = ("system", "light", "dark")
PLACES = {
    "personal": ("●", worded("Device")),
    "enterprise": ("◆", worded("Organisation")),
    "public": ("▲", worded("Cloud")),
}
"""Realm -> the shape and the word that stand for it, never a colour alone."""


class Pages:
    """Renders templates."""

    def __init__(self, runtime: Runtime, assets: Assets) -> None:
        self._runtime, self._assets = runtime, assets
        self._made: dict[str, Environment] = {}

    def page(self, request: Request, name: str, facts: Mapping[str, Any] = {}, status: int = 200) -> HTMLResponse:
        """A whole page, or the part of one that a script asked for."""
        speech, nonce = self.tongue(request), secrets.token_urlsafe(16)
        session: Session | None = request.scope.get("sampan.session")
        known = {
            "lang": speech.tag,
            "theme": theme_of(request),
            "nonce": nonce,
            "csrf": session.csrf if session else "",
            "path": request.url.path,
            "no_cloud": self._runtime.no_cloud(),
            "reach": self.reach(),
            "partial": request.headers.get("hx-request") == "true",
        }
        html = self._environment(speech).get_template(name).render({**known, **facts})
        return HTMLResponse(html, status, _headers(speech.tag, nonce))

    def text(self, speech: Tongue, name: str, facts: Mapping[str, Any]) -> str:
        """A template without a page around it."""
        return self._environment(speech).get_template(name).render(facts)

    def tongue(self, request: Request) -> Tongue:
        """The reader's language: what was chosen here, else what the browser asks for."""
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        return tongue(chosen if chosen in LANGUAGES else language(request.headers.get("accept-language", "")))

    def read(self, speech: Tongue, text: str) -> str:
        """What an error, a hint or a rule says, in the reader's language; rules in force say it themselves."""
        if speech.tag == "en" or not text:
            return text
        return speech.read(text, {rule.reason: rule.reason_zh for rule in self._runtime.rules.rules()})

    def reach(self) -> str:
        """The farthest realm that a request could reach now."""
        if self._runtime.no_cloud():
            return "personal"
        realms = {model.realm.value for model in self._runtime.models.all()}
        return next((realm for realm in ("public", "enterprise") if realm in realms), "personal")

    def _icon(self, name: str) -> Markup:
        address = self._assets.address("icons.svg")
        return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(address, name)

    def _environment(self, speech: Tongue) -> Environment:
        made = self._made.get(speech.tag)
        if made is None:
            made = Environment(
                loader=PackageLoader("sampan.serve.web"),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                extensions=["jinja2.ext.i18n"],
            )
            cast("Any", made).install_gettext_translations(speech.texts, newstyle=True)
            made.filters |= {
                "number": speech.number, "size": speech.size, "money": speech.money, "when": speech.time, "moment": speech.moment,
                "ago": speech.ago,
                "mark": _mark, "marked": marked, "named": named, "read": lambda text: self.read(speech, text),
                "said": lambda text: _said(self.read(speech, text)), "place": lambda realm: speech.texts.gettext(PLACES[realm][1]),
            }  # fmt: skip
            made.globals |= {
                "icon": self._icon,
                "asset": self._assets.address,
                "LANGUAGES": LANGUAGES,
            }
            self._made[speech.tag] = made
        return made


def theme_of(request: Request) -> str:
    """The theme that was chosen here."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def _mark(realm: str) -> Markup:
    return Markup('<span class="mark {}" aria-hidden="true">{}</span>').format(realm, PLACES[realm][0])


def _said(text: str) -> Markup:
    """A sentence whose words between backticks are code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _headers(tag: str, nonce: str) -> dict[str, str]:
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types htmx sampan"
    )
    return {
        "content-language": tag,
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",  # without a referrer a form would say `Origin: null`
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cache-control": "no-store",
        "vary": "accept-language, cookie, hx-request",
    }
