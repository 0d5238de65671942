import shutil

import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind
from sampan.contract.models import Realm
from sampan.decide.examine import accept, examination, pins_of
from sampan.decide.packs import Folders, default_folders, pack_path
from sampan.decide.question import Asker, Question, Travelling
from sampan.decide.vocabulary import Action
from tests.decide.builders import CLOUD

PERMIT = "permit(principal, action, resource);"
NO_HKID = """
[[property]]
name = "no HKID in the clear outside your devices"
never = { clear = ["HKID"], realm = { not = "personal" } }
"""


def test_the_default_pack_keeps_its_promises():
    found = examination(default_folders())
    assert (found.ok, found.wrong, found.faults) == (True, [], ())
    assert len(found.cases) >= 15
    assert {outcome.case.to.realm for outcome in found.cases} == set(Realm)
    assert {proof.outcome for proof in found.proofs} <= {"proven"}


def ceiling(tmp_path, planted=""):
    folder = tmp_path / "ceiling"
    shutil.copytree(pack_path() / "policies", folder)
    (folder / "cases.toml").unlink()
    (folder / "properties.toml").write_text(NO_HKID)
    if planted:
        (folder / "planted.cedar").write_text(planted)
    return folder


def test_a_planted_permit_in_a_users_policy_changes_nothing_under_the_ceiling(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    for path in (pack_path() / "policies").glob("*.cedar"):
        (mine / path.name).write_text("// nothing\n")
    (mine / "planted.cedar").write_text(PERMIT)
    policies = accept(default_folders(mine, ceiling(tmp_path)))
    told = Travelling(clear=frozenset({Kind.HKID}), complete=True, unread=False)
    assert not policies.ask(Question(Action.INFER, Asker("ann"), CLOUD, told)).allowed
    assert examination(default_folders(mine, tmp_path / "ceiling")).ok


def test_and_breaks_the_check_when_it_is_put_in_the_ceiling(tmp_path):
    planted = '@id("x") permit(principal, action, resource);'
    with pytest.raises(ConfigError, match="permit `x` has no condition"):
        accept(default_folders(None, ceiling(tmp_path, planted)))


def test_unless_it_says_that_it_is_meant(tmp_path):
    planted = '@id("x") @everything("what is not named below is harmless") permit(principal, action, resource);'
    policies = accept(default_folders(None, ceiling(tmp_path, planted)))
    assert "x" in {rule.id for rule in policies.rules}


def test_a_property_that_fails_keeps_a_set_out(tmp_path):
    (tmp_path / "a.cedar").write_text(PERMIT)
    (tmp_path / "properties.toml").write_text(NO_HKID)
    with pytest.raises(ConfigError, match=r"no HKID in the clear.*fails: `infer` by .* in the clear HKID"):
        accept(Folders(user=tmp_path))
    found = examination(Folders(user=tmp_path))
    assert not found.ok
    assert len(found.wrong) == 1


def test_what_is_not_proven_is_not_wrong_and_never_said_to_be_proven(tmp_path):
    (tmp_path / "a.cedar").write_text(
        PERMIT + 'forbid(principal, action, resource is Model) when { !(resource.name like "ours-*") };'
    )
    (tmp_path / "properties.toml").write_text(NO_HKID.replace('clear = ["HKID"], ', 'model = "theirs", '))
    found = examination(Folders(user=tmp_path))
    assert [proof.outcome for proof in found.proofs] == ["not proven"]
    assert "`like`" in found.proofs[0].why
    assert found.ok


def test_faults_come_first(tmp_path):
    (tmp_path / "a.cedar").write_text("permit(")
    (tmp_path / "cases.toml").write_text('[[case]]\nname = "x"\nexpect = "clear"\n')
    found = examination(Folders(user=tmp_path))
    assert not found.ok
    assert (len(found.faults), found.cases, found.rules) == (1, (), 0)


def test_pins_come_with_a_ceiling(tmp_path):
    folder = ceiling(tmp_path)
    assert pins_of(Folders(ceiling=folder)) is None
    (folder / "realms.toml").write_text("")
    assert pins_of(Folders(ceiling=folder)).host == ()
    (folder / "realms.toml").write_text("x = 1")
    with pytest.raises(ConfigError, match=r"realms\.toml"):
        pins_of(Folders(ceiling=folder))
