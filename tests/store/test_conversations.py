"""Conversations: a tree of messages, each person's apart, found whatever the script."""

import msgspec
import pytest

from sampan.contract.chat import Message, State
from sampan.contract.errors import NotFound
from sampan.store.conversations import KeptConversations, title_of
from sampan.store.device import Device
from sampan.store.sent import SentBodies

KEY = b"k" * 32


@pytest.fixture
def device(tmp_path):
    device = Device(tmp_path / "db", KEY)
    yield device
    device.close()


@pytest.fixture
def kept(device):
    return KeptConversations(device, {ord("樓"): "楼", ord("請"): "请"})


def message(name, parent="", text="hello", **more):
    return Message(name, parent, "user", text, more.pop("at", 1.0), **more)


def test_a_tree_of_messages(kept):
    one = kept.begin("ann", "Leave tomorrow")
    kept.add("ann", one.id, message("m1"))
    kept.add("ann", one.id, message("m2", "m1", at=2.0))
    kept.add("ann", one.id, message("m3", "m1", at=3.0))
    assert [m.id for m in kept.messages("ann", one.id)] == ["m1", "m2", "m3"]
    assert kept.one("ann", one.id).leaf == "m3"
    kept.mark("ann", one.id, leaf="m2")
    assert kept.one("ann", one.id).leaf == "m2"


def test_nobody_else_sees_it(kept):
    one = kept.begin("ann")
    kept.add("ann", one.id, message("m1"))
    for ask in (
        lambda: kept.one("bob", one.id),
        lambda: kept.messages("bob", one.id),
        lambda: kept.message("bob", "m1"),
        lambda: kept.add("bob", one.id, message("m2")),
        lambda: kept.change("bob", message("m1")),
        lambda: kept.mark("bob", one.id, draft="x"),
        lambda: kept.delete("bob", one.id),
    ):
        with pytest.raises(NotFound):
            ask()
    assert kept.listed("bob") == []


@pytest.mark.parametrize("search", ["樓上", "楼上", "ＦＬＡＴ", "flat", "請假 樓", "请假"])
def test_search_folds_script_width_and_case(kept, search):
    one = kept.begin("ann", "請假")
    kept.add("ann", one.id, message("m1", text="樓上 Flat B"))
    kept.begin("ann", "something else")
    assert [c.id for c in kept.listed("ann", search)] == [one.id]


@pytest.mark.parametrize("search", ["100%", "a_b", "'", '"', "\\"])
def test_search_takes_signs_as_they_are(kept, search):
    one = kept.begin("ann", "x")
    kept.add("ann", one.id, message("m1", text=f"so {search} it is"))
    kept.add("ann", kept.begin("ann", "y").id, message("m2", text="100 percent aXb"))
    assert [c.id for c in kept.listed("ann", search)] == [one.id]


def test_newest_first_page_by_page(kept):
    ids = [kept.begin("ann", str(number)).id for number in range(5)]
    for at, name in enumerate(ids):
        kept.add("ann", name, message(f"m{at}", at=100.0 + at))
    assert [c.title for c in kept.listed("ann", limit=2)] == ["4", "3"]
    assert [c.title for c in kept.listed("ann", limit=2, skip=2)] == ["2", "1"]


def test_what_was_being_answered_is_interrupted_after_a_crash(kept, device):
    one = kept.begin("ann")
    kept.add("ann", one.id, message("m1", state=State.ANSWERING, text="half"))
    again = KeptConversations(device)
    assert again.message("ann", "m1")[1].state is State.INTERRUPTED
    assert again.message("ann", "m1")[1].text == "half"


def test_changing_and_drafting(kept):
    one = kept.begin("ann")
    first = message("m1")
    kept.add("ann", one.id, first)
    kept.change("ann", msgspec.structs.replace(first, text="樓", state=State.COMPLETE, receipt="rcp_1", facts={"a": 1}))
    assert kept.message("ann", "m1")[1].facts == {"a": 1}
    assert kept.listed("ann", "楼")
    kept.mark("ann", one.id, draft="typed")
    kept.mark("ann", one.id, title="A name")
    assert (kept.one("ann", one.id).draft, kept.one("ann", one.id).title) == ("typed", "A name")
    kept.mark("ann", one.id, draft="")
    assert kept.one("ann", one.id).draft == ""


def test_deleting_leaves_nothing(kept, device):
    one = kept.begin("ann")
    kept.add("ann", one.id, message("m1"))
    kept.delete("ann", one.id)
    assert device.read("SELECT * FROM messages") == []
    with pytest.raises(NotFound):
        kept.one("ann", one.id)


def test_a_title_is_one_short_line():
    assert title_of("  one\ttwo \nthree") == "one two"
    assert len(title_of("x" * 500)) == 60
    assert title_of("") == ""


def test_deleting_a_conversation_drops_what_its_requests_sent_and_no_other(device, kept):
    sent, one = SentBodies(device, 7), kept.begin("ann", "x")
    kept.add("ann", one.id, message("m1", receipt="rcp_1"))
    kept.add("ann", one.id, message("m2", "m1"))
    for receipt in ("rcp_1", "rcp_2"):
        sent.keep(receipt, KEY, [b"body"])
    kept.delete("ann", one.id)
    assert (sent.of("rcp_1", KEY), sent.of("rcp_2", KEY)) == ([], [b"body"])
