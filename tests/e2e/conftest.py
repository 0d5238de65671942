"""One running Sampan in front of one echoing provider, for all tests of a worker."""

import anthropic
import openai
import pytest

from tests.support.server import NO_LOCAL, Server, public
from tests.support.upstream import Upstream

TERMS = '[privacy]\nterms = ["PERSON:陳大文"]\n'

BEHAVIOURS = (
    "echo",
    "tools",
    "cut",
    "slow",
    "endless",
    "redirect",
    "scripted",
    "error-400",
    "error-401",
    "error-429",
    "error-500",
    "error-529",
)


@pytest.fixture(scope="session")
def upstream():
    with Upstream() as running:
        yield running


@pytest.fixture(scope="session")
def sampan(upstream, tmp_path_factory):
    toml = NO_LOCAL + TERMS
    for name in BEHAVIOURS:
        toml += public(name, upstream.base_url, name)
        toml += public(f"claude-{name}", upstream.base_url, name, '"anthropic"')
        toml += public(f"both-{name}", upstream.base_url, name, '["openai", "anthropic"]')
    toml += public("embedder", upstream.base_url, "embedder", more='capabilities = ["embeddings"]')
    toml += public("scripted-embed", upstream.base_url, "scripted-embed", more='capabilities = ["embeddings"]')
    with Server(tmp_path_factory.mktemp("home"), toml, env={"SAMPAN_LANG": "en"}) as server:
        yield server


@pytest.fixture
def sent(upstream):
    """The bodies that reached the provider during this test."""
    start = len(upstream.bodies)
    return lambda: upstream.bodies[start:]


@pytest.fixture
def client(sampan):
    with openai.OpenAI(base_url=sampan.base_url + "/v1", api_key="unused", max_retries=0) as made:
        yield made


@pytest.fixture
def claude(sampan):
    with anthropic.Anthropic(base_url=sampan.base_url, api_key="unused", max_retries=0) as made:
        yield made
