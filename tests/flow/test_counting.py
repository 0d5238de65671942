"""Counting tokens without sending anything."""

from sampan.contract.answer import End, Started, Usage
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


async def test_what_the_provider_does_not_count_is_estimated():
    for usage, estimated in ((Usage(), True), (Usage(input=3, output=2), False)):
        provider, records = (
            s.Scripted(s.model("one"), Started(), s.text("some"), s.text(" words"), End(usage)),
            s.Records(),
        )
        answer = await run(s.request(), s.stages(provider, records=records))
        assert len([frame async for frame in answer.frames]) == 2
        told = records.closed[0][1]["usage"]
        assert (told.estimated, told.input > 0, told.output) == (estimated, True, 2)
