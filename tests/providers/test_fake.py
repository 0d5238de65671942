"""The model that only pretends."""

import pytest

from sampan.contract.answer import End, Frame
from sampan.contract.errors import UpstreamDown
from sampan.contract.request import Dialect
from sampan.providers.fake import FakeProvider, Script, last_text
from tests.providers import rigs
from tests.providers.conformance import Conformance
from tests.providers.rigs import take


@pytest.fixture
def rig():
    return rigs.FakeRig()


class TestFakeProvider(Conformance):
    pass


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", list(Dialect))
async def test_every_dialect_is_echoed(dialect, stream):
    model = rigs.make_model()
    stream = stream and dialect not in (Dialect.EMBEDDINGS, Dialect.COUNT_TOKENS)
    cleared = rigs.make_cleared(model, {**rigs.BODIES[dialect], "stream": stream}, dialect)
    provider = FakeProvider(model)
    _, *frames, end = await take(provider, cleared)
    assert isinstance(frames[0], Frame) and isinstance(end, End)
    assert provider.received == [cleared]


async def test_splits_and_scripts_in_turn(rig):
    rig.provider = FakeProvider(rig.model, [Script(error=UpstreamDown("no")), Script(text="abcdef", splits=(1, 2))])
    with pytest.raises(UpstreamDown):
        await take(rig.provider, rig.cleared())
    _, *frames, _ = await take(rig.provider, rig.cleared(stream=True))
    pieces = [frame.data["choices"][0]["delta"].get("content") for frame in frames]
    assert [piece for piece in pieces if piece] == ["a", "bc", "de", "f"]


async def test_a_tool_call(rig):
    rig.provider = FakeProvider(rig.model, Script(tool="look", text="A1"))
    _, *frames, end = await take(rig.provider, rig.cleared(stream=True))
    calls = [call for f in frames for c in f.data["choices"] for call in c["delta"].get("tool_calls", ())]
    assert "".join(call["function"]["arguments"] for call in calls) == '{"text":"A1"}' and end.finish == "tool_calls"
    _, frame, _ = await take(rig.provider, rig.cleared(Dialect.MESSAGES))
    assert frame.data["content"][0]["input"] == {"text": "A1"}


def test_the_last_text():
    assert last_text({"messages": [{"content": "a"}, {"content": [{"text": "b"}, {"type": "image"}]}]}) == "b"
    assert last_text({"input": "x"}) == "x" and last_text({}) == "" and last_text({"prompt": ["p", "q"]}) == "q"
