"""The Anthropic wire format."""

import pytest

from sampan.contract.request import Dialect
from tests.providers import rigs
from tests.providers.conformance import TEXT, WireConformance
from tests.providers.rigs import take
from tests.support import dialects as shapes


@pytest.fixture
async def rig():
    async with rigs.wire_rig(rigs.AnthropicRig) as rig:
        yield rig


class TestAnthropicProvider(WireConformance):
    pass


async def test_the_callers_version_and_betas_are_passed_on(rig):
    rig.plain(TEXT)
    await take(rig.provider, rig.cleared())
    assert rig.server.headers[0]["anthropic-version"] == "2023-06-01"
    assert "anthropic-beta" not in rig.server.headers[0]
    await take(rig.provider, rig.cleared(headers={"anthropic-version": "2026-10-21", "anthropic-beta": "a,b"}))
    assert rig.server.headers[1]["anthropic-version"] == "2026-10-21"
    assert rig.server.headers[1]["anthropic-beta"] == "a,b"


async def test_tokens_of_a_stream_come_from_its_start_and_its_end(rig):
    start = shapes.Messages().whole("m", "", None)
    start["usage"] = {
        "input_tokens": 5,
        "cache_read_input_tokens": 3,
        "cache_creation_input_tokens": 2,
        "output_tokens": 1,
    }
    delta = {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}, "usage": {"output_tokens": 9}}
    rig.server.streams(
        [
            shapes.sse({"type": "message_start", "message": start}, "message_start"),
            shapes.sse({"type": "ping"}, "ping"),
            shapes.sse(delta, "message_delta"),
            shapes.sse({"type": "message_stop"}, "message_stop"),
        ]
    )
    _, *frames, end = await take(rig.provider, rig.cleared(stream=True))
    assert [frame.event for frame in frames] == ["message_start", "ping", "message_delta", "message_stop"]
    assert (end.usage.input, end.usage.cached, end.usage.output, end.finish) == (10, 3, 9, "max_tokens")


async def test_a_count_of_tokens(rig):
    rig.server.says({"input_tokens": 7})
    _, frame, _ = await take(rig.provider, rig.cleared(Dialect.COUNT_TOKENS))
    assert frame.data == {"input_tokens": 7}
    assert rig.server.paths == ["/v1/messages/count_tokens"]


@pytest.mark.parametrize("dialect", [Dialect.CHAT, Dialect.COMPLETIONS, Dialect.RESPONSES])
async def test_openai_callers_are_translated(rig, dialect):
    rig.stream(TEXT)
    _, *frames, end = await take(rig.provider, rig.cleared(dialect, stream=True))
    assert rig.server.paths == ["/v1/messages"] and rig.server.bodies[0]["max_tokens"]
    assert len(frames) > 3 and end.usage.output == 4
    if dialect is Dialect.CHAT:
        assert rigs.OpenAIRig.text_of(None, frames) == TEXT


async def test_cache_control_and_thinking_are_kept(rig):
    rig.plain(TEXT)
    fields = {
        "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}],
        "thinking": {"type": "x"},
    }
    await take(rig.provider, rig.cleared(**fields))
    assert {name: rig.server.bodies[0][name] for name in fields} == fields
