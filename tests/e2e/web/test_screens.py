"""Every screen, in both languages and themes, on a phone and on a desk: no fault of access, nothing cut, nothing foreign."""

import pytest

from tests.e2e.web.driving import LOCALES, shot
from tests.e2e.web.looking import cut, hidden_focus, violations
from tests.e2e.web.scenes import SCENES, conversation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("web-screens")]

SIZES = {1280: 800, 640: 400, 320: 640}
"""Width and height of the window. 640: what one of 1280 pixels has room for at 200 %."""
HEIGHT = "document.documentElement.scrollHeight"
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def conversations(app, provider):
    return {lang: conversation(app, provider, lang) for lang in LOCALES}


@pytest.fixture
def shown(app, conversations):
    """A scene's page, in a language."""

    def make(made, name, lang="en"):
        address, acts = SCENES[name]
        page = made.new_page()
        page.goto(address.format(conversation=conversations[lang]))
        if acts:
            acts(page, lang)
        return page

    return make


def fine(found):
    """Fail with all that was found, a line each."""
    if found:
        pytest.fail("\n".join(" ".join(each.split()) for each in found), pytrace=False)


def looked_at(page, name):
    """What is wrong in any window and theme; a picture of each is kept."""
    found = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}: {each}" for each in cut(page)]
        # as high as the page: what merely stands below the edge is not covered by what sticks there
        page.set_viewport_size({"width": width, "height": max(height, min(page.evaluate(HEIGHT), 16_000))})
        for theme in THEMES if width != 640 else ():
            page.emulate_media(color_scheme=theme)
            found += [f"{width} {theme}: {each}" for each in violations(page)]
            shot(page, f"{name}-{theme}-{width}")
    return found


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("name", SCENES)
def test_every_screen_can_be_used_by_everybody(app, shown, name, lang):
    with app.context(lang=lang) as made:
        if name == "missing":
            made.watch.expect("404")
        page = shown(made, name, lang)
        assert page.evaluate("document.documentElement.lang") == lang
        fine(looked_at(page, f"{name}-{lang}"))


@pytest.mark.parametrize("lang", LOCALES)
def test_the_door_can_be_used_by_everybody(app, lang):
    with app.context(lang=lang) as made:
        made.clear_cookies()
        page = made.new_page()
        page.goto("/chat")
        assert page.url.endswith("/enter")
        fine(looked_at(page, f"enter-{lang}"))


@pytest.mark.parametrize("name", ["first", "typed", "chat", "receipts", "drawer", "policies", "models", "settings"])
def test_what_has_the_focus_is_seen(app, shown, name):
    found = []
    with app.context() as made:
        page = shown(made, name)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 520})
            found += [f"{width}: {each}" for each in hidden_focus(page)]
    fine(found)
