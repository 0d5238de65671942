"""The receipts screen."""

import pytest

from sampan.contract.errors import NotFound
from tests.serve import rig
from tests.serve.web.receipts_made import made
from tests.serve.web.site_rig import Browser


class Receipts(rig.Receipts):
    all = (
        made("rcp_1", found={"HKID": 1}, masked={"HKID": 1}),
        made("rcp_2", "personal", "home"),
        made("rcp_3", "refused"),
    )

    def listed(self, wanted):
        return [*self.all, {"v": 1, "type": "tombstone", "id": "tmb_1"}]

    def one(self, name):
        found = [receipt for receipt in (*self.all, {"id": "tmb_1", "type": "tombstone"}) if receipt["id"] == name]
        if not found:
            raise NotFound("There is no such receipt.")
        return found[0]

    def sent(self, name):
        return [b'{"content":"[HKID_1] <script>"}', b"\xff plain"] if name == "rcp_1" else []

    def verified(self):
        return {"ok": True, "count": 3, "problems": [], "head": "3:abc"}


@pytest.fixture
async def browser(tmp_path):
    made = Browser(tmp_path)
    made.put(receipts=Receipts())
    yield await made.enter()
    made.close()


async def test_numbers_picture_table_and_rows(browser):
    html = (await browser.get("/receipts")).raw.decode()
    assert html.count('class="card lane') == 3
    assert '<svg class="flows"' in html
    assert all(f"/receipts/rcp_{n}" in html for n in (1, 2, 3))
    assert "tmb_1" not in html


@pytest.mark.parametrize(
    ("query", "there"),
    [("place=public", {1}), ("kind=HKID", {1}), ("place=refused", {3}), ("rule=x-rule", {3}), ("model=home&range=24h", {2}), ("app=x", set()),
     ("range=nonsense", {1, 2, 3})],
)  # fmt: skip
async def test_filters(browser, query, there):
    html = (await browser.get(f"/receipts?{query}")).raw.decode()
    assert {n for n in (1, 2, 3) if f'href="/receipts/rcp_{n}"' in html} == there


async def test_one_receipt_shows_what_was_sent_as_text(browser):
    html = (await browser.get("/receipts/rcp_1")).raw.decode()
    assert "[HKID_1] &lt;script&gt;" in html
    assert 'data-does="DELETE /receipts/rcp_1/sent"' in html
    part = (await browser.get("/receipts/rcp_1", hx_request="true")).raw.decode()
    assert "<html" not in part
    assert "[HKID_1]" in part


async def test_what_stayed_says_so_and_what_is_gone_too(browser, monkeypatch):
    html = (await browser.get("/receipts/rcp_2")).raw.decode()
    assert "Nothing left this device." in html
    monkeypatch.setattr(Receipts, "sent", lambda *_: [])
    assert "No longer kept." in (await browser.get("/receipts/rcp_1")).raw.decode()


@pytest.mark.parametrize("name", ["rcp_9", "tmb_1"])
async def test_what_is_no_receipt(browser, name):
    assert (await browser.get(f"/receipts/{name}")).status == 404


async def test_verify_report_export_erase(browser):
    assert "3 receipts: chain and signatures hold." in (await browser.send("POST", "/receipts/verify", {})).raw.decode()
    report = (await browser.get("/receipts/report")).raw.decode()
    assert "3:abc" in report
    export = await browser.get("/receipts/export")
    assert export.headers["content-disposition"].startswith("attachment")
    assert (await browser.send("DELETE", "/receipts/rcp_1/sent", {})).json == {"tombstone": "tmb_1"}
