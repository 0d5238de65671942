"""The first screen with the cloud off, and a disk that is full: each says how things stand."""

import re

import psutil
import pytest

from tests.e2e.web.conftest import models
from tests.e2e.web.driving import App, ask, strip_facts
from tests.support.server import BY_PRICE, NO_LOCAL, Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.xdist_group("web-chat")]


def test_the_first_screen_answers_with_the_cloud_off(browser, provider, tmp_path):
    """By the link that `sampan open` prints; then nothing goes anywhere else, whatever is asked for."""
    toml = NO_LOCAL + BY_PRICE + models(provider.base_url)
    with Server(tmp_path, toml, "--no-cloud", env={"SAMPAN_NO_CLOUD": "1"}) as server:
        app = App(browser, server)
        link = re.search(r"http://\S+", server.cli("open", "--print").stdout)[0]
        app.ticket = lambda: link
        with app.tab() as page:
            assert "nothing leaves this machine" in page.locator("#reach").inner_text()
            assert "Nothing leaves it. Ask something." in page.locator("#first").inner_text()
            told = strip_facts(page, "HKID A123456(3)")
            assert (told["realm"], told["model"], told["total"]) == ("personal", "laptop", 0)
            start = len(provider.bodies)
            answer = ask(page, "HKID A123456(3)")
            assert "laptop" in answer.locator(".chip").text_content()
            assert provider.bodies[start]["messages"][-1]["content"] == "HKID A123456(3)"
            page.locator("#model").select_option("cloud")
            refused = ask(page, "and now elsewhere")
            assert len(provider.bodies) == start + 1
            assert "Not sent." in refused.text_content() or "No answer." in refused.text_content()


def test_a_full_disk_is_said_and_the_draft_stays(browser, provider, tmp_path):
    """No file of the server may grow: what a full disk does, as root cannot fill one here."""
    with Server(tmp_path, NO_LOCAL + BY_PRICE + models(provider.base_url)) as server:
        app = App(browser, server)
        with app.tab() as page:
            ask(page, "while there is room")
            page.watch.expect("50[07]")
            running = psutil.Process(server.process.pid)
            running.rlimit(psutil.RLIMIT_FSIZE, (0, psutil.RLIM_INFINITY))
            start = len(provider.bodies)
            page.locator("#text").fill("must not be lost")
            page.locator("#text").press("Enter")
            page.wait_for_function(
                "() => document.querySelector('#trouble:popover-open') || document.querySelector('.refusal')"
            )
            page.wait_for_function("() => document.querySelector('#stop').hidden")
            shown = page.locator("#chat").inner_text() + page.locator("#trouble").inner_text()
            assert page.locator("#text").input_value() == "must not be lost"
            assert "What you wrote is still here" in shown
            assert len(provider.bodies) == start, "nothing is asked that cannot be recorded"
            running.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
            page.locator("#text").fill("must not be lost")
            answer = ask(page, "must not be lost")
            assert "must not be lost" in answer.text_content()
            page.reload()
            assert page.locator("article.user", has_text="must not be lost").count() == 1
