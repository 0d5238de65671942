"""One server and one provider for a worker, one browser for a file of tests.

The browser's driver keeps an event loop running in its thread, which other tests of the same worker must not find.
"""

import pytest

from tests.e2e.web.driving import App, chromium
from tests.support.server import BY_PRICE, NO_LOCAL, Server, public
from tests.support.upstream import Upstream

PROMPTS = '[privacy]\nterms = ["PERSON:陳大文", "PERSON:Chan Tai Man"]\n'


def model(name, base_url, upstream_model, realm, price):
    """One model of the fake provider, in the realm that the test wants."""
    told = public(name, base_url, upstream_model, more=f"price = {{ input = {price}, output = {price} }}")
    return told.replace('realm = "public"', f'realm = "{realm}"') if realm != "public" else told


def models(base_url):
    """What every screen shows: one model in each realm, and some that misbehave when they are asked by name."""
    toml = model("laptop", base_url, "echo", "personal", 3)
    toml += model("campus", base_url, "echo", "enterprise", 2)
    toml += model("cloud", base_url, "echo", "public", 1)
    for name in ("scripted", "endless", "slow", "error-500"):
        toml += model(name, base_url, name, "public", 9)
    return toml


@pytest.fixture(scope="session")
def provider():
    with Upstream() as running:
        yield running


@pytest.fixture(scope="session")
def web_server(provider, tmp_path_factory):
    toml = NO_LOCAL + BY_PRICE + PROMPTS + models(provider.base_url)
    with Server(tmp_path_factory.mktemp("web"), toml) as server:
        yield server


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="module")
def app(browser, web_server):
    return App(browser, web_server)


@pytest.fixture
def page(app):
    """A page with the chat, in English."""
    with app.tab() as made:
        yield made
