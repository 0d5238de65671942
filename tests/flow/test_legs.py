"""One leg: what it notes of itself, however it ends."""

import asyncio

import pytest

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.errors import StreamCut, UpstreamDown
from sampan.contract.request import Decided, Form, Route
from sampan.flow.journey import Journey
from sampan.flow.legs import OVERTAKEN, Trip, given
from tests.flow import stages as s


def trip(*providers, records=None):
    stages = s.stages(*providers, records=records)
    asked = s.request()
    journey = Journey(stages.recorder.open(asked), asked)
    routes = tuple(Route(each.model, Form()) for each in providers)
    return Trip(Decided(stages.labeller.label(asked), routes, (), "test", "sha256:0"), stages, journey)


async def test_it_begins_with_the_first_frame_and_gives_every_frame():
    way = trip(s.Scripted(s.model("one"), *s.good("a", "b")))
    leg = way.set_out(way.decided.routes[0])
    assert leg.cleared.sent == []
    await leg.begin()
    assert (leg.first, leg.started) == (s.text("a"), Started())
    assert [frame async for frame in leg.restored(way.journey)] == [s.text("a"), s.text("b")]
    assert way.journey.paid[0].usage == Usage(3, 2)


async def test_what_ends_without_a_frame_or_without_an_end_is_cut():
    way = trip(s.Scripted(s.model("one"), Started(), End()), s.Scripted(s.model("two"), Started(), s.text("a")))
    one, two = map(way.set_out, way.decided.routes)
    with pytest.raises(StreamCut):
        await one.begin()
    await two.begin()
    with pytest.raises(StreamCut):
        assert [frame async for frame in two.restored(way.journey)]


@pytest.mark.parametrize(("most", "whole"), [(1000, True), (len(repr(s.text("a").data)), False), (0, False)])
async def test_an_answer_is_collected_up_to_a_size(most, whole):
    way, frames = trip(s.Scripted(s.model("one"), *s.good("a", "b"))), []
    leg = way.set_out(way.decided.routes[0])
    assert await leg.collect(way.journey, frames, most) is whole
    assert frames == [s.text("a"), s.text("b")][: 2 if whole else int(most > 0)]


async def test_it_fails_once():
    way = trip(s.Scripted(s.model("one"), Started()))
    leg = way.set_out(way.decided.routes[0])
    leg.cleared.sent.append(b"x")
    error = UpstreamDown("no", upstream={"error": {"message": "m"}})
    leg.failed(error, way.journey)
    leg.failed(asyncio.CancelledError(), way.journey)
    await leg.cut_short(way.journey, OVERTAKEN)
    assert [each.error for each in way.journey.crossings] == ["upstream_down"]


async def test_the_one_that_was_overtaken_is_stopped_and_its_question_is_paid():
    provider = s.Scripted(s.model("one"), *s.good("a", "b"))
    way = trip(provider)
    leg = way.set_out(way.decided.routes[0])
    await leg.begin()
    await leg.cut_short(way.journey, OVERTAKEN)
    (crossing,), (paid,) = way.journey.crossings, way.journey.paid
    assert (crossing.error, provider.closed) == ("overtaken", 1)
    assert paid.usage.estimated
    assert paid.usage.input > 0


async def test_what_was_never_sent_costs_nothing():
    way = trip(s.Scripted(s.model("one"), *s.good("a")))
    leg = way.set_out(way.decided.routes[0])
    await leg.cut_short(way.journey, OVERTAKEN)
    assert (way.journey.crossings, way.journey.paid[0].usage) == ([], Usage())


async def test_an_answer_that_is_given_closes_the_record():
    records = s.Records()
    way = trip(s.Scripted(s.model("one"), *s.good("a")), records=records)
    leg = way.set_out(way.decided.routes[0])
    await leg.begin()
    answer = given(way, leg)
    assert [frame async for frame in answer.frames] == [s.text("a")]
    ((_, outcome),) = records.closed
    assert (outcome.end, outcome.answered.name) == ("complete", "one")
    assert outcome.ms["first_token"] > 0


async def test_a_plain_reply_is_restored_whole():
    way = trip(s.Scripted(s.model("one"), Started(), Frame({"a": 1}), End()))
    leg = way.set_out(way.decided.routes[0])
    leg.cleared.stream = False
    leg.restorer.whole = lambda value: {**value, "b": 2}
    await leg.begin()
    assert [frame.data async for frame in leg.restored(way.journey)] == [{"a": 1, "b": 2}]
