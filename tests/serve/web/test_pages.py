"""The frame: language, theme, reach."""

import html
import re

import pytest
from babel import Locale
from msgspec import structs

from sampan.contract.chat import State
from sampan.contract.models import Realm
from sampan.serve.web import language
from sampan.settings import Privacy
from tests.flow import stages as s
from tests.serve import rig
from tests.serve.web.screens.test_chat import asked, followed
from tests.serve.web.site_rig import Browser
from tests.support.pseudo import outside, pseudo


async def test_the_chosen_language_wins(browser):
    assert 'lang="en"' in (await browser.get("/chat", accept_language="en")).raw.decode()
    assert 'lang="zh-Hant-HK"' in (await browser.get("/chat", accept_language="zh-HK")).raw.decode()
    browser.headers["cookie"] += "; sampan_language=zh-Hant-HK"
    reply = await browser.get("/chat", accept_language="en")
    assert reply.headers["content-language"] == "zh-Hant-HK"


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("'><script>", "system"), ("", "system")]
)
async def test_the_theme_is_in_the_page_itself(browser, cookie, theme):
    browser.headers["cookie"] += f"; sampan_theme={cookie}"
    assert f'data-theme="{theme}"' in (await browser.get("/chat")).raw.decode()


@pytest.mark.parametrize(
    ("realms", "more", "told"),
    [
        ((Realm.PERSONAL,), {}, "This device only"),
        ((Realm.PERSONAL, Realm.ENTERPRISE), {}, "Up to your organisation"),
        ((Realm.PERSONAL, Realm.PUBLIC), {}, "Up to the cloud"),
        ((Realm.PERSONAL, Realm.PUBLIC), {"privacy": Privacy(no_cloud=True)}, "Cloud is off"),
    ],
)
async def test_the_header_says_how_far_it_reaches(tmp_path, realms, more, told):
    class Some(rig.Models):
        def all(self):
            return tuple(s.model(f"m{n}", realm) for n, realm in enumerate(realms))

    browser = await Browser(tmp_path, models=Some(), **more).enter()
    assert told in (await browser.get("/chat")).raw.decode()
    browser.close()


async def test_errors_are_read_in_the_readers_language(browser):
    missing = await browser.get("/chat/none", accept_language="zh-HK")
    assert "沒有這段對話。" in missing.raw.decode()
    assert "There is no such conversation." in (await browser.get("/chat/none", accept_language="en")).raw.decode()


async def test_a_rule_in_force_says_why_in_the_readers_language(browser):
    begun = await asked(browser)
    await followed(browser, begun["answer"])
    _, message = browser.kept.message(browser.app._guard.owner({}).user, begun["answer"])
    facts = {
        "error": "`cloud` may not have this request: HKIDs stay <home>.",
        "ways_on": ["ask `auto`: it may go to `home` on your own device", "`sampan policy explain` shows the rules"],
    }
    refused = structs.replace(message, state=State.REFUSED, facts=facts)
    browser.kept.change(browser.app._guard.owner({}).user, refused)
    chinese = (await browser.get(f"/chat/{begun['conversation']}", accept_language="zh-HK")).raw.decode()
    assert "<code>cloud</code> 不可接收這個請求：身份證號碼留在家。" in chinese
    assert "改問 <code>auto</code>：可交由你的裝置的 <code>home</code> 處理" in chinese
    english = (await browser.get(f"/chat/{begun['conversation']}", accept_language="en")).raw.decode()
    assert "HKIDs stay &lt;home&gt;." in english


NAMES = ("Sampan", "English", "Apache-2.0", "app", "key_")
"""Of the product, a language, a licence, and of what the rig has."""


@pytest.mark.parametrize("path", ["/chat", "/receipts", "/models", "/settings", "/policies", "/chat/none"])
async def test_nothing_on_a_page_is_left_untranslated(browser, path, monkeypatch):
    made = language.Tongue("zh-Hant-HK", pseudo(), Locale.parse("zh_Hant_HK"))
    monkeypatch.setattr("sampan.serve.web.pages.tongue", lambda _: made)
    page = (await browser.get(path, accept_language="zh-HK")).raw.decode()
    shown = re.sub(
        r"<(code|kbd|pre|textarea|script|style|svg|option)\b.*?</\1>|<input[^>]*>", " ", page, flags=re.DOTALL
    )
    shown = html.unescape(re.sub(r"<[^>]+>", " ", shown))
    assert outside(shown, NAMES) == []
