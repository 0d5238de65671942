"""May this person call a finding false?"""

from sampan.cli.ruling import Ruling
from sampan.contract.labels import Kind
from sampan.serve.guard import owner_name
from sampan.settings import load


def test_the_default_rules(home):
    ruling = Ruling(load())
    assert [ruling.permits(kind) for kind in (Kind.PHONE, Kind.API_KEY, Kind.LOOKALIKE)] == [True, False, False]


def test_a_rule_about_this_person(home):
    rules = home.config / "policies"
    rules.mkdir(parents=True)
    text = f'@id("x") @reason("x") forbid (principal == User::"{owner_name()}", action == Action::"unmask", resource);'
    (rules / "x.cedar").write_text(text)
    assert not Ruling(load()).permits(Kind.PHONE)


def test_broken_rules_permit_nothing(home):
    rules = home.config / "policies"
    rules.mkdir(parents=True)
    (rules / "x.cedar").write_text("permit (")
    assert not Ruling(load()).permits(Kind.PHONE)
