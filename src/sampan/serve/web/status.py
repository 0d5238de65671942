"""The status page at `/`: what runs here, until the web app takes its place."""

import secrets
from collections.abc import Awaitable, Callable
from html import escape

from sampan.runtime import Runtime
from sampan.serve.wire import Receive, Scope, Send

_STYLE = """
:root{color-scheme:light dark;font:16px/1.6 system-ui,"PingFang HK","Noto Sans CJK TC",sans-serif}
body{max-width:44rem;margin:3rem auto;padding:0 1.25rem}
h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.25rem 0 1.5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem .75rem .5rem 0;border-bottom:1px solid #8885}
code{font:0.9em ui-monospace,monospace;overflow-wrap:anywhere}
"""
_SHAPES = {"personal": "● 裝置 · device", "enterprise": "◆ 機構 · organisation", "public": "▲ 雲端 · cloud"}


Page = Callable[[Scope, Receive, Send], Awaitable[None]]


def status_page(runtime: Runtime) -> Page:
    """An ASGI application that shows the models and where they run."""

    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        body = _html(runtime, nonce).encode()
        policy = f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return page


def _html(runtime: Runtime, nonce: str) -> str:
    server = runtime.settings.server
    rows = "".join(
        f"<tr><td><code>{escape(m.name)}</code></td><td>{_SHAPES[m.realm.value]}</td>"
        f"<td>{escape(runtime.models.state(m.name))}</td></tr>"
        for m in runtime.models.all()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>Sampan</title><style nonce="{nonce}">{_STYLE}</style>'
        f"<h1>Sampan</h1><p>One endpoint in front of your device, your organisation and the cloud. 裝置、機構、雲端，一個入口。</p>"
        f"<p>Point an OpenAI client at <code>http://{escape(server.host)}:{server.port}/v1</code>, an Anthropic client at "
        f"<code>http://{escape(server.host)}:{server.port}</code>, and ask for the model <code>auto</code>.</p>"
        f"<table><thead><tr><th>Model</th><th>Place</th><th>State</th></tr></thead><tbody>{rows}</tbody></table></html>"
    )
