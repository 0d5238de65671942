"""Nothing without a session; no change without its token."""

import asyncio
import re

import pytest

from sampan.contract.chat import State
from tests.flow import stages as s
from tests.serve.web.site_rig import Browser

CHANGES = [
    ("POST", "/chat/send"),
    ("POST", "/chat/strip"),
    ("PATCH", "/chat/x"),
    ("DELETE", "/chat/x"),
    ("POST", "/leave"),
]


async def test_a_stranger_sees_the_door_only(stranger):
    for path in ("/", "/chat", "/chat/cnv_1", "/chat/list", "/settings"):
        reply = await stranger.get(path)
        assert (reply.status, reply.headers["location"], reply.raw) == (303, "/enter", b"")
    assert (await stranger.get("/enter")).status == 200
    assert (await stranger.get("/static/sampan.css")).status == 200


@pytest.mark.parametrize(("method", "path"), CHANGES)
async def test_a_stranger_changes_nothing(stranger, method, path):
    reply = await stranger.send(method, path, {"text": "x"})
    assert reply.status == 401
    assert reply.headers["hx-redirect"] == "/enter"
    assert stranger.kept.listed(stranger.app._guard.owner({}).user) == []


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("token", ["", "x", None])
async def test_no_change_without_the_session_s_token(browser, method, path, token):
    browser.headers.pop("sampan-csrf")
    if token is not None:
        browser.headers["sampan-csrf"] = token
    assert (await browser.send(method, path, {"text": "x"})).status == 401


async def test_a_foreign_origin_is_refused_with_session_and_token(browser):
    browser.headers["origin"] = "https://evil.example"
    assert (await browser.send("POST", "/chat/send", {"text": "x"})).status == 403


async def test_a_foreign_host_is_refused(browser):
    assert (await browser.get("/chat", host="evil.example")).status == 403


async def test_pages_let_nothing_foreign_in(browser):
    reply = await browser.get("/chat")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "http:" not in policy
    html = reply.raw.decode()
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


async def test_a_page_that_is_not_there(browser):
    reply = await browser.get("/settings/nothing")
    assert reply.status == 404
    assert b"<!doctype html>" in reply.raw


async def test_home_is_the_chat(browser):
    reply = await browser.get("/")
    assert (reply.status, reply.headers["location"]) == (303, "/chat")


COOKIE = "sampan_session_8484"


@pytest.mark.parametrize("cookie", ["", "x", 'x="', f"{COOKIE}=", f"{COOKIE}=guess", "\xff", f"{COOKIE}={'a' * 9000}"])
async def test_a_cookie_nobody_gave_opens_nothing(stranger, cookie):
    assert (await stranger.get("/chat", cookie=cookie)).status == 303


async def test_answers_under_way_end_before_what_they_need(tmp_path):
    provider = s.Scripted(s.model("cloud"), asyncio.Event().wait)
    browser = await Browser(tmp_path, provider).enter()
    begun = (await browser.send("POST", "/chat/send", {"text": "hi"})).json
    await asyncio.sleep(0.02)
    told = []

    async def receive():
        return {"type": "lifespan.shutdown"}

    async def send(message):
        told.append(message["type"])

    await browser.app({"type": "lifespan"}, receive, send)
    assert told == ["lifespan.shutdown.complete"]
    assert provider.closed == 1
    user = browser.app._guard.owner({}).user
    assert browser.kept.message(user, begun["answer"])[1].state is State.INTERRUPTED
    browser.close()
