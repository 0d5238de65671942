"""A home whose server was killed is read, and put in order, without one."""

import pytest

from sampan import settings
from sampan.cli.at_rest import opened
from sampan.contract.errors import NotFound
from sampan.record.recorder import Recorder
from sampan.record.sign import Signer
from sampan.store.opening import open_store
from tests.flow.stages import request


def test_what_was_left_open_is_closed_and_can_be_erased(home):
    store = open_store(home, None)
    recorder = Recorder(store.receipts, Signer(store.keys.signing))
    left = request()
    recorder.open(left)
    store.close()  # and no close of the record: as after a kill
    with opened(settings.load()) as found:
        assert found.receipt(left.id)["end"] == "interrupted"
        erased = found.erase(left.id)
        assert erased["erased"] == left.id
        assert found.receipt(erased["tombstone"])["type"] == "tombstone"
        assert found.verified()["ok"]
        with pytest.raises(NotFound):
            found.erase("rcp_none")
