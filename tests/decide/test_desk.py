"""Rules as people work on them."""

import pytest

from sampan.contract.errors import BadRequest, ConfigError
from sampan.contract.models import Model, Realm, Wire
from sampan.decide.decider import PolicyDecider
from sampan.decide.desk import LONGEST, OWN_FILE, RuleDesk
from sampan.decide.packs import default_folders
from sampan.decide.rulebook import Rulebook

MODELS = (Model("home", Realm.PERSONAL, (Wire.LOCAL,)), Model("cloud", Realm.PUBLIC, (Wire.OPENAI,), jurisdiction="US"))
NO_CLOUD = """@id("no-cloud-for-me")
@reason("nothing public")
forbid (principal, action in [Action::"infer", Action::"embed"], resource)
when { resource.realm == Realm::"public" };
"""
MINE = """@id("mine")
@reason("mine")
forbid (principal, action == Action::"infer", resource)
when { context.application == Application::"somebody-else" };
"""
RECEIPT = {
    "v": 1, "id": "rcp_1", "n": 1, "at": "2026-11-23T06:12:09.113Z", "who": {"user": "u", "app": "a", "device": "d"}, "dialect": "openai-chat",
    "found": {}, "detectors": {"patterns": "1", "complete": True}, "sensitivity": "internal",
    "policy": {"set": "", "asked": "cloud", "allowed": [], "refused": [], "chosen": ["cloud", "clear"], "why": ""},
    "crossings": [], "tokens": {}, "cost_usd": 0, "ms": {}, "end": "complete", "restored": {}, "unmasked": {}, "error": "",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    folders = default_folders(tmp_path / "policies")
    book = Rulebook(folders)
    return RuleDesk(lambda: book, lambda: folders, lambda policies: PolicyDecider(lambda: policies, lambda: MODELS))


def test_what_is_in_force(desk):
    assert {rule.id for rule in desk.rules()} >= {"hk-id-stays-home", "secrets-stay-home"}
    assert desk.state()["broken"] == ""
    assert desk.examined().ok


def test_trying_out_changes_nothing(desk):
    trial = desk.try_out(NO_CLOUD, [RECEIPT])
    assert trial.examination.faults == ()
    assert "no-cloud-for-me" not in {rule.id for rule in desk.rules()}
    assert desk.own() == ""


def test_a_draft_is_replayed(desk):
    trial = desk.try_out(NO_CLOUD, [RECEIPT])
    assert trial.examination.ok, trial.examination.wrong
    assert [change.what for change in trial.replay.changes] == ["now refused"]


@pytest.mark.parametrize(
    "draft",
    ["forbid (principal", "permit (principal, action, resource) when { context.nothing };", "forbid (p, a, r);"],
)
def test_what_is_broken_is_said_and_not_saved(desk, draft):
    assert desk.try_out(draft, [RECEIPT]).replay is None
    before = desk.rules()
    with pytest.raises(ConfigError):
        desk.save(draft)
    assert desk.own() == ""
    assert desk.rules() == before


def test_saving_and_taking_back(desk):
    desk.save(MINE)
    assert desk.own() == MINE
    assert "mine" in {rule.id for rule in desk.rules()}
    desk.save("")
    assert desk.own() == ""
    assert "mine" not in {rule.id for rule in desk.rules()}


@pytest.mark.parametrize("name", ["../x.cedar", "x.toml", "", ".cedar", "a/b.cedar", "X.cedar"])
def test_only_files_of_rules_in_their_folder(desk, name):
    with pytest.raises(BadRequest):
        desk.own(name)
    with pytest.raises(BadRequest):
        desk.save("", name)


def test_too_long(desk):
    with pytest.raises(BadRequest):
        desk.try_out("/" * (LONGEST + 1), [])
    assert OWN_FILE.endswith(".cedar")


def test_what_else_lies_in_the_folder_or_is_linked_from_it_is_left_alone(desk, tmp_path):
    folder, elsewhere = tmp_path / "policies", tmp_path / "elsewhere"
    (folder / "application").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "linked.cedar").write_text(MINE)
    (folder / "linked.cedar").symlink_to(elsewhere / "linked.cedar")
    (folder / "gone.cedar").symlink_to(tmp_path / "gone")
    (folder / "loop").symlink_to(folder)
    (folder / "everything").symlink_to("/")
    (folder / "application" / "loop").symlink_to(folder)
    assert desk.try_out(NO_CLOUD, [RECEIPT]).examination.faults == ()
    desk.save(NO_CLOUD)
    assert {"mine", "no-cloud-for-me"} <= {rule.id for rule in desk.rules()}


def test_saving_never_writes_through_a_link(desk, tmp_path):
    folder, other = tmp_path / "policies", tmp_path / "other"
    folder.mkdir()
    other.write_text("mine")
    (folder / OWN_FILE).symlink_to(other)
    desk.save(NO_CLOUD)
    assert other.read_text() == "mine"
    assert desk.own() == NO_CLOUD
