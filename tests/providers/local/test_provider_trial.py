"""The real engine on trial: it tells how sure it was, and the answer looks as any other."""

import pytest

from sampan.contract.request import Dialect
from tests.providers.local.conftest import make_cleared
from tests.providers.local.test_provider import TOOLS, frames, provider, say

pytestmark = pytest.mark.engine
__all__ = ["provider"]


async def on_trial(provider, body, dialect=Dialect.CHAT):
    cleared = make_cleared(body, dialect, "ann")
    cleared.on_trial = True
    events = [event async for event in provider.run(cleared)]
    return frames(events), events[-1].logprobs


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("dialect", [Dialect.CHAT, Dialect.COMPLETIONS, Dialect.MESSAGES])
async def test_every_token_has_a_probability_that_the_caller_does_not_see(provider, dialect, stream):
    body = {"prompt": "Say hi", "max_tokens": 12} if dialect is Dialect.COMPLETIONS else say("Say hi")
    seen, logprobs = await on_trial(provider, {**body, "stream": stream}, dialect)
    assert 0 < len(logprobs) <= 13
    assert all(-50 < each <= 0 for each in logprobs)
    assert "logprob'" not in str(seen)


async def test_with_tools_in_a_stream_it_answers_without(provider):
    seen, _ = await on_trial(provider, say("The weather in Paris?", tools=TOOLS, stream=True, max_tokens=30))
    assert seen


async def test_nobody_is_asked_for_them_without_a_trial(provider):
    events = [event async for event in provider.run(make_cleared(say("Hi"), Dialect.CHAT, "ann"))]
    assert events[-1].logprobs == ()
