"""What an answer said, from frames of every dialect: the fake model writes them."""

import pytest

from sampan.contract.answer import Frame
from sampan.contract.models import Model, Realm, Wire
from sampan.contract.request import Dialect, Form, Route
from sampan.contract.verdict import Call, Said
from sampan.decide.verify.reading import said_of
from sampan.providers.fake import FakeProvider, Script
from tests.flow.stages import FakeCleared, request

MODEL = Model(name="m", realm=Realm.PUBLIC, wire=(Wire.FAKE,))
BODIES = {
    Dialect.CHAT: {"messages": [{"role": "user", "content": "hi"}]},
    Dialect.COMPLETIONS: {"prompt": "hi"},
    Dialect.RESPONSES: {"input": "hi"},
    Dialect.MESSAGES: {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 9},
}


async def frames(dialect, stream, script):
    cleared = FakeCleared(request(stream, dialect, {"model": "m", **BODIES[dialect]}), Route(MODEL, Form()))
    return [event async for event in FakeProvider(MODEL, script).run(cleared) if isinstance(event, Frame)]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("dialect", BODIES)
async def test_a_text(dialect, stream):
    text = '陳大文 says: it\'s "done".\n\nYours'
    assert said_of(dialect, await frames(dialect, stream, Script(text))) == Said(text, (), "stop")


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("dialect", [each for each in BODIES if each is not Dialect.COMPLETIONS])
async def test_a_call(dialect, stream):
    (call,) = said_of(dialect, await frames(dialect, stream, Script("香港", tool="find"))).calls
    assert call.name == "find"
    assert "香港" in call.arguments.encode().decode("unicode_escape" if "\\u" in call.arguments else "utf-8")


async def test_a_call_ends_in_one():
    for dialect in (Dialect.CHAT, Dialect.MESSAGES):
        assert said_of(dialect, await frames(dialect, True, Script("x", tool="find"))).finish == "tool_calls"


@pytest.mark.parametrize(
    "dialect,data,said",
    [
        (Dialect.CHAT, {"choices": [{"index": 0, "message": {"content": "a"}, "finish_reason": "length"}]}, Said("a", (), "length")),
        (Dialect.CHAT, {"choices": [{"index": 0, "message": {"refusal": "No."}, "finish_reason": "stop"}]}, Said("No.", (), "refusal")),
        (Dialect.CHAT, {"choices": [{"index": 1, "delta": {"content": "other"}}]}, Said()),
        (Dialect.CHAT, {"choices": [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]}, Said("", (), "refusal")),
        (Dialect.RESPONSES, {"output": [{"content": [{"type": "output_text", "text": "a"}]}], "status": "incomplete",
                             "incomplete_details": {"reason": "max_output_tokens"}}, Said("a", (), "length")),
        (Dialect.RESPONSES, {"output": [{"content": [{"type": "refusal", "refusal": "No."}]}], "status": "completed"},
         Said("No.", (), "refusal")),
        (Dialect.MESSAGES, {"content": [{"type": "tool_use", "name": "f", "input": {"a": 1}}], "stop_reason": "tool_use"},
         Said("", (Call("f", '{"a":1}'),), "tool_calls")),
        (Dialect.MESSAGES, {"content": [], "stop_reason": "max_tokens"}, Said("", (), "length")),
        (Dialect.COMPLETIONS, {"choices": [{"text": "a", "finish_reason": "length"}]}, Said("a", (), "length")),
    ],
)  # fmt: skip
def test_how_it_ended(dialect, data, said):
    assert said_of(dialect, [Frame(data)]) == said


@pytest.mark.parametrize("dialect", [*BODIES, Dialect.EMBEDDINGS])
@pytest.mark.parametrize(
    "data",
    [{}, {"choices": None}, {"choices": [None]}, {"choices": [{"message": 3, "text": 3, "delta": 3, "finish_reason": 3}]},
     {"output": 3}, {"output": [3]}, {"response": 3}, {"content": "x", "delta": 3, "content_block": 3, "stop_reason": 3}],
)  # fmt: skip
def test_shapes_that_are_none(dialect, data):
    assert said_of(dialect, [Frame(data)]) == Said()
