"""Budgets and charges travel as they are."""

import msgspec

from sampan.contract.budget import Budget, Charge, Every


def test_a_charge_survives_the_journal():
    charge = Charge("students", "month", '["ann","","",""]', "2026-11", 2500, 96, 1, 1.5)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(charge), type=Charge) == charge
    assert msgspec.convert(msgspec.structs.asdict(charge), Charge) == charge


def test_a_budget_that_names_nobody_is_everybody_s():
    budget = Budget("all", Every.MONTH, usd=5.0)
    assert (budget.user, budget.group, budget.application, budget.model, budget.tokens) == ("", "", "", "", None)
