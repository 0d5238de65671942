"""Files that change their address when they change, and the budgets of script and style."""

import gzip
from pathlib import Path

import pytest

import sampan
from sampan.serve.web.assets import Assets

STATIC = Path(sampan.__file__).parent / "serve" / "web" / "static"


def small(*patterns):
    return sum(len(gzip.compress(path.read_bytes(), 9)) for pattern in patterns for path in STATIC.glob(pattern))


def test_the_budgets():
    assert small("*.js") <= 40 * 1024
    assert small("*.css") <= 25 * 1024


def test_own_script_stays_small():
    lines = sum(
        len(path.read_text().splitlines()) for path in STATIC.glob("*.js") if not path.name.startswith(("htmx", "hx-"))
    )
    assert lines <= 1500


async def test_a_file_is_kept_for_good_under_its_own_mark(stranger):
    address = Assets().address("sampan.css")
    reply = await stranger.get(address)
    assert "immutable" in reply.headers["cache-control"]
    assert (await stranger.get(address.split("?")[0])).headers["cache-control"] == "no-cache"
    assert (await stranger.get("/static/sampan.css?v=old")).headers["cache-control"] == "no-cache"
    again = await stranger.get(address, if_none_match=reply.headers["etag"])
    assert (again.status, again.raw) == (304, b"")


async def test_compressed_for_who_can_read_it(stranger):
    plain, packed = await stranger.get("/static/htmx.js"), await stranger.get("/static/htmx.js", accept_encoding="gzip")
    assert gzip.decompress(packed.raw) == plain.raw
    assert packed.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["nothing.js", "../pages.py", "..%2fpages.py", "", "sampan.css/x"])
async def test_nothing_else_is_served(stranger, name):
    assert (await stranger.get(f"/static/{name}")).status in {303, 404}


async def test_the_app_can_be_installed(stranger):
    reply = await stranger.get("/manifest.webmanifest")
    assert reply.headers["content-type"] == "application/manifest+json"
    assert reply.json["start_url"] == "/chat"
    assert (await stranger.get(reply.json["icons"][0]["src"])).status == 200
