"""Temporary chats: in memory only, each person's apart."""

import msgspec
import pytest

from sampan.contract.chat import Attachment, Message
from sampan.contract.errors import NotFound
from sampan.serve.web.temporary import WithTemporary
from sampan.store.conversations import KeptConversations
from sampan.store.device import Device


@pytest.fixture
def device(tmp_path):
    device = Device(tmp_path / "db", b"k" * 32)
    yield device
    device.close()


@pytest.fixture
def both(device):
    return WithTemporary(KeptConversations(device))


def message(name, text="secret"):
    return Message(name, "", "user", text, 1.0)


@pytest.mark.parametrize("temporary", [True, False])
def test_both_behave_alike(both, temporary):
    chat = both.begin_temporary("ann") if temporary else both.begin("ann")
    both.add("ann", chat.id, message("m1"), [Attachment("a", "text/csv", b"x")])
    assert both.files("ann", "m1") == [Attachment("a", "text/csv", b"x")]
    both.change("ann", msgspec.structs.replace(message("m1"), text="other"))
    assert both.message("ann", "m1") == (chat.id, message("m1", "other"))
    both.mark("ann", chat.id, leaf="m1", draft="d")
    assert (both.one("ann", chat.id).leaf, both.one("ann", chat.id).draft) == ("m1", "d")
    for ask in (both.one, both.messages, both.delete):
        with pytest.raises(NotFound):
            ask("bob", chat.id)
    with pytest.raises(NotFound):
        both.message("bob", "m1")
    both.delete("ann", chat.id)
    with pytest.raises(NotFound):
        both.one("ann", chat.id)


def test_nothing_of_a_temporary_one_reaches_the_store(both, device):
    chat = both.begin_temporary("ann")
    both.add("ann", chat.id, message("m1"))
    assert both.listed("ann") == []
    assert device.read("SELECT * FROM messages") == []
    assert both.asked_in("ann", "rcp_1") == ""


def test_the_oldest_of_many_is_let_go(both):
    first = both.begin_temporary("ann")
    for _ in range(40):
        both.begin_temporary("ann")
    with pytest.raises(NotFound):
        both.one("ann", first.id)
