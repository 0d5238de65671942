"""From a model to its provider."""

import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.models import Wire
from sampan.contract.request import Dialect
from sampan.plugins import Registry
from sampan.providers import registry
from sampan.providers.anthropic_wire import AnthropicProvider
from sampan.providers.egress import Egress
from sampan.providers.fake import FakeProvider
from sampan.providers.openai_wire import OpenAIProvider
from sampan.providers.registry import ByDialect, make_provider
from sampan.providers.secrets import Secret
from sampan.providers.wrap.retry import Retry
from tests.providers import rigs
from tests.providers.rigs import take
from tests.support import dialects as shapes


@pytest.mark.parametrize(
    ("wire", "kind"), [(Wire.OPENAI, OpenAIProvider), (Wire.ANTHROPIC, AnthropicProvider), (Wire.FAKE, FakeProvider)]
)
async def test_built_in_formats(wire, kind):
    provider = make_provider(rigs.make_model(wire=(wire,)), Secret(""), Egress())
    assert isinstance(provider, Retry) and type(provider.provider) is kind
    assert await provider.health() == "ready"
    await provider.aclose()


def test_a_format_that_nobody_speaks():
    with pytest.raises(ConfigError, match="local"):
        make_provider(rigs.make_model(wire=(Wire.LOCAL,)), Secret(""), Egress())


def test_plug_ins_add_and_replace():
    table = Registry()
    registry.register(table)
    table.add_provider(Wire.LOCAL, lambda model, secret, egress: FakeProvider(model))
    table.add_provider(Wire.OPENAI, lambda model, secret, egress: FakeProvider(model))
    for wire in (Wire.LOCAL, Wire.OPENAI):
        made = make_provider(rigs.make_model(wire=(wire,)), Secret(""), Egress(), table.providers)
        assert isinstance(made.provider, FakeProvider)
    assert registry.WIRES[Wire.OPENAI] is OpenAIProvider


@pytest.mark.parametrize("wires", [(Wire.OPENAI, Wire.ANTHROPIC), (Wire.ANTHROPIC, Wire.OPENAI)])
async def test_with_both_formats_a_request_goes_out_as_it_came(wires):
    egress = Egress()
    async with rigs.Server() as server:
        model = rigs.make_model(server.base_url, wires)
        provider = make_provider(model, Secret("k"), egress)
        assert isinstance(provider.provider, ByDialect)
        whole = {Dialect.CHAT: shapes.Chat, Dialect.MESSAGES: shapes.Messages, Dialect.RESPONSES: shapes.Responses}
        for dialect, shape in whole.items():
            reply = shape().whole("m", "hi", None)
            server.says(reply)
            _, frame, _ = await take(provider, rigs.make_cleared(model, rigs.BODIES[dialect], dialect))
            assert frame.data == reply
        server.says({"input_tokens": 3})
        await take(provider, rigs.make_cleared(model, rigs.BODIES[Dialect.COUNT_TOKENS], Dialect.COUNT_TOKENS))
        assert server.paths == ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/messages/count_tokens"]
        assert ["x-api-key" in headers for headers in server.headers] == [False, True, False, True]
        assert await provider.health() == "ready"
        await provider.aclose()
        await egress.aclose()
