"""Counts of budgets: in the transaction of the receipt, and once however often a process is killed."""

import msgspec

from sampan.contract.budget import Charge
from sampan.store.budgets import add, counts
from tests.store.test_receipts import Desk, link

ONE = Charge("b", "month", "[]", "2026-11", 100, 10, 1, 1000.0)


def known(device):
    return {(c.budget, c.every, c.subject): (c.period, c.nano, c.tokens, c.requests) for c in counts(device)}


def test_charges_add_up_and_a_new_period_begins_anew(device):
    later = msgspec.structs.replace(ONE, period="2026-12", nano=7, tokens=1)
    with device.write() as connection:
        add(connection, [ONE, ONE, msgspec.structs.replace(ONE, subject="[1]"), later, ONE])
    assert known(device) == {("b", "month", "[]"): ("2026-12", 7, 1, 1), ("b", "month", "[1]"): ("2026-11", 100, 10, 1)}


def test_what_nobody_needs_any_more_is_forgotten(device):
    minute = msgspec.structs.replace(ONE, every="minute")
    with device.write() as connection:
        add(connection, [minute, ONE, msgspec.structs.replace(ONE, subject="new", at=1000.0 + 90_000)])
    assert set(known(device)) == {("b", "month", "[]"), ("b", "month", "new")}
    with device.write() as connection:
        add(connection, [msgspec.structs.replace(ONE, subject="newer", at=1000.0 + 401 * 86_400)])
    assert set(known(device)) == {("b", "month", "new"), ("b", "month", "newer")}


def test_a_kill_anywhere_counts_each_link_once(tmp_path):
    desk = Desk(tmp_path / "a")
    for n in range(1, 6):
        desk.log.begin(f"rcp_{n}", b"opened")
        desk.log.add(link(n, charges=(ONE,)))
        if n == 3:
            desk.log.settle()
    for number in range(3):
        killed = desk.killed(f"killed{number}")
        assert known(killed.device) == {("b", "month", "[]"): ("2026-11", 500, 50, 5)}
        again = killed.killed(f"again{number}")
        assert known(again.device)["b", "month", "[]"] == ("2026-11", 500, 50, 5)
        again.close()
        killed.close()
        desk.log.settle()
    desk.close()
