import asyncio

import pytest

from sampan.providers.local.slots import Slots, _common


async def test_the_next_turn_goes_to_the_slot_of_its_conversation():
    slots = Slots(2)
    first = await slots.take("ann", "tools; hello")
    slots.give(first)
    other = await slots.take("ann", "a different talk")
    slots.give(other)
    again = await slots.take("ann", "tools; hello; answer; next")
    assert first.number != other.number
    assert (again.number, again.cached) == (first.number, True)


async def test_nobody_profits_from_the_cache_of_another():
    slots = Slots(1)
    seat = await slots.take("ann", "the same words")
    slots.give(seat)
    other = await slots.take("bob", "the same words")
    assert other.cached is False
    slots.give(other)
    assert (await slots.take("bob", "the same words")).cached is True


async def test_requests_wait_their_turn():
    slots = Slots(1)
    seat = await slots.take("ann", "x")
    order = []

    async def ask(name):
        mine = await slots.take(name, "x")
        order.append(name)
        slots.give(mine)

    tasks = [asyncio.create_task(ask(name)) for name in "abc"]
    await asyncio.sleep(0)
    assert order == []
    slots.give(seat)
    await asyncio.gather(*tasks)
    assert order == ["a", "b", "c"]


@pytest.mark.parametrize("given_first", [True, False])
async def test_who_leaves_while_waiting_blocks_nobody(given_first):
    slots = Slots(1)
    seat = await slots.take("ann", "x")
    leaver = asyncio.create_task(slots.take("bob", "x"))
    stayer = asyncio.create_task(slots.take("cat", "x"))
    await asyncio.sleep(0)
    if given_first:
        slots.give(seat)
    leaver.cancel()
    await asyncio.sleep(0)
    if not given_first:
        slots.give(seat)
    assert (await asyncio.wait_for(stayer, 1)).number == 0


def test_common_beginning():
    assert [_common(a, b) for a, b in (("", "x"), ("abc", "abd"), ("ab", "abc"), ("x", "y"))] == [0, 2, 2, 0]
