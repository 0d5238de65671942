"""The status page: what it shows, what it never shows, what it lets a browser do."""

import re
from html.parser import HTMLParser
from typing import ClassVar

import pytest

from sampan.contract.models import Model, Realm, Wire
from sampan.serve.web.status import _STYLE
from sampan.settings import Privacy, Server
from tests.flow import stages as s
from tests.serve import rig


class Shown(rig.Models):
    """A model of each realm."""

    states: ClassVar = {
        "mine": "loading 40 %",
        "ours": "absent, `sampan models pull`",
        "cloud": "down: key sk-secret at http://10.1.2.3",
    }

    def all(self):
        facts = (("mine", Realm.PERSONAL, "unknown"), ("ours", Realm.ENTERPRISE, "HK"), ("cloud", Realm.PUBLIC, "US"))
        return tuple(Model(name=name, realm=realm, wire=(Wire.OPENAI,), jurisdiction=where, operator="Secret Operator",
                           base_url="http://secret.example/v1", api_key="env:CLOUD_KEY")
                     for name, realm, where in facts)  # fmt: skip

    def state(self, name):
        return self.states[name]

    def progress(self, name):
        return {"state": "pulling", "done": 40, "total": 100, "note": "http://secret.example"} if name == "mine" else {}


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))


async def page(language="en", models=None, headers=None, **more):
    reply = await rig.ask(
        rig.app(models=models or Shown(), **more), "GET", "/", headers={"accept-language": language, **(headers or {})}
    )
    assert reply.status == 200
    return reply, reply.raw.decode()


async def test_it_shows_models_where_they_run_and_their_state():
    _, text = await page()
    places = [("●", "device", ""), ("◆", "organisation", "HK"), ("▲", "cloud", "US")]
    assert re.findall(r"(●|◆|▲)</span>(\w+)(?: · (\w+))?", text) == places
    assert re.findall(r'class="state (\w+)"', text) == ["loading", "absent", "down"]
    assert '<progress value="40" max="100" aria-label="Download of mine">' in text


async def test_it_shows_where_to_connect_as_the_browser_came():
    _, text = await page(headers={"host": "localhost:9999"})
    assert "<code>http://localhost:9999/v1</code>" in text


async def test_it_shows_no_secret():
    for language in ("en", "zh-HK"):
        _, text = await page(language)
        for secret in ("secret", "Secret", "sk-", "CLOUD_KEY", "10.1.2.3", rig.TOKEN, rig.KEY):
            assert secret not in text


async def test_a_browser_may_do_nothing_but_show_it():
    reply, text = await page()
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))
    nonce = policy["style-src"].removeprefix("'nonce-").removesuffix("'")
    assert policy == {"default-src": "'none'", "style-src": f"'nonce-{nonce}'", "img-src": "data:", "base-uri": "'none'",
                      "form-action": "'none'", "frame-ancestors": "'none'", "require-trusted-types-for": "'script'"}  # fmt: skip
    assert len(nonce) >= 20
    assert text.count(f'<style nonce="{nonce}">') == text.count("<style") == 1
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert nonce != (await page())[0].headers["content-security-policy"].split("'nonce-")[1].split("'")[0]


async def test_no_script_no_inline_style_no_other_origin():
    _, text = await page()
    for tag, attributes in Tags(text).seen:
        assert tag not in {"script", "img", "iframe", "form", "object", "base"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        for name in ("href", "src"):
            assert attributes.get(name, "data:").startswith("data:")
    assert "url(" not in _STYLE
    assert "@import" not in _STYLE


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><b>', "a&b"])
async def test_names_are_escaped(name):
    _, text = await page(models=rig.Models(name))
    assert name not in text
    assert "<script" not in text


async def test_no_cloud_is_said():
    assert 'class="note"' not in (await page())[1]
    assert "nothing leaves this machine" in (await page(privacy=Privacy(no_cloud=True)))[1]


async def test_without_models_it_says_what_to_do():
    class Nothing(rig.Models):
        def all(self):
            return ()

    assert "<code>sampan models ls</code>" in (await page(models=Nothing()))[1]


async def test_receipts_are_counted():
    class Many(s.Records):
        def head(self):
            return "12345:abc"

    stages = s.stages(s.Scripted(s.model("cloud")), records=Many())
    assert "signed and chained: 12,345." in (await page(stages=stages))[1]
    assert "收據：12,345 張" in (await page("zh-HK", stages=stages))[1]


async def test_both_languages():
    english, text = await page("en-GB")
    assert (english.headers["content-language"], '<html lang="en">' in text) == ("en", True)
    chinese, text = await page("zh-HK,zh;q=0.9,en;q=0.5")
    assert (chinese.headers["content-language"], '<html lang="zh-Hant-HK">' in text) == ("zh-Hant-HK", True)
    assert all(word in text for word in ("裝置", "機構 · HK", "雲端 · US", "載入中"))
    assert chinese.headers["vary"] == "accept-language"


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://evil.example"}])
async def test_a_foreign_site_gets_nothing(headers):
    reply = await rig.ask(rig.app(models=Shown()), "GET", "/", headers=headers)
    assert reply.status == 403
    assert b"mine" not in reply.raw


async def test_a_stranger_gets_nothing():
    reply = await rig.ask(rig.app(models=Shown(), server=Server(host="0.0.0.0")), "GET", "/", client=rig.AWAY)
    assert reply.status == 401
    assert b"mine" not in reply.raw
