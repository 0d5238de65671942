"""Rules of one's own: the example that stands in the empty field works, and is tried on what was asked before."""

import pytest

from tests.e2e.web.conftest import models
from tests.e2e.web.driving import App, ask
from tests.support.server import BY_PRICE, NO_LOCAL, Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.xdist_group("web-chat")]


def test_the_example_is_tried_on_past_requests_and_saved(browser, provider, tmp_path):
    with (
        Server(tmp_path, NO_LOCAL + BY_PRICE + models(provider.base_url)) as server,
        App(browser, server).tab() as page,
    ):
        ask(page, "What is a ferry?")
        page.goto("/policies")
        page.locator("#draft").fill(page.locator("#draft").get_attribute("placeholder"))
        page.get_by_role("button", name="Try it out").click()
        page.locator("#tried strong", has_text="1 request").wait_for()
        told = page.locator("#tried").inner_text()
        assert "0 the same" in told
        assert "campus" in told, "it goes to the organisation's model now"
        page.locator("#own").locator("..").get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Policies").wait_for()
        page.get_by_text("work stays here").first.wait_for()
        page.goto("/chat")
        assert "campus" in ask(page, "What is a ferry?").locator(".chip").inner_text()
