"""Trying again."""

import email.utils
import time

import pytest

from sampan.contract.answer import End, Frame, Started
from sampan.contract.errors import (
    PolicyRefused,
    StreamCut,
    UpstreamAuth,
    UpstreamDown,
    UpstreamRefused,
    UpstreamTimeout,
)
from sampan.providers.fake import FakeProvider, Script
from sampan.providers.wrap.retry import TOTAL_WAIT_S, Retry
from tests.providers import rigs
from tests.providers.rigs import take

GOOD = Script(text="hi")


def failed(status=503, kind=UpstreamDown, retryable=True, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Script(error=kind("no", status=status, headers=names, retryable=retryable))


async def tried(*scripts, retries=2, stream=False):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    model = rigs.make_model(retries=retries)
    provider = Retry(FakeProvider(model, scripts), sleep=sleep)
    cleared = rigs.make_cleared(model, {**rigs.BODIES["openai-chat"], "stream": stream})
    got = []
    try:
        await take(provider, cleared, got)
    except Exception as error:
        return got, error, waits, provider.provider
    return got, None, waits, provider.provider


async def test_what_passes_is_tried_again_with_the_same_cleared():
    got, error, waits, model = await tried(failed(503), failed(429, UpstreamRefused), GOOD)
    assert error is None and [type(event) for event in got] == [Started, Frame, End]
    assert len(model.received) == 3 and len({id(cleared) for cleared in model.received}) == 1
    assert 0.25 <= waits[0] <= 0.5 and 0.5 <= waits[1] <= 1.0


@pytest.mark.parametrize("retries", [0, 1, 3])
async def test_only_so_often(retries):
    _, error, waits, model = await tried(failed(), retries=retries)
    assert isinstance(error, UpstreamDown) and len(model.received) == retries + 1 and len(waits) == retries


@pytest.mark.parametrize(
    "script",
    [failed(400, UpstreamRefused, retryable=False), failed(502, UpstreamAuth, retryable=False),
     failed(0, UpstreamTimeout), Script(error=PolicyRefused("no")), Script(error=ValueError("no"))],
)  # fmt: skip
async def test_what_does_not_pass_is_not(script):
    _, error, waits, model = await tried(script, GOOD)
    assert error is script.error and waits == [] and len(model.received) == 1


async def test_never_after_the_first_frame():
    cut = Script(text="hello there", cut_after=2)
    got, error, waits, _ = await tried(cut, GOOD, stream=True)
    assert isinstance(error, StreamCut) and waits == [] and any(isinstance(event, Frame) for event in got)


async def test_a_stream_cut_before_anything_is_tried_again_and_starts_once():
    got, error, _, model = await tried(Script(text="hello", cut_after=0), GOOD, stream=True)
    assert error is None and len(model.received) == 2
    assert [type(event) for event in got].count(Started) == 1


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [({"retry_after": "3"}, 3, 3), ({"retry_after_ms": "1500"}, 1.5, 1.5), ({"retry_after": "0"}, 0.25, 0.5),
     ({"retry_after": "soon"}, 0.25, 0.5), ({"retry_after": "-5"}, 0.25, 0.5), ({"retry_after": "nan"}, 0.25, 0.5)],
)  # fmt: skip
async def test_retry_after_is_honoured(headers, low, high):
    _, error, waits, _ = await tried(failed(429, UpstreamRefused, **headers), GOOD)
    assert error is None and low <= waits[0] <= high


async def test_retry_after_may_be_a_date():
    date = email.utils.formatdate(time.time() + 9, usegmt=True)
    _, error, waits, _ = await tried(failed(429, UpstreamRefused, retry_after=date), GOOD)
    assert error is None and 5 <= waits[0] <= 10


async def test_who_asks_for_too_long_is_not_waited_for():
    _, error, waits, _ = await tried(failed(429, UpstreamRefused, retry_after="21"), GOOD)
    assert error.headers == {"retry-after": "21"} and waits == []


async def test_all_waits_together_are_bounded():
    _, error, waits, _ = await tried(failed(429, UpstreamRefused, retry_after="20"), retries=10)
    assert error is not None and sum(waits) <= TOTAL_WAIT_S and len(waits) == 3


async def test_a_caller_that_leaves_stops_the_model():
    model = rigs.make_model()
    fake = FakeProvider(model, Script(text="hello" * 50))
    events = Retry(fake).run(rigs.make_cleared(model, {**rigs.BODIES["openai-chat"], "stream": True}))
    await anext(events)
    await anext(events)
    await events.aclose()
    assert fake.stopped == 1
