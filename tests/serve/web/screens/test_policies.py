"""The policies screen."""

import tomllib

import pytest

from sampan.settings import load
from tests.serve import rig
from tests.serve.web.receipts_made import made
from tests.serve.web.site_rig import Browser


class Receipts(rig.Receipts):
    def listed(self, wanted):
        return [made("rcp_1", found={"HKID": 1}), {"v": 1, "type": "tombstone", "id": "tmb_1"}]


EXPLAINED = {
    "found": {"HKID": 1},
    "weighed": [
        {"model": "cloud", "realm": "public", "site": "cloud", "jurisdiction": "US", "form": "clear", "masked": [], "allowed": False,
         "rules": ["hk-id-stays-home"], "reason": "HKIDs stay <home>",
         "steps": [{"rule": "hk-id-stays-home", "layer": "user", "effect": "forbid", "matched": True, "why": "", "reason": "HKIDs stay home",
                    "reason_zh": "身份證號碼留在家", "place": "a.cedar:3"},
                   {"rule": "other", "layer": "user", "effect": "permit", "matched": False, "why": "context.<x>", "reason": "r",
                    "reason_zh": "r", "place": "a.cedar:9"}]},
    ],
}  # fmt: skip


@pytest.fixture
async def browser(tmp_path, home):
    here = Browser(tmp_path)
    here.put(settings=load(), explain=lambda decision: EXPLAINED, receipts=Receipts())
    yield await here.enter()
    here.close()


async def test_rules_presets_and_own_rules_are_shown_as_text(browser):
    html = (await browser.get("/policies")).raw.decode()
    assert "HKIDs stay &lt;home&gt;" in html
    assert "hk-pcpd" in html
    assert "1 time in 7 days" in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html
    assert "身份證號碼留在家" in (await browser.get("/policies", accept_language="zh-HK")).raw.decode()


async def test_what_if(browser):
    html = (await browser.form("/policies/explain", text="A123456(3)", model="auto")).raw.decode()
    assert "not allowed" in html
    assert "context.&lt;x&gt;" in html
    assert "HKIDs stay home" in html
    assert browser.stages.recorder.opened == []


async def test_checking(browser):
    assert "note good" in (await browser.form("/policies/check")).raw.decode()


async def test_a_draft_is_tried_and_what_is_broken_is_said(browser):
    assert "0 requests" in (await browser.form("/policies/try", text="fine")).raw.decode()
    assert "that is no rule" in (await browser.form("/policies/try", text="broken")).raw.decode()


async def test_saving(browser):
    reply = await browser.form("/policies/save", text="fine")
    assert (reply.status, reply.headers["hx-redirect"]) == (204, "/policies")
    assert browser.runtime.rules.saved == ["fine"]
    refused = await browser.form("/policies/save", text="broken")
    assert refused.status == 422
    assert "That is no rule." in refused.raw.decode()


async def test_choosing_a_preset(browser, home):
    assert (await browser.form("/policies/pack", pack="education")).status == 204
    assert tomllib.loads((home / "sampan.toml").read_text()) == {"policy": {"pack": "education"}}
    assert (await browser.form("/policies/pack", pack="../x")).status == 400
