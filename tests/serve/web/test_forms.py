"""Forms: flat, bounded, each field once."""

import pytest


@pytest.mark.parametrize(
    "body", [b"ticket=a&ticket=b", b"\xff=1", b"a" * 300_000, b"&".join(b"f%d=1" % n for n in range(300)), b"novalue"]
)
async def test_what_is_no_form_is_refused(stranger, body):
    from tests.serve import rig

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert (await rig.ask(stranger.app, "POST", "/enter", body, headers)).status in {400, 413}


async def test_only_forms_are_forms(stranger):
    assert (await stranger.send("POST", "/enter", {"ticket": "x"})).status == 400


async def test_what_a_script_sends_is_json(browser):
    assert (await browser.form("/chat/send", text="x")).status == 400
