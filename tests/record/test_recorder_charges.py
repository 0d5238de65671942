"""What requests add to budgets, kept with their receipts."""

import json

from sampan.contract.budget import Charge
from sampan.contract.receipt import Outcome
from sampan.store.budgets import counts
from tests.record.builders import Desk, request
from tests.record.test_recorder import child, finish


def test_what_was_set_aside_is_charged_when_the_process_ended_first(tmp_path):
    script = """
        import os, pathlib
        from sampan.contract.budget import Charge
        from tests.record.builders import Desk, request, decided
        desk = Desk(pathlib.Path(FOLDER))
        asked = request()
        record = desk.recorder.open(asked)
        record.decided(decided(asked))
        record.reserved([Charge("b", "month", "[]", "2026-11", 1, 2, 1, 5.0)])
        record.reserved([Charge("b", "month", "[]", "2026-11", 100, 10, 1, 5.0)])
        os.kill(os.getpid(), 9)
    """
    finish(child(script, tmp_path))
    for _ in range(2):
        desk = Desk(tmp_path)
        assert [(c.nano, c.tokens, c.requests) for c in counts(desk.store.device)] == [(100, 10, 1)]
        shown = desk.query.listed({})[0]
        assert (shown["end"], "reserved" in shown) == ("interrupted", False)
        desk.close()


def test_charges_are_kept_with_the_receipt_and_not_in_it(desk):
    record = desk.recorder.open(request())
    charge = Charge("b", "month", "[]", "2026-11", 100, 10, 1, 5.0)
    receipt = record.close(Outcome("complete", charges=(charge,)))
    desk.store.receipts.settle()
    assert counts(desk.store.device) == [charge]
    assert "b" not in desk.query.one(receipt.id)
    assert '2026-11"' not in json.dumps(desk.query.one(receipt.id))
