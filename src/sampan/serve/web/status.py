"""The status page at `/`: what runs here, until the web app takes its place. No script, no request to anywhere."""

import re
import secrets
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

import sampan
from sampan.contract.models import Model
from sampan.runtime import Runtime
from sampan.serve.web.words import language, word
from sampan.serve.wire import Receive, Scope, Send, headers_of

Page = Callable[[Scope, Receive, Send], Awaitable[None]]

_STYLE = Path(__file__).with_name("status.css").read_text("utf-8")
_MARKS = {"personal": "●", "enterprise": "◆", "public": "▲"}
_STATE = re.compile(r"(?:ready|loading|absent)\b")
_BOAT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><path d="M4 27c6 8 12 10 20 10s14-2 20-10"/>'
    '<path d="M13 28c1-11 6-16 12-16s10 5 11 16z"/><path d="M21 28c0-9 1-13 4-16M29 28c0-9-1-13-4-16"/>'
    '<path d="M8 43c3-2 5-2 8 0s5 2 8 0 5-2 8 0 5 2 8 0" opacity=".5"/></svg>'
)
_ICON = "data:image/svg+xml," + quote(_BOAT.replace("currentColor", "#a63d2f"))


def status_page(runtime: Runtime) -> Page:
    """An ASGI application that shows where to connect, the models and where they run."""

    async def page(scope: Scope, _receive: Receive, send: Send) -> None:
        headers, nonce = headers_of(scope), secrets.token_urlsafe(16)
        tongue = language(headers.get("accept-language", ""))
        base = f"{scope.get('scheme', 'http')}://{headers['host']}"
        body = _html(runtime, base, tongue, nonce).encode()
        await send({"type": "http.response.start", "status": 200, "headers": _headers(body, tongue, nonce)})
        await send({"type": "http.response.body", "body": body})

    return page


def _headers(body: bytes, tongue: str, nonce: str) -> list[tuple[bytes, bytes]]:
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )
    return [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", tongue.encode()),
        (b"content-security-policy", policy.encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept-language"),
    ]


def _html(runtime: Runtime, base: str, tongue: str, nonce: str) -> str:
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Sampan</title>'
        f'<link rel="icon" href="{_ICON}"><style nonce="{nonce}">{_STYLE}</style></head><body>'
        f"<header>{_BOAT}<div><h1>Sampan</h1><p>{word('tagline', tongue)}</p></div></header>"
        f"<main>{_cloud(runtime, tongue)}{_connect(base, tongue)}{_models(runtime, tongue)}</main>"
        f"<footer><p>{_receipts(runtime, tongue)}</p><p>Sampan {escape(sampan.__version__)}</p></footer></body></html>"
    )


def _cloud(runtime: Runtime, tongue: str) -> str:
    return f'<p class="note">{word("no_cloud", tongue)}</p>' if runtime.settings.privacy.no_cloud else ""


def _connect(base: str, tongue: str) -> str:
    ask = "sampan ask &quot;…&quot;"
    rows = (
        ("openai", f"<code>{escape(base)}/v1</code>"),
        ("anthropic", f"<code>{escape(base)}</code>"),
        ("model", f'<code>auto</code> <span class="quiet">{word("auto", tongue)}</span>'),
        ("terminal", f"<code>{ask}</code>"),
    )
    shown = "".join(f"<div><dt>{word(name, tongue)}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f'<h2>{word("connect", tongue)}</h2><dl class="box">{shown}</dl>'


def _models(runtime: Runtime, tongue: str) -> str:
    rows = "".join(_row(runtime, model, tongue) for model in runtime.models.all())
    shown = f'<ul class="box">{rows}</ul>' if rows else f'<p class="quiet">{_code(word("no_models", tongue))}</p>'
    return f"<h2>{word('models', tongue)}</h2>{shown}"


def _row(runtime: Runtime, model: Model, tongue: str) -> str:
    said = _STATE.match(runtime.models.state(model.name))
    state = said[0] if said else "down"
    where = "" if model.jurisdiction == "unknown" else f" · {escape(model.jurisdiction)}"
    return (
        f'<li><code class="name">{escape(model.name)}</code>'
        f'<span class="place"><span class="mark" aria-hidden="true">{_MARKS[model.realm]}</span>'
        f'{word(model.realm, tongue)}{where}</span><span class="state {state}">{word(state, tongue)}</span>'
        f"{_progress(runtime, model, tongue)}</li>"
    )


def _progress(runtime: Runtime, model: Model, tongue: str) -> str:
    told = runtime.models.progress(model.name)
    done, total = int(told.get("done") or 0), int(told.get("total") or 0)
    if not 0 < done < total:
        return ""
    label = escape(word("progress", tongue).format(name=model.name))
    return f'<progress value="{done}" max="{total}" aria-label="{label}">{done * 100 // total} %</progress>'


def _receipts(runtime: Runtime, tongue: str) -> str:
    count = runtime.stages.recorder.head().partition(":")[0]
    number = f"{int(count):,}" if count.isdecimal() else "0"
    return _code(word("receipts", tongue).format(count=number))


def _code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
