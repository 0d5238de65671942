"""The second model that is asked when the first is late."""

import asyncio

import pytest

from sampan.contract.errors import UpstreamDown
from sampan.flow.rival import Rival
from tests.flow import stages as s
from tests.flow.test_reach import DOWN, crossed, hedging, slow
from tests.support import clock


def racing(*providers):
    way = hedging(*providers)
    left = list(way.decided.routes[1:])
    return way, way.set_out(way.decided.routes[0]), Rival(way, left[0], left), left


async def test_a_rival_is_not_asked_before_its_time():
    way, leg, rival, left = racing(s.Scripted(s.model("one"), *s.good("a")), s.Scripted(s.model("two"), *s.good("x")))
    assert await rival.race(leg) is leg
    assert await rival.begun() is None
    await rival.settle(leg)
    assert len(left) == 1
    assert not way.hedged


async def test_when_the_first_fails_the_rival_is_waited_for():
    one = s.Scripted(s.model("one"), lambda: asyncio.sleep(0.02), DOWN)
    way, leg, rival, left = racing(one, slow("two", "x", wait=0.03))
    with pytest.raises(UpstreamDown):
        await rival.race(leg)
    quicker = await rival.begun()
    await rival.settle(quicker)
    assert quicker.model.name == "two"
    assert [frame async for frame in quicker.restored(way.journey)] == [s.text("x")]
    assert left == []


async def test_a_rival_that_fails_leaves_the_first_alone():
    way, leg, rival, _ = racing(slow("one", "a", wait=0.04), s.Scripted(s.model("two"), DOWN))
    assert await rival.race(leg) is leg
    assert await rival.begun() is None
    assert crossed(way) == [("two", "upstream_down")]


async def test_a_rival_that_breaks_later_says_so_to_its_reader():
    way, leg, rival, _ = racing(slow("one"), s.Scripted(s.model("two"), *s.good("x")[:2], UpstreamDown("cut")))
    winner = await rival.race(leg)
    with pytest.raises(UpstreamDown, match="cut"):
        assert [frame async for frame in winner.restored(way.journey)]


async def test_a_caller_who_leaves_stops_both():
    one, two = slow("one"), slow("two")
    way, leg, rival, _ = racing(one, two)
    task = asyncio.create_task(rival.race(leg))
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await rival.settle(None)
    await leg.aclose()
    assert (one.closed, two.closed) == (1, 1)
    assert ("two", "overtaken") in crossed(way)


async def test_a_winner_that_nobody_reads_to_the_end_is_stopped():
    two = s.Scripted(s.model("two"), *s.good(*"abcdefghijklmnop"))
    _, leg, rival, _ = racing(slow("one"), two)
    winner = await rival.race(leg)
    await rival.settle(winner)
    await winner.aclose()
    assert two.closed == 1


clock.skip_waits(globals())
