"""Which of the allowed routes begins to answer."""

import asyncio

import msgspec
import pytest

from sampan.contract.errors import PolicyRefused, UpstreamDown, UpstreamRefused
from sampan.contract.models import Realm, Wire
from sampan.flow.reach import reach
from tests.flow import stages as s
from tests.flow.test_legs import trip
from tests.support import clock

DOWN = UpstreamDown("no", retryable=True)


def hedging(*providers, after=0.01):
    way = trip(*providers)
    way.decided = msgspec.structs.replace(way.decided, hedge_after_s=after)
    return way


def slow(name, *frames, wait=30.0, realm=Realm.PUBLIC):
    return s.Scripted(s.model(name, realm), lambda: asyncio.sleep(wait), *s.good(*frames))


def crossed(way):
    return [(each.model, each.error) for each in way.journey.crossings]


async def test_the_first_that_answers():
    way = trip(s.Scripted(s.model("one"), DOWN), s.Scripted(s.model("two"), *s.good("x")))
    leg = await reach(way, way.decided.routes)
    assert (leg.model.name, crossed(way)) == ("two", [("one", "upstream_down")])


async def test_only_the_routes_that_are_left():
    one, two = s.Scripted(s.model("one"), *s.good("x")), s.Scripted(s.model("two"), *s.good("x"))
    way = trip(one, two)
    assert (await reach(way, way.decided.routes[1:])).model.name == "two"
    assert one.calls == 0


async def test_the_last_failure_is_told():
    way = trip(s.Scripted(s.model("one"), UpstreamDown("a", retryable=True)), s.Scripted(s.model("two"), DOWN))
    with pytest.raises(UpstreamDown, match="no"):
        await reach(way, way.decided.routes)


async def test_a_request_that_a_model_refused_is_not_asked_elsewhere_and_the_other_is_stopped():
    late = s.Scripted(s.model("one"), lambda: asyncio.sleep(0.05), UpstreamRefused("bad", status=400))
    other = slow("two", "x")
    way = hedging(late, other)
    with pytest.raises(UpstreamRefused):
        await reach(way, way.decided.routes)
    assert (other.calls, other.closed) == (1, 1)
    assert crossed(way) == [("one", "upstream_refused"), ("two", "overtaken")]


async def test_a_late_one_is_overtaken():
    late, other, third = slow("one"), s.Scripted(s.model("two"), *s.good("x", "y")), s.Scripted(s.model("three"))
    way = hedging(late, other, third)
    leg = await reach(way, way.decided.routes)
    assert leg.model.name == "two"
    assert [frame async for frame in leg.restored(way.journey)] == [s.text("x"), s.text("y")]
    assert (late.closed, third.calls) == (1, 0)
    assert crossed(way) == [("one", "overtaken"), ("two", "")]


async def test_a_quick_one_has_no_rival():
    other = s.Scripted(s.model("two"), *s.good("x"))
    way = hedging(s.Scripted(s.model("one"), *s.good("a")), other, after=0.05)
    assert (await reach(way, way.decided.routes)).model.name == "one"
    await asyncio.sleep(0.08)
    assert other.calls == 0


@pytest.mark.parametrize("after", [0.0, -1.0])
async def test_no_hedge_unless_the_decision_says_so(after):
    other = s.Scripted(s.model("two"), *s.good("x"))
    way = hedging(slow("one", "a", wait=0.03), other, after=after)
    assert (await reach(way, way.decided.routes)).model.name == "one"
    assert other.calls == 0


async def test_one_hedge_a_request():
    """The first is late and fails, its rival fails, the third is late too: it is waited for."""
    one = s.Scripted(s.model("one"), lambda: asyncio.sleep(0.04), DOWN)
    two, three, four = s.Scripted(s.model("two"), DOWN), slow("three", "c", wait=0.05), s.Scripted(s.model("four"))
    way = hedging(one, two, three, four)
    assert (await reach(way, way.decided.routes)).model.name == "three"
    assert four.calls == 0
    assert crossed(way) == [("two", "upstream_down"), ("one", "upstream_down")]


def at(name, url, *, realm=Realm.PERSONAL, wire=Wire.OPENAI):
    return msgspec.structs.replace(s.model(name, realm), wire=(wire,), base_url=url)


async def winner(late, *others):
    """Who answers when the first of these models is late."""
    providers = [s.Scripted(late, lambda: asyncio.sleep(0.04), *s.good("a"))]
    providers += [s.Scripted(each, *s.good("x")) for each in others]
    way = hedging(*providers)
    return (await reach(way, way.decided.routes)).model.name


async def test_one_machine_is_not_asked_twice():
    one = at("one", "http://127.0.0.1:1")
    assert await winner(one, at("two", "http://127.0.0.1:1")) == "one"
    assert await winner(one, at("two", "http://127.0.0.1:1"), at("three", "http://127.0.0.1:2")) == "three"
    assert await winner(at("one", "a", wire=Wire.LOCAL), at("two", "b", wire=Wire.LOCAL)) == "one"


async def test_slowness_sends_nothing_further_out():
    here, office, cloud = (
        at("here", "a"),
        at("office", "b", realm=Realm.ENTERPRISE),
        at("cloud", "c", realm=Realm.PUBLIC),
    )
    assert await winner(here, office, cloud) == "here"
    assert await winner(office, cloud) == "office"
    assert await winner(office, cloud, here) == "here"
    assert await winner(cloud, office) == "office"


async def test_a_rival_that_cannot_be_cleared_leaves_nothing():
    way = hedging(slow("one", "a", wait=0.04), s.Scripted(s.model("two"), *s.good("x")))
    clear = way.stages.protector.clear

    class Protector:
        def clear(self, decided, route):
            if route.model.name == "two":
                raise PolicyRefused("it cannot be replaced")
            return clear(decided, route)

    way.stages = way.stages._replace(protector=Protector())
    assert (await reach(way, way.decided.routes)).model.name == "one"


async def test_a_defect_stops_everything():
    other = slow("two", "x")
    way = hedging(s.Scripted(s.model("one"), lambda: asyncio.sleep(0.03), ValueError("boom")), other)
    with pytest.raises(ValueError, match="boom"):
        await reach(way, way.decided.routes)
    assert crossed(way) == [("one", "not_answered"), ("two", "overtaken")]
    assert other.closed == 1


clock.skip_waits(globals())
