"""The settings screen: values with their origin, changed in the user's file alone."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from sampan.contract.errors import ConfigError
from sampan.serve.web.screens.settings import editor_of, read_value, shown_value
from sampan.settings import load
from sampan.settings.writing import kinds
from tests.serve.web.site_rig import Browser


@pytest.fixture
async def browser(tmp_path, home):
    made = Browser(tmp_path)
    made.file = home / "sampan.toml"
    made.put(settings=load({"server.port": 9999}))
    yield await made.enter()
    made.close()


async def test_every_setting_is_shown_with_its_origin(browser):
    html = (await browser.get("/settings")).raw.decode()
    assert all(f'id="v-{key}"' in html for key in kinds())
    assert "set by flag" in html
    assert html.count('class="setting"') == len(kinds())


async def test_setting_and_going_back(browser):
    reply = await browser.form("/settings/value/route.epsilon", value="0.1")
    assert reply.status == 200
    assert "set by you" in reply.raw.decode()
    assert tomllib.loads(browser.file.read_text()) == {"route": {"epsilon": 0.1}}
    reply = await browser.send("DELETE", "/settings/value/route.epsilon", {})
    assert "default" in reply.raw.decode()
    assert tomllib.loads(browser.file.read_text()).get("route", {}) == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [("route.epsilon", "x"), ("route.epsilon", "2"), ("receipts.fsync", "never"), ("server.port", "-1")],
)
async def test_what_does_not_fit_is_said_and_kept_in_the_field(browser, key, value):
    reply = await browser.form(f"/settings/value/{key}", value=value)
    assert reply.status == 422
    html = reply.raw.decode()
    assert 'role="alert"' in html
    assert not browser.file.exists()


async def test_a_setting_that_is_not_there(browser):
    assert (await browser.send("DELETE", "/settings/value/nothing.x", {})).status in {400, 404, 500}
    assert not browser.file.exists()


async def test_language_and_theme(browser):
    reply = await browser.form("/settings/appearance", language="zh-Hant-HK", theme="dark")
    cookies = reply.headers["set-cookie"]
    assert "samesite=strict" in cookies.lower()
    assert reply.headers["hx-refresh"] == "true"
    nothing = await browser.form("/settings/appearance", language="xx", theme="<script>")
    assert "set-cookie" not in nothing.headers


async def test_keys_are_made_and_ended(browser):
    made = (await browser.form("/settings/keys", name="my app")).raw.decode()
    assert "shown once" in made
    assert (await browser.form("/settings/keys", name="  ")).status == 400


async def test_deleting_conversations_takes_a_yes(browser):
    user = browser.app._guard.owner({}).user
    for number in range(3):
        browser.kept.begin(user, str(number))
    browser.kept.begin("somebody else", "theirs")
    assert (await browser.send("DELETE", "/settings/conversations", {})).status == 400
    assert (await browser.send("DELETE", "/settings/conversations", {"sure": True})).json == {"deleted": 3}
    assert browser.kept.listed(user) == []
    assert len(browser.kept.listed("somebody else")) == 1


async def test_backup(browser):
    browser.put(backup=lambda path: {"path": f"{path}/data/backups/<1>.tar"})
    await browser.enter()
    assert "/data/backups/&lt;1&gt;.tar" in (await browser.send("POST", "/settings/backup", {})).raw.decode()


@pytest.mark.parametrize("key", sorted(kinds()))
def test_what_a_field_shows_it_reads(key):
    section, _, name = key.partition(".")
    settings = load(environ={"SAMPAN_HOME": "/nowhere"}, cwd=Path("/nowhere"))
    value = getattr(getattr(settings, section), name)
    assert editor_of(kinds()[key]) in {"switch", "choice", "number", "list", "text"}
    read = read_value(key, shown_value(value))
    assert msgspec.convert(read, kinds()[key], strict=False) == value


def test_no_such_setting():
    with pytest.raises(ConfigError):
        read_value("nothing.x", "1")


async def test_the_switch_in_the_header(browser):
    page = (await browser.get("/chat")).raw.decode()
    assert 'hx-post="/settings/cloud"' in page
    assert (await browser.form("/settings/cloud", off="true")).status == 204
    assert tomllib.loads(browser.file.read_text()) == {"privacy": {"no_cloud": True}}
    assert (await browser.form("/settings/cloud", off="false")).status == 204
    assert tomllib.loads(browser.file.read_text()).get("privacy", {}) == {}


async def test_what_is_off_elsewhere_stays_off(browser, monkeypatch):
    monkeypatch.setenv("SAMPAN_NO_CLOUD", "1")
    reply = await browser.form("/settings/cloud", off="false")
    assert reply.status >= 400
    assert b"stays off" in reply.raw
