"""A real server with a real small model and the cloud off: a first answer, a stop that reaches the engine, a page that leaves."""

import time

import pytest

from tests.e2e.local import NAME, cpu_seconds, engine_of, toml, until, with_model
from tests.e2e.web.driving import App, ask, settled
from tests.support.server import public

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180), pytest.mark.xdist_group("web-local")]

LONG = "Tell me a long story about a ferry, a storm and a lighthouse."
ELSEWHERE = public("cloud", "http://127.0.0.1:9/v1", "echo")
"""There is a way out that must not be taken."""


@pytest.fixture(scope="module")
def app(browser, tmp_path_factory):
    """A new home in which only the model's file lies; a short context ends every answer soon."""
    home = tmp_path_factory.mktemp("real")
    with with_model(home, toml(ELSEWHERE, context=384), env={"SAMPAN_NO_CLOUD": "1"}) as server:
        yield App(browser, server)


def begun(page, text=LONG):
    """An answer of which a good piece stands there, and more comes."""
    answer = ask(page, text, wait=False)
    page.wait_for_function(
        "id => document.getElementById(id)?.innerText.length > 60", arg=answer.get_attribute("id"), timeout=60_000
    )
    return answer


def receipts(app):
    return app.server.get("/sampan/receipts?limit=20")["receipts"]


def test_a_first_answer_without_any_network(app):
    """Asked at once, while the model is still read from the disk."""
    with app.tab() as page:
        page.context.set_default_timeout(60_000)
        assert "Nothing leaves it. Ask something." in page.locator("#first").inner_text()
        answer = ask(page, "What is a ferry?")
        assert len(answer.locator(".text").inner_text()) > 5
        assert NAME in answer.locator(".chip").inner_text()
        page.goto("/receipts")
        assert page.get_by_text("Nothing left this device.").count() == 1
    [receipt] = receipts(app)
    assert receipt["policy"]["chosen"] == [NAME, "clear"]
    assert [crossing for crossing in receipt["crossings"] if crossing["to"] != "personal"] == []


STOP = """() => new Promise((done) => {
  const start = performance.now();
  new MutationObserver(() => { if (document.querySelector('#stop').matches(':disabled, [hidden]')) done(performance.now() - start) })
    .observe(document.querySelector('#stop'), { attributes: true });
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
})"""


def test_escape_stops_the_engine(app):
    with app.tab() as page:
        page.context.set_default_timeout(60_000)
        answer = begun(page)
        engine = engine_of(app.server)
        shown = page.evaluate(STOP)
        pressed = worked = time.monotonic()
        spent = cpu_seconds(engine)
        while time.monotonic() - pressed < 2:
            time.sleep(0.05)
            if cpu_seconds(engine) > spent:
                spent, worked = cpu_seconds(engine), time.monotonic()
        assert shown < 300
        assert worked - pressed < 1, "the engine goes on"
        settled(page)
        assert "Stopped by you." in answer.text_content()
        receipt = receipts(app)[0]
        assert receipt["end"] == "stopped"
        assert receipt["tokens"]["out"] > 0
        answer.locator(".chip").click()
        page.get_by_text("stopped by you").wait_for()


DELTAS = """async (id) => {
  const told = await (await fetch(`/chat/answers/${id}/events?after=0`)).text();
  const events = told.split('\\n').filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
  return events.filter((one) => one.type === 'delta').map((one) => one.text).join('');
}"""


def test_a_reload_and_a_broken_line_in_the_middle(app):
    """What stands there in the end is what the model said, once; there is one receipt."""
    before = len(receipts(app))
    with app.tab() as page:
        page.context.set_default_timeout(60_000)
        page.watch.expect("ERR_INTERNET_DISCONNECTED|Failed to load")
        name = begun(page).get_attribute("id")
        page.reload()
        page.wait_for_function("id => document.getElementById(id)?.dataset.state === 'answering'", arg=name)
        page.context.set_offline(True)
        page.wait_for_timeout(200)
        page.context.set_offline(False)
        settled(page)
        said = page.evaluate(DELTAS, name)
        shown = page.locator(f"#{name} .text").inner_text()
        kept = page.evaluate(
            "async () => (await (await fetch(location.pathname + '/export?form=json')).json()).messages.at(-1).text"
        )
        assert len(said) > 60
        assert kept == said
        assert "".join(shown.split()) in "".join(said.split()) or letters(shown) == letters(said)
        page.reload()
        assert page.locator(f"#{name} .text").inner_text() == shown
    until(lambda: len(receipts(app)) == before + 1)
    assert receipts(app)[0]["end"] == "complete"


def letters(text):
    """Without the signs of Markdown, which are not shown."""
    return "".join(sign for sign in text if sign.isalpha())
