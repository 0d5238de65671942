"""Signs of life."""

import asyncio

import pytest

from sampan.flow.line import kept_alive
from tests.support import clock


class Line:
    def __init__(self):
        self.signs = 0

    async def working(self):
        self.signs += 1


async def test_a_sign_again_and_again_and_none_after_the_end():
    line = Line()
    async with kept_alive(line, 0.005):
        await asyncio.sleep(0.05)
    given = line.signs
    await asyncio.sleep(0.02)
    assert line.signs == given >= 2


async def test_none_for_what_is_quick():
    line = Line()
    async with kept_alive(line, 5.0):
        await asyncio.sleep(0)
    assert line.signs == 0


async def test_without_a_line_nothing_is_done():
    async with kept_alive(None, 0.0):
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_failure_inside_goes_on():
    with pytest.raises(ValueError, match="inside"):
        async with kept_alive(Line(), 1.0):
            raise ValueError("inside")


clock.skip_waits(globals())
