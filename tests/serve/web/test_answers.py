"""Answers under way: what they tell, and to whom."""

import asyncio
import threading
import time

import msgspec
import pytest

from sampan.contract.chat import Message, State
from sampan.contract.errors import StorageFull
from sampan.contract.request import Principal
from sampan.serve.web.answers import Answers, Asked, Live, request_of, text_of
from sampan.serve.web.markdown import Writer
from sampan.store.conversations import KeptConversations
from sampan.store.device import Device
from tests.flow import stages as s

WRITER = Writer("Copy", "{stand_in}")


@pytest.fixture
def kept(tmp_path):
    device = Device(tmp_path / "db", b"k" * 32)
    yield KeptConversations(device)
    device.close()


class Full:
    """Keeps what is begun, and no change of it."""

    def __init__(self, kept):
        self._kept = kept

    def __getattr__(self, name):
        return getattr(self._kept, name)

    def change(self, *_):
        raise StorageFull("No room.")


def live():
    return Live(Message("m", "", "assistant", "", 1.0, State.ANSWERING), WRITER)


def begun(answers, kept):
    conversation = kept.begin("u", "x")
    asked = Asked(conversation.id, "", ({"role": "user", "content": "x"},))
    return answers.start(Principal("u"), asked, WRITER)


async def all_of(live, after=0):
    return [event async for _, event in live.follow(after)]


async def test_text_and_blocks_add_up():
    under_way = live()
    for piece in ("One\n", "\nTwo", " more\n\n", "```\ncode\n", "\n```\n\nend"):
        await under_way.write(piece, {})
    await under_way.close({})
    deltas = "".join(e["text"] for e in under_way.events if e["type"] == "delta")
    html = "".join(e["html"] for e in under_way.events if e["type"] == "block")
    assert deltas == under_way.message.text
    assert html.count("<p>") == 3
    assert html.count("<pre ") == 1


async def test_a_long_open_block_is_not_parsed_at_every_line(monkeypatch):
    under_way = live()
    parsed = []
    monkeypatch.setattr(under_way._writer, "finished", lambda text: parsed.append(len(text)) or 0)
    for _ in range(10_000):
        await under_way.write("line\n", {})
    assert sum(parsed) < 60 * 50_000


async def test_a_long_block_is_rendered_beside_the_event_loop():
    """What somebody made to take long does not keep everybody else waiting."""
    under_way, here, seen = live(), threading.get_ident(), []

    class Slow:
        def finished(self, text):
            return len(text)

        def html(self, text, _):
            seen.append(threading.get_ident())
            return text

    under_way._writer = Slow()
    await under_way.write("x" * 3000 + "\n", {})
    await under_way.write("short\n", {})
    assert (seen[0] == here, seen[1]) == (False, here)


async def test_several_follow_and_each_gets_everything():
    under_way = live()
    readers = [asyncio.ensure_future(all_of(under_way)) for _ in range(3)]
    await asyncio.sleep(0)
    for piece in "abc":
        await under_way.write(piece, {})
        await asyncio.sleep(0)
    under_way.done = True
    under_way.tell({"type": "end"})
    assert [[e.get("text") for e in await reader] for reader in readers] == [["a", "b", "c", None]] * 3


async def test_the_last_event_is_told_though_it_is_done_already():
    under_way = live()
    await under_way.write("a", {})
    under_way.done = True
    assert [e["text"] for e in await all_of(under_way)] == ["a"]
    assert await all_of(under_way, 99) == []


async def test_a_full_disk_is_told_and_the_answer_is_shown(kept):
    answers = Answers(s.stages(s.Scripted(s.model("cloud"), *s.good("yes"))), Full(kept))
    message = begun(answers, kept)
    told = await all_of(answers.live(message.id))
    assert [e["type"] for e in told if e["type"] in {"delta", "trouble", "end"}] == ["delta", "trouble", "end"]


async def test_closing_stops_what_is_under_way(kept):
    gate = asyncio.Event()
    provider = s.Scripted(s.model("cloud"), *s.good("a")[:2], gate.wait)
    answers = Answers(s.stages(provider), kept)
    message = begun(answers, kept)
    await asyncio.sleep(0.02)
    await answers.aclose()
    assert kept.message("u", message.id)[1].state is State.INTERRUPTED
    assert provider.closed == 1


def test_the_request():
    request = request_of(Principal("u", "sampan-web"), Asked("c", "", ({"role": "user", "content": "x"},), "auto:best"))
    assert (request.asked, request.stream, request.body["messages"][0]["content"]) == ("auto:best", True, "x")
    assert request.text_size == len(msgspec.json.encode(request.body))


@pytest.mark.parametrize(
    "data", [{}, {"choices": []}, {"choices": [{}]}, {"choices": [{"delta": {"content": None}}]}, {"choices": 3}]
)
def test_events_without_text(data):
    assert text_of(data) == ""


async def test_an_answer_that_is_stopped_before_it_begins_ends_too(kept):
    answers = Answers(s.stages(s.Scripted(s.model("cloud"), *s.good("yes"))), kept)
    message = begun(answers, kept)
    await answers.stop(message.id)
    assert kept.message("u", message.id)[1].state is State.STOPPED
    assert [e["type"] for e in await all_of(answers.live(message.id))] == ["end"]


async def test_stopping_twice_lets_the_first_one_finish(kept):
    async def takes_long():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.02)
            cleaned.append(True)

    cleaned, records = [], s.Records()
    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("a")[:2], takes_long), records=records)
    answers = Answers(stages, kept)
    message = begun(answers, kept)
    await asyncio.sleep(0.02)
    first = asyncio.ensure_future(answers.stop(message.id))
    await asyncio.sleep(0.005)
    await answers.stop(message.id)
    await first
    assert cleaned == [True]
    assert [outcome.end for _, outcome in records.closed] == ["stopped"]
    assert kept.message("u", message.id)[1].state is State.STOPPED


async def test_when_sampan_ends_nothing_asks_again_and_again_what_waits(kept):
    gate = asyncio.Event()
    stages = s.stages(s.Scripted(s.model("cloud"), gate.wait, *s.good("a")))
    answers = Answers(stages, kept)
    message = begun(answers, kept)
    await asyncio.sleep(0.02)
    asked, real = [], stages.holding.listed

    def counted(*arguments):
        asked.append(1)
        if len(asked) > 20:
            raise AssertionError("it never lets go of the event loop")
        return real(*arguments)

    stages.holding.listed = counted
    stages.holding.stop()
    await asyncio.sleep(0.02)
    gate.set()
    await all_of(answers.live(message.id))
    assert len(asked) < 3


async def test_an_answer_that_cannot_be_saved_on_the_way_closes_its_receipt(kept, monkeypatch):
    monkeypatch.setattr("sampan.serve.web.answers._SAVE_S", -1.0)
    records, provider = s.Records(), s.Scripted(s.model("cloud"), *s.good("a", "b"))
    answers = Answers(s.stages(provider, records=records), Full(kept))
    message = begun(answers, kept)
    end = (await all_of(answers.live(message.id)))[-1]
    assert end["state"] == "failed"
    assert [name for name, _ in records.closed] == [end["receipt"]]
    assert provider.closed == 1


async def test_an_older_text_is_never_written_after_the_last(kept, monkeypatch):
    class Slow:
        def __getattr__(self, name):
            return getattr(kept, name)

        def change(self, user, message):
            if message.state is State.ANSWERING:
                time.sleep(0.05)
            kept.change(user, message)

    monkeypatch.setattr("sampan.serve.web.answers._SAVE_S", -1.0)
    answers = Answers(s.stages(s.Scripted(s.model("cloud"), *s.good("a", "b"))), Slow())
    message = begun(answers, kept)
    await asyncio.sleep(0.02)
    await answers.stop(message.id)
    await asyncio.sleep(0.1)
    assert kept.message("u", message.id)[1].state is State.STOPPED
