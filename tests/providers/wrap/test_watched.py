import asyncio

import pytest

from sampan.contract.answer import End, Frame, Started, Usage
from sampan.contract.errors import Unavailable
from sampan.contract.request import Dialect
from sampan.providers.wrap.watched import WatchedBook
from tests.flow import stages as s


class Watch:
    def __init__(self):
        self.seen = []

    def __getattr__(self, what):
        return lambda model, *rest: self.seen.append((what, model, *rest))

    @property
    def names(self):
        return [one[0] for one in self.seen]


class Cleared:
    def __init__(self, dialect=Dialect.CHAT, stream=True):
        self.dialect, self.stream, self.sent = dialect, stream, []


async def heard(watch, *script, take=None, **asked):
    book = WatchedBook({"m": s.Scripted(s.model("m"), *script)}, watch)
    events, found = book["m"].run(Cleared(**asked)), []
    async for event in events:
        found.append(event)
        if len(found) == take:
            await events.aclose()
            break
    return found


async def nap():
    await asyncio.sleep(0.02)


async def test_a_stream_is_timed_to_its_first_token_and_to_its_last():
    watch = Watch()
    script = [Started(), nap, s.text("a"), nap, s.text("b"), End(Usage(3, 40))]
    assert await heard(watch, *script) == [one for one in script if one is not nap]
    assert watch.names == ["began", "first", "whole", "ended"]
    assert watch.seen[1][2] >= 0.02
    assert watch.seen[2][2] >= 0.04
    assert watch.seen[3][3] == 40
    assert watch.seen[3][2] >= 0.02


async def test_a_whole_answer_has_no_first_token_but_a_speed():
    watch = Watch()
    await heard(watch, Started(), nap, Frame({}), End(Usage(3, 40)), stream=False)
    assert watch.names == ["began", "whole", "ended"]
    assert watch.seen[2][2:] == (watch.seen[2][2], 40)
    assert watch.seen[2][2] >= 0.02


async def test_a_short_whole_answer_tells_no_speed():
    watch = Watch()
    await heard(watch, Started(), Frame({}), End(Usage(3, 10)), stream=False)
    assert [each[3] for each in watch.seen if each[0] in {"whole", "ended"}] == [10, 0]


@pytest.mark.parametrize("dialect", [Dialect.EMBEDDINGS, Dialect.COUNT_TOKENS])
async def test_what_is_no_answer_is_not_timed(dialect):
    watch = Watch()
    await heard(watch, Started(), Frame({}), End(), dialect=dialect, stream=False)
    assert watch.seen == []


async def test_a_failure_ends_it_without_a_time():
    watch = Watch()
    with pytest.raises(Unavailable):
        await heard(watch, Started(), Unavailable("no"))
    assert watch.names == ["began", "ended"]
    assert watch.seen[-1][3] == 0


async def test_who_leaves_before_the_first_token_is_told_apart_from_who_leaves_later():
    watch = Watch()
    await heard(watch, *s.good("a", "b"), take=1)
    assert watch.names == ["began", "abandoned", "ended"]
    watch = Watch()
    await heard(watch, *s.good("a", "b"), take=2)
    assert watch.names == ["began", "first", "ended"]


async def test_the_provider_is_closed_with_it():
    provider = s.Scripted(s.model("m"), *s.good("a"))
    watched = WatchedBook({"m": provider}, Watch())["m"]
    assert watched.model is provider.model
    events = watched.run(Cleared())
    await anext(events)
    await events.aclose()
    assert provider.closed == 1
