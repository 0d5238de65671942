import time

from sampan.store.device import FILE, Device
from sampan.store.learned import Learned
from tests.store.conftest import KEY

NOW = time.time()


def test_parts_outlive_the_process(tmp_path):
    device = Device(tmp_path / FILE, KEY)
    learned = Learned(device)
    assert learned.part("estimates") == b""
    learned.keep({"estimates": b"1", "paces": b"2"})
    learned.keep({"estimates": b"3"})
    device.close()
    device = Device(tmp_path / FILE, KEY)
    assert [Learned(device).part(name) for name in ("estimates", "paces")] == [b"3", b"2"]
    Learned(device).clear()
    assert Learned(device).part("paces") == b""
    device.close()


def test_one_thing_is_said_once_of_one_answer(device):
    learned = Learned(device)
    assert learned.claim("rcp_1", "up", "ann/", NOW)
    assert not learned.claim("rcp_1", "up", "ann/", NOW)
    assert learned.claim("rcp_1", "copy", "ann/", NOW)
    assert learned.claim("rcp_2", "up", "bob/key_1", NOW)
    learned.clear()
    assert not learned.claim("rcp_2", "up", "bob/key_1", NOW)


def test_how_much_one_asker_said(device):
    learned = Learned(device)
    learned.claim("rcp_1", "up", "ann/", NOW - 100)
    learned.claim("rcp_2", "up", "ann/", NOW)
    learned.claim("rcp_3", "up", "bob/", NOW)
    assert learned.said_since("ann/", NOW - 10) == 1
    assert learned.said_since("ann/", NOW - 1000) == 2
    assert learned.said_since("eve/", 0) == 0


def test_what_is_long_past_is_dropped(device):
    learned = Learned(device)
    learned.claim("rcp_old", "up", "ann/", NOW - 61 * 86400)
    learned.claim("rcp_new", "up", "ann/", NOW)
    assert learned.said_since("ann/", 0) == 1
