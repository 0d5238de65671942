"""The way through: one receipt whatever happens, fallback only inside the decision."""

import asyncio
import threading
from contextlib import aclosing

import msgspec
import pytest

from sampan.contract.answer import End, Started
from sampan.contract.errors import ContextTooLong, PolicyRefused, StorageFull, StreamCut, UpstreamDown, UpstreamRefused
from sampan.contract.models import Realm
from sampan.contract.request import Refused
from sampan.flow.journey import STOPPED
from sampan.flow.run import decide_only, run
from tests.flow import stages as s


async def collect(answer):
    return [f.data["choices"][0]["delta"]["content"] async for f in answer.frames]


def ends(records):
    return [facts.end for _, facts in records.closed]


async def test_an_answer_comes_through_and_is_recorded_once():
    records = s.Records()
    provider = s.Scripted(s.model("cloud"), *s.good("a", "b"))
    answer = await run(s.request(), s.stages(provider, records=records))
    assert await collect(answer) == ["a", "b"]
    await answer.frames.aclose()
    assert ends(records) == ["complete"]
    facts = records.closed[0][1]
    assert [c.model for c in facts.crossings] == ["cloud"]
    assert facts.spent[-1].usage.output == 2
    assert provider.closed == 1


async def test_the_personal_realm_is_no_crossing():
    records = s.Records()
    answer = await run(
        s.request(), s.stages(s.Scripted(s.model("here", Realm.PERSONAL), *s.good("a")), records=records)
    )
    await collect(answer)
    assert records.closed[0][1].crossings == ()


async def test_fallback_goes_to_the_next_allowed_route_and_both_crossings_are_told():
    records = s.Records()
    first = s.Scripted(s.model("one"), Started(), UpstreamDown("no", retryable=True))
    second = s.Scripted(s.model("two"), *s.good("x"))
    answer = await run(s.request(), s.stages(first, second, records=records))
    assert await collect(answer) == ["x"]
    assert [(c.model, c.error) for c in records.closed[0][1].crossings] == [("one", "upstream_down"), ("two", "")]


async def test_a_request_too_long_for_one_model_goes_to_the_next_allowed_one():
    first = s.Scripted(s.model("here", Realm.PERSONAL), ContextTooLong("too long"))
    second = s.Scripted(s.model("two"), *s.good("x"))
    assert await collect(await run(s.request(), s.stages(first, second))) == ["x"]
    with pytest.raises(ContextTooLong):
        await run(s.request(), s.stages(s.Scripted(s.model("here", Realm.PERSONAL), ContextTooLong("too long"))))


async def test_no_fallback_for_a_request_the_model_refused():
    records = s.Records()
    first = s.Scripted(s.model("one"), UpstreamRefused("bad", status=400))
    second = s.Scripted(s.model("two"), *s.good("x"))
    with pytest.raises(UpstreamRefused):
        await run(s.request(), s.stages(first, second, records=records))
    assert second.calls == 0
    assert ends(records) == ["error"]


async def test_no_fallback_after_the_first_frame():
    records = s.Records()
    first = s.Scripted(s.model("one"), Started(), s.text("a"), UpstreamDown("cut", retryable=True))
    second = s.Scripted(s.model("two"), *s.good("x"))
    answer = await run(s.request(), s.stages(first, second, records=records))
    with pytest.raises(UpstreamDown):
        await collect(answer)
    assert second.calls == 0
    assert ends(records) == ["error"]


async def test_a_stream_without_an_end_is_cut_not_complete():
    records = s.Records()
    answer = await run(s.request(), s.stages(s.Scripted(s.model("one"), Started(), s.text("a")), records=records))
    with pytest.raises(StreamCut):
        await collect(answer)
    assert records.closed[0][1].error == "stream_cut"


async def test_an_empty_answer_is_cut():
    with pytest.raises(StreamCut):
        await run(s.request(), s.stages(s.Scripted(s.model("one"), Started(), End())))


async def test_a_refusal_is_recorded_and_nothing_runs():
    records = s.Records()
    provider = s.Scripted(s.model("one"), *s.good("x"))

    def refusal(labelled):
        return Refused(labelled, ("hk-id-stays-home",), "HKID stays home.", ("ask auto",))

    with pytest.raises(PolicyRefused) as caught:
        await run(s.request(), s.stages(provider, records=records, decider=s.Decider(refusal=refusal)))
    assert caught.value.rules == ("hk-id-stays-home",)
    assert provider.calls == 0
    assert ends(records) == ["refused"]
    assert caught.value.receipt == records.opened[0]


async def test_without_room_for_a_record_nothing_runs():
    provider = s.Scripted(s.model("one"), *s.good("x"))
    with pytest.raises(StorageFull):
        await run(s.request(), s.stages(provider, records=s.Records(full=True)))
    assert provider.calls == 0


async def test_a_caller_who_leaves_before_the_first_frame_stops_the_model():
    records = s.Records()
    provider = s.Scripted(s.model("one"), Started(), lambda: asyncio.sleep(30))
    task = asyncio.create_task(run(s.request(), s.stages(provider, records=records)))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ends(records) == ["client_left"]
    assert provider.closed == 1


@pytest.mark.parametrize("taken", [0, 1])
async def test_a_caller_who_leaves_later_leaves_a_closed_record(taken):
    records = s.Records()
    provider = s.Scripted(s.model("one"), *s.good("a", "b", "c"))
    answer = await run(s.request(), s.stages(provider, records=records))
    for _ in range(taken):
        await anext(answer.frames)
    await answer.frames.aclose()
    assert ends(records) == ["client_left"]
    assert provider.closed == 1


@pytest.mark.parametrize(("why", "end"), [("", "client_left"), (STOPPED, STOPPED)])
@pytest.mark.parametrize("taken", [0, 1])
async def test_a_caller_who_is_cancelled_while_it_does_something_else(taken, why, end):
    """A web answer is stopped while its text is written down: nobody waits for a frame then."""
    records, busy = s.Records(), asyncio.Event()

    async def caller():
        answer = await run(s.request(), s.stages(s.Scripted(s.model("cloud"), *s.good("a", "b", "c")), records=records))
        async with aclosing(answer.frames) as frames:
            for _ in range(taken):
                await anext(frames)
            busy.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(caller())
    await busy.wait()
    task.cancel(why)
    with pytest.raises(asyncio.CancelledError):
        await task
    ((_, outcome),) = records.closed
    assert outcome.end == end
    assert {crossing.error for crossing in outcome.crossings} == ({end} if taken else set())


async def test_a_crash_inside_a_stage_is_recorded():
    records = s.Records()
    stages = s.stages(s.Scripted(s.model("one"), ValueError("boom")), records=records)
    with pytest.raises(ValueError, match="boom"):
        await run(s.request(), stages)
    assert records.closed[0][1].error == "internal_error"


async def test_deciding_alone_records_and_sends_nothing():
    records = s.Records()
    provider = s.Scripted(s.model("one"), *s.good("x"))
    decision = await decide_only(s.request(), s.stages(provider, records=records))
    assert decision.routes[0].model.name == "one"
    assert (records.opened, provider.calls) == ([], 0)


@pytest.mark.parametrize(("size", "slow", "here"), [(10, False, True), (10, True, False), (100_000, False, False)])
async def test_long_bodies_and_files_leave_the_event_loop(size, slow, here):
    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("a")))
    seen = []

    class Labeller(type(stages.labeller)):
        def is_slow(self, request):
            return slow

        def label(self, request):
            seen.append(threading.current_thread() is threading.main_thread())
            return super().label(request)

    request = msgspec.structs.replace(s.request(), text_size=size)
    await collect(await run(request, stages._replace(labeller=Labeller())))
    assert seen == [here]
