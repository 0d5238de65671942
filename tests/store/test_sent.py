"""What was sent: kept for a while, under its own key, and gone for good."""

import pytest

from sampan.store.device import Device
from sampan.store.sent import LARGEST, SentBodies

KEY, OTHER = b"a" * 32, b"b" * 32


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def device(tmp_path):
    device = Device(tmp_path / "db", b"k" * 32)
    yield device
    device.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sent(device, clock):
    return SentBodies(device, 7, clock)


def test_what_was_sent_comes_back_in_order(sent):
    sent.keep("rcp_1", KEY, [b"first", b"", b"third"])
    assert sent.of("rcp_1", KEY) == [b"first", b"", b"third"]
    assert sent.of("rcp_2", KEY) == []


def test_another_key_opens_nothing(sent):
    sent.keep("rcp_1", KEY, [b"x"])
    assert sent.of("rcp_1", OTHER) == []


def test_a_body_moved_to_another_receipt_opens_nothing(sent, device):
    sent.keep("rcp_1", KEY, [b"x"])
    with device.write() as connection:
        connection.execute("UPDATE sent SET receipt = 'rcp_2'")
    assert sent.of("rcp_2", KEY) == []


def test_it_expires(sent, device, clock):
    sent.keep("rcp_1", KEY, [b"x"])
    clock.now += 7 * 86400 + 1
    assert sent.of("rcp_1", KEY) == []
    assert device.read("SELECT count(*) FROM sent") == [(1,)]
    sent.keep("rcp_2", KEY, [b"y"])
    assert device.read("SELECT receipt FROM sent") == [("rcp_2",)]
    clock.now += 8 * 86400
    SentBodies(device, 7, clock)
    assert device.read("SELECT receipt FROM sent") == []


def test_forgetting_and_what_is_too_large(sent, device):
    sent.keep("rcp_1", KEY, [b"x" * (LARGEST + 1), b"y"])
    assert sent.of("rcp_1", KEY) == [b"y"]
    sent.forget("rcp_1")
    assert device.read("SELECT * FROM sent") == []


def test_no_plain_bytes_in_the_row(sent, device):
    sent.keep("rcp_1", KEY, [b"A123456(3)"])
    assert b"A123456" not in device.read("SELECT sealed FROM sent")[0][0]
