"""Counting tokens without sending anything."""

import msgspec

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.models import Wire
from sampan.contract.request import Dialect
from sampan.flow.run import run
from tests.flow import stages as s


async def test_a_count_of_another_wire_is_estimated_here():
    provider = s.Scripted(s.model("one"), *s.good("x"))
    body = {"model": "one", "messages": [{"role": "user", "content": "八個字的中文句子 and some more"}]}
    answer = await run(s.request(stream=False, dialect=Dialect.COUNT_TOKENS, body=body), s.stages(provider))
    frames = [f async for f in answer.frames]
    assert 10 < frames[0].data["input_tokens"] < 30
    assert provider.calls == 0


async def test_a_count_of_the_model_on_this_machine_is_its_own():
    model = msgspec.structs.replace(s.model("one"), wire=(Wire.LOCAL,))
    provider = s.Scripted(model, Started(), Frame({"input_tokens": 33}), End())
    body = {"model": "one", "messages": [{"role": "user", "content": "hi"}]}
    answer = await run(s.request(stream=False, dialect=Dialect.COUNT_TOKENS, body=body), s.stages(provider))
    assert [frame.data async for frame in answer.frames] == [{"input_tokens": 33}]


async def test_what_the_provider_does_not_count_is_estimated():
    for usage, estimated in ((Usage(), True), (Usage(input=3, output=2), False)):
        provider, records = (
            s.Scripted(s.model("one"), Started(), s.text("some"), s.text(" words"), End(usage)),
            s.Records(),
        )
        answer = await run(s.request(), s.stages(provider, records=records))
        assert len([frame async for frame in answer.frames]) == 2
        told = records.closed[0][1].spent[-1].usage
        assert (told.estimated, told.input > 0, told.output) == (estimated, True, 2)
