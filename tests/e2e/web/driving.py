"""A person at the web app: Debian's Chromium, watched for everything that must never happen."""

import contextlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the browser's own maker is not called either
]  # fmt: skip
LOCALES = {"en": "en-GB", "zh-Hant-HK": "zh-HK"}
SHOTS = Path(__file__).parents[3] / ".screenshots"
_HERE = re.compile(r"^(127\.0\.0\.1|\[::1\])(:\d+)?$")


@contextlib.contextmanager
def chromium(folder):
    """A browser of its own. Fails when there is none. What it connected to is looked at when it ends."""
    path = shutil.which("chromium")
    assert path, "the web app is tested with Chromium, which is not installed: apt-get install chromium"
    log = folder / "net.json"
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=[*FLAGS, f"--log-net-log={log}"])
        yield running
        running.close()
    elsewhere = connected(log)
    assert not elsewhere, f"the browser connected to {elsewhere}"


def connected(log):
    """Addresses off loopback that a browser connected to, and what pages of this machine asked of others: from its own log."""
    text = log.read_text()
    try:
        told = json.loads(text)
    except json.JSONDecodeError:  # the browser ended before it closed the list
        told = json.loads(text.rstrip().rstrip(",") + "]}")
    kinds = {number: name for name, number in told["constants"]["logEventTypes"].items()}
    found = set()
    for event in told["events"]:
        kind, facts = kinds.get(event["type"], ""), event.get("params") or {}
        if kind == "TCP_CONNECT_ATTEMPT" and (address := facts.get("address")) and not _HERE.match(address):
            found.add(address)
        if (
            kind == "URL_REQUEST_START_JOB"
            and "url" in facts
            and _is_ours(facts.get("initiator", ""))
            and not _is_ours(facts["url"])
        ):
            found.add(facts["url"])
    return found


def _is_ours(address):
    return bool(_HERE.match(urlsplit(address).netloc)) or address.startswith(("data:", "blob:"))


class Watch:
    """What a page did wrong: messages of the console, of the policy, and requests to other origins."""

    def __init__(self, context, origin):
        self.wrong, self.requests, self._origin, self._expected = [], [], origin, []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("request", self._asked)

    def expect(self, pattern):
        """A message that the test brings about itself."""
        self._expected.append(re.compile(pattern))

    def _said(self, message):
        if message.type in {"error", "warning"} and not any(each.search(message.text) for each in self._expected):
            self.wrong.append(f"{message.type}: {message.text} ({message.page.url if message.page else ''})")

    def _asked(self, request):
        self.requests.append(request.url)
        if not request.url.startswith((self._origin + "/", "data:", "blob:")):
            self.wrong.append(f"request: {request.url}")


class App:
    """One server as a browser sees it; `tab` opens pages that are inside already."""

    def __init__(self, browser, server):
        self.browser, self.server = browser, server
        self._inside = None

    def ticket(self):
        """A one-time link."""
        return self.server.base_url + "/enter#" + self.server.post("/sampan/tickets", {})[2]["ticket"]

    @contextlib.contextmanager
    def context(self, *, lang="en", theme="light", width=1280, height=800, **more):
        """A fresh profile that has the session, and is watched."""
        made = self.browser.new_context(
            base_url=self.server.base_url, locale=LOCALES[lang], color_scheme=theme, reduced_motion="reduce",
            viewport={"width": width, "height": height}, storage_state=self._entered(), **more,
        )  # fmt: skip
        made.set_default_timeout(10_000)
        made.watch = Watch(made, self.server.base_url)
        try:
            yield made
            assert not made.watch.wrong, made.watch.wrong
        finally:
            made.close()

    @contextlib.contextmanager
    def tab(self, path="/chat", **options):
        """One page."""
        with self.context(**options) as made:
            page = made.new_page()
            page.watch = made.watch
            page.goto(path)
            yield page

    def leave(self):
        """Forget the session: the server was started anew."""
        self._inside = None

    def _entered(self):
        if self._inside is None:
            made = self.browser.new_context()
            page = made.new_page()
            page.goto(self.ticket())
            page.wait_for_url("**/chat")
            self._inside = made.storage_state()
            made.close()
        return self._inside


def ask(page, text, *, wait=True):
    """Type and send; returns the answer's element, complete when waited for."""
    before = page.locator("article.assistant").count()
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    answer = page.locator("article.assistant").nth(before)
    answer.wait_for(state="attached")
    if wait:
        settled(page)
    return answer


def settled(page):
    """Wait until nothing is being answered."""
    page.wait_for_function(
        "() => !document.querySelector('article[data-state=answering]') && document.querySelector('#stop').hidden"
    )


def strip_facts(page, text, model="auto"):
    """What the page's own strip call says of a text, once it stands above the composer."""
    page.locator("#model").select_option(model)
    with page.expect_response(
        lambda r: r.url.endswith("/chat/strip") and text in (r.request.post_data_json or {}).get("text", "")
    ) as told:
        page.locator("#text").fill(text)
    facts = told.value.json()
    page.wait_for_function("() => document.querySelector('#strip .fact')")
    return facts


def shot(page, name):
    """Keep a picture of what is shown."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
