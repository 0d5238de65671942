"""The frames of an answer, and letting them go."""

import pytest

from sampan.contract.answer import Frame
from sampan.flow.answer import Frames


class Journey:
    def __init__(self):
        self.ends = []

    def close(self, end, error=""):
        self.ends.append(end)


async def two(log):
    try:
        yield Frame({"n": 1})
        yield Frame({"n": 2})
    finally:
        log.append("generator")


def made(log, stop=None):
    async def stopped():
        log.append("stop")

    journey = Journey()
    return Frames(two(log), stop or stopped, journey), journey


async def test_frames_come_as_they_are():
    frames, journey = made([])
    assert [frame.data["n"] async for frame in frames] == [1, 2]
    assert journey.ends == []


async def test_leaving_in_the_middle_stops_the_generation_then_closes():
    log = []
    frames, journey = made(log)
    await anext(frames)
    await frames.aclose()
    assert (log, journey.ends) == (["generator", "stop"], ["client_left"])


async def test_leaving_before_the_first_closes_too():
    log = []
    frames, journey = made(log)
    await frames.aclose()
    assert (log, journey.ends) == (["stop"], ["client_left"])


async def test_the_record_is_closed_even_when_stopping_fails():
    async def stop():
        raise OSError

    frames, journey = made([], stop)
    with pytest.raises(OSError):
        await frames.aclose()
    assert journey.ends == ["client_left"]
