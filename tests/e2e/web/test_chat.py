"""Asking, stopping, editing and branching, by keyboard alone; input methods; lines that break; a server that ends."""

import time

import pytest

from tests.e2e.web.conftest import models
from tests.e2e.web.driving import App, ask, settled
from tests.support.dialects import SHAPES
from tests.support.server import BY_PRICE, NO_LOCAL, Server
from tests.support.upstream import Script

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.xdist_group("web-chat")]

WORDS = [f"word{n} " for n in range(40)]


def paced(pause):
    """A script that says the words one by one."""

    def answer(body, path):
        shape = SHAPES[path.removeprefix("/v1/")]()
        shape.size = len(WORDS[0]) + 1
        return Script(events=shape.events(body["model"], "".join(WORDS), None), pause=pause)

    return answer


def articles(page):
    return page.locator("article").evaluate_all(
        "all => all.map((one) => [one.className, one.querySelector('.text')?.textContent.trim()])"
    )


def receipts(app, model="scripted"):
    return app.server.get(f"/sampan/receipts?limit=50&model={model}")["receipts"]


def tab_to(page, what):
    """Press Tab until something has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if page.evaluate("what => document.activeElement?.matches(what)", what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {what}")


def back_to(page, what):
    for _ in range(80):
        if page.evaluate("what => document.activeElement?.matches(what)", what):
            return
        page.keyboard.press("Shift+Tab")
    raise AssertionError(f"Shift+Tab does not come to {what}")


def test_everything_by_keyboard(page, provider):
    provider.script = paced(0.2)
    keys = page.keyboard
    assert page.evaluate("document.activeElement.id") == "text", "one can type at once"
    keys.type("first question")
    keys.press("Enter")
    settled_answer(page, 0, "first question")
    # stop
    tab_to(page, "#model")
    page.locator("#model").select_option("scripted")  # a native list: the browser's own keys
    back_to(page, "#text")
    keys.type("go on for ever")
    keys.press("Enter")
    page.locator("article.assistant").nth(1).locator(".rest", has_text="word1").wait_for()
    keys.press("Escape")
    settled(page)
    assert "Stopped by you." in page.locator("article.assistant").nth(1).text_content()
    # edit, then ask again
    page.locator("#model").select_option("auto")
    back_to(page, "article:nth-of-type(3) [data-act=edit]")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.value") == "go on for ever"
    keys.press("Control+a")
    keys.type("second question")
    tab_to(page, ".editing button")
    keys.press("Enter")
    settled_answer(page, 1, "second question")
    # the other branch, and back
    back_to(page, "article:nth-of-type(3) [data-leaf]:not([disabled])")
    keys.press("Enter")
    page.get_by_text("Stopped by you.").wait_for()
    assert [text for kind, text in articles(page) if "user" in kind] == ["first question", "go on for ever"]
    tab_to(page, "article:nth-of-type(3) [data-leaf]:not([disabled])")
    keys.press("Enter")
    page.get_by_text("second question").first.wait_for()
    # its receipt
    tab_to(page, "article:nth-of-type(4) .chip")
    keys.press("Enter")
    page.wait_for_url("**/receipts/rcp_*")
    assert page.locator("h1").inner_text() == "Receipt"


def settled_answer(page, at, text):
    page.locator("article.assistant").nth(at).locator(".text", has_text=text).wait_for()
    settled(page)


def test_escape_stops_at_once(app, page, provider):
    page.locator("#model").select_option("scripted")
    provider.script = paced(0.2)
    provider.left.clear()
    answer = ask(page, "never ends", wait=False)
    answer.locator(".rest", has_text="word1").wait_for()
    page.evaluate("""() => {
      window.stopped = new Promise((done) => {
        const start = performance.now();
        new MutationObserver(() => { if (document.querySelector('#stop').matches(':disabled, [hidden]')) done(performance.now() - start) })
          .observe(document.querySelector('#stop'), { attributes: true });
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
      });
    }""")
    started = time.monotonic()
    shown = page.evaluate("() => window.stopped")
    assert provider.left.wait(1), "the provider's stream ends within a second"
    ended = time.monotonic() - started
    assert shown < 300
    assert ended < 1
    settled(page)
    receipt = receipts(app)[0]
    assert receipt["end"] == "stopped"
    assert receipt["tokens"]["out"] > 0
    assert "word1" in answer.locator(".text").text_content()


IME = """([isComposing, keyCode]) => {
  const text = document.querySelector('#text');
  text.focus();
  text.dispatchEvent(new CompositionEvent('compositionstart', { data: '' }));
  text.value = 'nei hou';
  text.dispatchEvent(new CompositionEvent('compositionupdate', { data: 'nei hou' }));
  text.dispatchEvent(new InputEvent('input', { data: 'nei hou', isComposing, inputType: 'insertCompositionText', bubbles: true }));
  const enter = new KeyboardEvent('keydown', { key: 'Enter', isComposing, bubbles: true, cancelable: true });
  Object.defineProperty(enter, 'keyCode', { value: keyCode });
  const taken = !text.dispatchEvent(enter);
  text.value = '你好';
  text.dispatchEvent(new CompositionEvent('compositionend', { data: '你好' }));
  return taken;
}"""


@pytest.mark.parametrize("told", [(True, 229), (True, 13), (False, 229)], ids=str)
def test_enter_that_picks_a_character_does_not_send(app, told):
    with app.tab(lang="zh-Hant-HK") as page:
        assert page.evaluate(IME, told) is False
        page.wait_for_timeout(150)
        assert page.locator("article").count() == 0
        assert page.locator("#text").input_value() == "你好"
        page.locator("#text").press("Enter")
        page.locator("article.user", has_text="你好").wait_for()
        settled(page)


def test_shift_and_enter_begin_a_line(page):
    page.locator("#text").press_sequentially("one")
    page.locator("#text").press("Shift+Enter")
    page.locator("#text").press_sequentially("two")
    assert page.locator("#text").input_value() == "one\ntwo"
    assert page.locator("article").count() == 0


def test_reloading_in_the_middle(app, page, provider):
    provider.script = paced(0.05)
    before = len(receipts(app))
    page.locator("#model").select_option("scripted")
    answer = ask(page, "count", wait=False)
    answer.locator(".rest", has_text="word3").wait_for()
    page.reload()
    settled(page)
    assert page.locator("article.assistant .text").text_content().strip() == "".join(WORDS).strip()
    assert len(receipts(app)) == before + 1


def test_a_line_that_breaks_in_the_middle(app, page, provider):
    """The connection goes while the answer comes, twice; the page takes it up again by itself."""
    provider.script = paced(0.05)
    page.watch.expect("ERR_INTERNET_DISCONNECTED|Failed to load")
    before = len(receipts(app))
    page.locator("#model").select_option("scripted")
    answer = ask(page, "count again", wait=False)
    for word in ("word3", "word12"):
        answer.locator(".rest", has_text=word).wait_for()
        page.context.set_offline(True)
        page.wait_for_timeout(300)
        page.context.set_offline(False)
    settled(page)
    assert page.locator("article.assistant .text").text_content().strip() == "".join(WORDS).strip()
    assert len(receipts(app)) == before + 1


def test_a_server_that_ends_in_the_middle(browser, provider, tmp_path):
    provider.script = paced(0.1)
    with Server(tmp_path, NO_LOCAL + BY_PRICE + models(provider.base_url)) as server:
        app = App(browser, server)
        with app.tab() as page:
            page.watch.expect("ERR_|Failed to load|401")
            page.locator("#model").select_option("scripted")
            answer = ask(page, "and then it ended", wait=False)
            answer.locator(".rest", has_text="word9").wait_for()
            address = page.url
            page.wait_for_timeout(1500)
            server.stop(9)
            page.locator("#trouble", has_text="does not answer").wait_for()
            server.start()
            app.leave()
            page.locator("#trouble", has_text="This session is over").wait_for()
        with app.tab(address.removeprefix(server.base_url)) as page:
            told = page.locator("article.assistant").text_content()
            assert "word9" in told
            assert "Sampan ended in the middle of this answer." in told
            assert page.locator("article").count() == 2
            ends = [each["end"] for each in server.get("/sampan/receipts?limit=9")["receipts"]]
            assert ends == ["interrupted"]


def test_two_tabs_with_one_conversation(app, page):
    """Both go on from the same answer: neither is lost, and neither is doubled."""
    ask(page, "common start")
    with app.tab(page.url.removeprefix(app.server.base_url)) as other:
        other.locator("article.assistant").wait_for()
        ask(page, "from the first tab")
        ask(other, "from the second tab")
        page.reload()
        other.reload()
        assert articles(page) == articles(other)
        texts = [text for _, text in articles(page)]
        assert texts == ["common start", "common start", "from the second tab", "from the second tab"]
        page.locator("article.user").nth(1).locator("[data-leaf]").first.click()
        page.locator("article.user", has_text="from the first tab").wait_for()
        assert [text for _, text in articles(page)][2:] == ["from the first tab", "from the first tab"]


def test_a_reload_asks_the_same_model(page):
    page.locator("#model").select_option("laptop")
    ask(page, "here")
    page.reload()
    assert page.locator("#model").input_value() == "laptop"
    assert "laptop" in ask(page, "here too").locator(".chip").inner_text()


def test_a_draft_survives(app, page):
    page.locator("#text").press_sequentially("half a thou")
    page.wait_for_timeout(600)
    page.reload()
    assert page.locator("#text").input_value() == "half a thou"
    ask(page, "begin")
    page.locator("#text").press_sequentially("and a second")
    with page.expect_response(lambda reply: reply.request.method == "PATCH"):
        pass
    page.reload()
    assert page.locator("#text").input_value() == "and a second"
