"""What the web app feels like: first paint of the chat, the strip after typing, a draft of rules tried on a thousand
receipts, a conversation of many messages.

python -m bench.web [messages]   (from the repository's root; needs Chromium)
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from sampan.contract.chat import Message
from sampan.contract.ids import new_id
from sampan.settings import load
from sampan.store.conversations import KeptConversations
from sampan.store.keys_at_rest import system_keyring
from sampan.store.opening import open_store
from tests.e2e.web.conftest import PROMPTS, models
from tests.e2e.web.driving import App, ask, chromium, strip_facts
from tests.e2e.web.scenes import ASKS, RICH
from tests.support.server import BY_PRICE, NO_LOCAL, Server
from tests.support.upstream import Upstream

RUNS = 10
PAINT = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))"""
SCROLL = """() => new Promise((done) => {
  const at = document.querySelector('#transcript'), frames = [];
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    at.scrollTop -= 400;
    if (frames.length < 120 && at.scrollTop > 0) requestAnimationFrame(step);
    else done(frames.slice(1));
  };
  at.scrollTop = at.scrollHeight;
  requestAnimationFrame(step);
})"""


def p95(values):
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def told(name, values, unit="ms"):
    print(f"{name:42} median {statistics.median(values):7.0f} {unit}   p95 {p95(values):7.0f} {unit}   n {len(values)}")


def fill(server, name, count):
    """Write a long conversation through the store's own code; the server is stopped."""
    store = open_store(load(environ=server.environment).home, system_keyring())
    try:
        [(user,)] = store.device.read('SELECT "user" FROM conversations WHERE id = ?', (name,))
        kept, parent = KeptConversations(store.device), ""
        for n in range(count):
            role, text = ("assistant", RICH) if n % 2 else ("user", f"{ASKS['en']} ({n})")
            kept.add(user, name, Message(message := new_id("msg"), parent, role, text, float(n + 1)))
            parent = message
    finally:
        store.close()


def paints(app, path):
    found = []
    for _ in range(RUNS):
        with app.tab(path) as page:
            found.append(page.evaluate(PAINT))
    return found


def strips(app):
    """From the request that follows the pause to the strip that stands there."""
    found = []
    with app.tab() as page:
        for n in range(RUNS * 3):
            page.locator("#text").fill("")
            strip_facts(page, f"{list(ASKS.values())[n % 2]} {n}")
            timing = page.evaluate("performance.getEntriesByName(location.origin + '/chat/strip').at(-1).duration")
            page.evaluate("performance.clearResourceTimings()")
            found.append(timing)
    return found


DRAFT = """@id("no-hkid-out")
@reason("identity cards stay")
forbid (principal, action == Action::"infer", resource)
when { resource.realm == Realm::"public" && context.clear.contains(Kind::"HKID") };
"""


def what_ifs(app, receipts=1000, runs=5):
    """From the button to the answer, in the browser: rules checked, cases and proofs run, the last requests decided anew."""
    texts = [f"{text} ({n})" for n in range(receipts // 2) for text in ("What is a ferry?", ASKS["en"])]
    for text in texts:
        assert app.server.chat(text)[0] == 200
    found = []
    with app.tab("/policies") as page:
        for _ in range(runs):
            page.locator("#draft").fill(DRAFT)
            page.evaluate("document.querySelector('#tried').replaceChildren()")
            start = time.monotonic()
            page.get_by_role("button", name="Try it out").click()
            page.wait_for_function("() => document.querySelector('#tried strong')", timeout=60_000)
            found.append(1000 * (time.monotonic() - start))
        said = page.locator("#tried strong").inner_text()
    assert said.startswith(f"{receipts} "), said
    return found


def main(count):
    with Upstream() as provider, tempfile.TemporaryDirectory() as folder, chromium(Path(folder)) as browser:
        toml = NO_LOCAL + BY_PRICE + PROMPTS + models(provider.base_url)
        with Server(Path(folder) / "home", toml) as server:
            app = App(browser, server)
            told("first paint of the chat (LCP)", paints(app, "/chat"))
            told("strip, from request to facts", strips(app))
            told("what-if over 1,000 receipts", what_ifs(app))
            with app.tab() as page:
                ask(page, "the first")
                path = page.url.removeprefix(server.base_url)
            server.stop()
            fill(server, path.rpartition("/")[2], count)
            server.start()
            app.leave()
            told(f"{count:,} messages: first paint (LCP)", paints(app, path))
            with app.tab(path) as page:
                told(f"{count:,} messages: a frame while scrolling", page.evaluate(SCROLL))
                start = time.monotonic()
                page.locator("#earlier button").click()
                page.wait_for_function("() => document.querySelectorAll('article').length > 150")
                told("a hundred earlier ones", [1000 * (time.monotonic() - start)])
                start = time.monotonic()
                ask(page, "still there?")
                told("ask and complete at the end of them", [1000 * (time.monotonic() - start)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
