"""The models screen."""

import tomllib

import pytest

from sampan.contract.errors import UnknownModel, UpstreamDown
from sampan.settings import load
from tests.flow import stages as s
from tests.serve import rig
from tests.serve.web.site_rig import Browser

LOCAL = {"realm": "personal", "title": "Small", "licence": "Apache-2.0", "size": 98_000_000}


class Some(rig.Models):
    def __init__(self):
        super().__init__("cloud")
        self.done = []

    def listed(self):
        return [
            {**LOCAL, "name": "here", "min_free_memory": 0, "state": "ready", "used": True},
            {**LOCAL, "name": "there", "min_free_memory": 10**15, "state": "absent", "used": False},
            {**LOCAL, "name": "coming", "min_free_memory": 0, "state": "pulling: 50 %", "used": False},
            {
                "name": "cloud",
                "realm": "public",
                "site": "cloud",
                "jurisdiction": "US",
                "state": "ready",
                "base_url": "https://a.example",
            },
        ]

    def progress(self, name):
        return {"state": "pulling", "done": 50, "total": 100, "note": "part 1 of 2"}

    async def act(self, action, name):
        if name == "nothing":
            raise UnknownModel("There is no such model.")
        self.done.append((action, name))
        return {}


@pytest.fixture
async def browser(tmp_path, monkeypatch, home):
    monkeypatch.setattr("sampan.serve.web.screens.models.system_keyring", lambda: None)
    made = Browser(tmp_path, s.Scripted(s.model("cloud"), *s.good("ready")), models=Some())
    made.config = home
    made.put(settings=load())
    yield await made.enter()
    made.close()


async def test_what_is_here_what_can_be_had_and_what_is_elsewhere(browser):
    html = (await browser.get("/models")).raw.decode()
    assert "too big for now" in html
    assert '<progress max="100" value="50"' in html
    assert "https://a.example" in html
    assert 'hx-trigger="load' in html


@pytest.mark.parametrize("action", ["pull", "cancel", "use", "rm"])
async def test_acting(browser, action):
    assert (await browser.send("POST", f"/models/{action}/there", {})).status == 200
    assert browser.runtime.models.done == [(action, "there")]


async def test_what_cannot_be_done_is_said(browser):
    assert "There is no such model." in (await browser.send("POST", "/models/pull/nothing", {})).raw.decode()
    assert (await browser.send("POST", "/models/explode/there", {})).status == 400


async def test_an_endpoint_s_key_never_gets_into_the_settings(browser):
    form = {
        "name": "my/cloud",
        "realm": "public",
        "wire": "openai",
        "base_url": "https://api.example/v1",
        "key": "sk-secret",
    }
    reply = await browser.form("/models/endpoints", **form)
    assert (reply.status, reply.headers["hx-redirect"]) == (204, "/models")
    [table] = tomllib.loads((browser.config / "sampan.toml").read_text())["model"]
    assert table["api_key"].startswith("file:model-my-cloud-")
    assert "sk-secret" not in (browser.config / "sampan.toml").read_text()
    assert [each.read_text() for each in keys(browser)] == ["sk-secret"]
    assert (await browser.send("DELETE", "/models/endpoints/my/cloud", {})).status == 200
    assert "model" not in tomllib.loads((browser.config / "sampan.toml").read_text())
    assert keys(browser) == []


def keys(browser):
    return sorted((browser.config / "secrets").iterdir())


async def test_two_endpoints_never_share_a_key(browser):
    form = {"realm": "public", "wire": "openai", "base_url": "https://api.example/v1"}
    for name, key in (("a/b", "sk-one"), ("a-b", "sk-two")):
        assert (await browser.form("/models/endpoints", name=name, key=key, **form)).status == 204
    assert sorted(each.read_text() for each in keys(browser)) == ["sk-one", "sk-two"]


async def test_a_key_is_replaced_when_the_endpoint_is_and_only_then(browser):
    form = {"name": "cloud2", "realm": "public", "wire": "openai", "base_url": "https://api.example/v1"}
    assert (await browser.form("/models/endpoints", **form, key="sk-one")).status == 204
    assert (await browser.form("/models/endpoints", **{**form, "base_url": "ftp://x"}, key="sk-two")).status == 422
    assert [each.read_text() for each in keys(browser)] == ["sk-one"]
    assert (await browser.form("/models/endpoints", **form, key="sk-three")).status == 204
    assert [each.read_text() for each in keys(browser)] == ["sk-three"]


@pytest.mark.parametrize(
    "more", [{"base_url": "ftp://x"}, {"realm": "personal"}, {"name": "auto"}, {"key": "鑰匙"}, {"name": "  "}]
)
async def test_what_is_wrong_with_an_endpoint_is_said_beside_what_was_typed(browser, more):
    form = {
        "name": "cloud2",
        "realm": "public",
        "wire": "openai",
        "base_url": "https://api.example/v1",
        "jurisdiction": "HK",
        **more,
    }
    reply = await browser.form("/models/endpoints", **form)
    assert reply.status == 422
    html = reply.raw.decode()
    assert 'role="alert"' in html
    assert 'value="HK"' in html
    assert not (browser.config / "sampan.toml").exists()


async def test_testing_an_endpoint_leaves_a_receipt(browser, tmp_path):
    html = (await browser.send("POST", "/models/endpoints/cloud/test", {})).raw.decode()
    assert "It answers." in html
    assert "/receipts/rcp_" in html
    assert len(browser.stages.recorder.closed) == 1


async def test_an_endpoint_that_does_not_answer(tmp_path, monkeypatch):
    browser = await Browser(
        tmp_path, s.Scripted(s.model("cloud"), UpstreamDown("Nobody there.")), models=Some()
    ).enter()
    assert "Nobody there." in (await browser.send("POST", "/models/endpoints/cloud/test", {})).raw.decode()
    browser.close()


async def test_the_first_screen_says_how_far_the_model_is(browser, monkeypatch):
    assert (await browser.get("/models/arriving")).raw.strip() == b""
    assert "The model is here." in (await browser.get("/models/arriving?seen=1")).raw.decode()
    rows = [{**row, "used": row["name"] == "coming"} for row in browser.runtime.models.listed()]
    monkeypatch.setattr(browser.runtime.models, "listed", lambda: rows)
    html = (await browser.get("/models/arriving")).raw.decode()
    assert '<progress max="100" value="50"' in html
    assert 'hx-get="/models/arriving?seen=1"' in html
    assert 'hx-get="/models/arriving"' in (await browser.get("/chat")).raw.decode()


async def test_the_first_screen_says_that_the_model_could_not_be_fetched_and_tries_again(browser, monkeypatch):
    state = "failed: no connection"
    monkeypatch.setattr(
        browser.runtime.models, "listed", lambda: [{**LOCAL, "name": "here", "state": state, "used": True}]
    )
    html = (await browser.get("/models/arriving")).raw.decode()
    assert "here could not be fetched." in html
    assert "no connection" in html
    assert 'hx-post="/models/pull/here?first=1"' in html
    assert "Get" in (await browser.get("/models")).raw.decode(), "it can be fetched again there too"
    state = "pulling"
    assert "<progress" in (await browser.form("/models/pull/here?first=1")).raw.decode()
    assert browser.runtime.models.done == [("pull", "here")]


async def test_the_first_screen_says_that_there_is_no_model(tmp_path, monkeypatch):
    monkeypatch.setattr(rig.Models, "all", lambda _: ())
    browser = await Browser(tmp_path).enter()
    assert "No model is set up yet." in (await browser.get("/chat")).raw.decode()
    browser.close()
