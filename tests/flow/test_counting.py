"""Counting tokens without sending anything."""

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
