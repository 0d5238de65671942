"""The door."""

import pytest

from tests.serve import rig


def named(cookie):
    return cookie.partition("=")[0]


async def test_two_sampans_of_one_machine_do_not_end_each_other_s_session(stranger):
    kept = {}
    for host in ("127.0.0.1:8484", "127.0.0.1:8485", "[::1]:8485", "127.0.0.1", "[::1]", "127.0.0.1:99999"):
        ticket = (await rig.ask(stranger.app, "POST", "/sampan/tickets", b"{}", rig.own())).json["ticket"]
        stranger.headers = {"host": host}
        reply = await stranger.form("/enter", ticket=ticket)
        kept[host] = reply.headers["set-cookie"].split(";")[0]
        stranger.headers["cookie"] = kept[host]
        assert (await stranger.get("/chat")).status == 200
    assert named(kept["127.0.0.1:8484"]) != named(kept["127.0.0.1:8485"])
    # a browser sends what both gave
    stranger.headers = {"host": "127.0.0.1:8484", "cookie": f"{kept['127.0.0.1:8485']}; {kept['127.0.0.1:8484']}"}
    assert (await stranger.get("/chat")).status == 200


async def test_a_ticket_opens_once(stranger):
    await stranger.enter()
    assert (await stranger.get("/chat")).status == 200
    stranger.headers.clear()
    assert (await stranger.get("/chat")).status == 303


async def test_the_cookie_is_for_this_site_s_pages_alone(stranger):
    ticket = (await rig.ask(stranger.app, "POST", "/sampan/tickets", b"{}", rig.own())).json["ticket"]
    reply = await stranger.form("/enter", ticket=f"http://127.0.0.1:8484/enter#{ticket}")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie
    assert ticket not in cookie


@pytest.mark.parametrize("guess", ["", "x", "票", "a" * 5000])
async def test_a_wrong_ticket_is_said_and_opens_nothing(stranger, guess):
    reply = await stranger.form("/enter", ticket=guess)
    assert reply.status == 401
    assert "set-cookie" not in reply.headers
    assert b'role="alert"' in reply.raw


async def test_no_ticket_without_the_token(stranger):
    assert (await rig.ask(stranger.app, "POST", "/sampan/tickets", b"{}")).status == 401


async def test_who_is_in_needs_no_door(browser):
    assert (await browser.get("/enter")).headers["location"] == "/chat"


async def test_leaving(browser):
    reply = await browser.send("POST", "/leave", {})
    assert (reply.status, reply.headers["location"]) == (303, "/enter")
    assert (await browser.get("/chat")).status == 303
