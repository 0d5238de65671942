"""The frame: language, theme, reach."""

import pytest

from sampan.contract.models import Realm
from sampan.settings import Privacy
from tests.flow import stages as s
from tests.serve import rig
from tests.serve.web.site_rig import Browser


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
