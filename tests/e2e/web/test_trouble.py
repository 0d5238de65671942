"""What fails is said where everybody sees it, and what was typed or opened stays."""

import time

import pytest

from tests.e2e.web.driving import ask

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.xdist_group("web-chat")]

NO_ROOM = {
    "status": 507,
    "content_type": "application/json",
    "body": '{"error": "There is no room left. See `sampan doctor`."}',
}
WAYS = {
    "says no": (lambda route: route.fulfill(**NO_ROOM), "There is no room left. See sampan doctor."),
    "is away": (lambda route: route.abort(), "Sampan does not answer. Does it still run?"),
}


@pytest.fixture(params=WAYS)
def failing(request, page):
    """Changes fail from now on; returns a switch for that, and what is said."""
    page.watch.expect("Failed to load|507|ERR_FAILED|Failed to fetch")
    does, said = WAYS[request.param]

    def change(route):
        if route.request.method == "GET":
            route.continue_()
        else:
            does(route)

    return lambda: page.route("**/*", change), said


def opened(page, button):
    page.locator("[popovertarget=about]").click()
    page.locator("#about").get_by_role("button", name=button).click()
    return page.locator("dialog[open]")


def test_a_dialog_stays_and_says_why(page, failing):
    fail, said = failing
    ask(page, "to be renamed")
    page.locator("[popovertarget=about]").wait_for()
    fail()
    rename = opened(page, "Rename")
    rename.locator("input").fill("Another title")
    rename.get_by_role("button", name="Save").click()
    rename.get_by_role("alert").get_by_text(said).wait_for()
    assert rename.locator("input").input_value() == "Another title"
    rename.get_by_role("button", name="Cancel").click()
    forget = opened(page, "Delete")
    forget.get_by_role("button", name="Delete").click()
    forget.get_by_role("alert").get_by_text(said).wait_for()
    page.unroute_all()
    forget.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/chat")


def test_what_cannot_be_sent_stays_in_the_box(page, failing):
    fail, said = failing
    fail()
    page.locator("#text").fill("not to be lost")
    page.locator("#text").press("Enter")
    page.locator("#trouble").get_by_text(f"{said} What you wrote is still here.").wait_for()
    assert page.locator("#text").input_value() == "not to be lost"
    page.reload()
    assert page.locator("#text").input_value() == "not to be lost"
    page.unroute_all()
    ask(page, "not to be lost")
    assert not page.locator("#trouble").is_visible()


def test_a_form_that_fails_says_so_too(page, failing):
    fail, said = failing
    page.goto("/settings")
    fail()
    page.locator("[id='v-privacy.names']").click(force=True)
    page.locator("#trouble").get_by_text(said).wait_for()
    page.locator("#trouble").get_by_role("button", name="Close").click()
    assert not page.locator("#trouble").is_visible()


def test_what_is_removed_is_asked_about_first(page):
    page.goto("/models")
    before = page.locator("#lists strong").count()
    page.get_by_role("button", name="Remove slow").click()
    sure = page.locator("#sure[open]")
    assert sure.get_by_role("heading").inner_text() == "Remove slow?"
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    page.keyboard.press("Escape")
    page.reload()
    assert page.locator("#lists strong").count() == before


def test_an_endpoint_is_connected_tested_and_removed(page, provider):
    page.goto("/models")
    form = page.locator("#endpoint form")
    for name, value in (("name", "passing"), ("base_url", provider.base_url), ("upstream_model", "echo"), ("key", "k")):
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name="Connect").click()
    row = page.locator(".model", has=page.get_by_text("passing", exact=True))
    row.get_by_role("button", name="Test").click()
    row.get_by_text("It answers.").wait_for()
    row.get_by_role("button", name="Remove passing").click()
    page.locator("#sure").get_by_role("button", name="Remove", exact=True).click()
    row.wait_for(state="detached")
    assert not page.locator("#sure").is_visible()
    page.reload()
    assert page.get_by_text("passing", exact=True).count() == 0


def test_a_script_that_comes_late_breaks_nothing(app):
    """htmx must not begin without the half that knows the page's nonce; the watch fails the test on any message."""

    def late(route):
        time.sleep(1)
        route.continue_()

    with app.context() as made:
        page = made.new_page()
        page.route("**/hx-csp.js*", late)
        with page.expect_response("**/models/arriving"):
            page.goto("/chat")
        page.wait_for_function("() => !document.querySelector('#first [hx-get]')")


def test_the_palette_by_keys(page):
    page.keyboard.press("Control+k")
    page.locator("#palette[open]").wait_for()
    page.keyboard.type("o")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.textContent.trim()") == "Policies"
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies")
