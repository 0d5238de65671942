"""Style, script and pictures: read once, sent compressed, under addresses that change with their content."""

import gzip
import hashlib
from importlib import resources

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sampan.contract.errors import NotFound

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_FOREVER = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """One file. mark: the first digits of its hash, which its address ends in."""

    plain: bytes
    small: bytes
    kind: str
    mark: str


class Assets:
    """Every file of the folder `static`."""

    def __init__(self) -> None:
        self._all = {
            entry.name: _asset(entry.name, entry.read_bytes())
            for entry in (resources.files("sampan.serve.web") / "static").iterdir()
            if entry.is_file()
        }

    def address(self, name: str) -> str:
        """Where a file is; the address changes when the file does."""
        return f"/static/{name}?v={self._all[name].mark}"

    async def manifest(self, _: Request) -> Response:
        """`GET /manifest.webmanifest`: what a phone or a desktop needs to install the app (W3C Web Application Manifest)."""
        icon = {"src": self.address("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}
        told = {"name": "Sampan", "short_name": "Sampan", "id": "/chat", "start_url": "/chat", "scope": "/", "display": "standalone",
                "background_color": "#fbfaf7", "theme_color": "#fbfaf7", "icons": [icon]}  # fmt: skip
        return JSONResponse(told, headers={"cache-control": "no-cache"}, media_type=_TYPES[".webmanifest"])

    async def serve(self, request: Request) -> Response:
        """`GET /static/{name}`."""
        asset = self._all.get(request.path_params["name"])
        if asset is None:
            raise NotFound("There is no such file.")
        kept = _FOREVER if request.query_params.get("v") == asset.mark else "no-cache"
        headers = {"cache-control": kept, "vary": "accept-encoding", "etag": f'"{asset.mark}"'}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.small, headers={**headers, "content-encoding": "gzip"}, media_type=asset.kind)
        return Response(asset.plain, headers=headers, media_type=asset.kind)


def _asset(name: str, content: bytes) -> Asset:
    kind = _TYPES[name[name.rindex(".") :]]
    return Asset(content, gzip.compress(content, 9, mtime=0), kind, hashlib.sha256(content).hexdigest()[:12])
