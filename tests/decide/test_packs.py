"""Where policies come from."""

import re

import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.labels import TOLD_KINDS, Kind
from sampan.decide import packs
from sampan.decide.packs import Folders, case_files, default_folders, folders_of, pack_path, sources_of
from sampan.decide.source import Layer
from sampan.settings import Policy

PERMIT = "permit(principal, action, resource);"


def folder(tmp_path, name, **files):
    made = tmp_path / name
    made.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (made / f"{file}.cedar").write_text(text)
    return made


def test_the_pack_that_comes_with_sampan():
    assert (pack_path() / "policies").is_dir()
    with pytest.raises(ConfigError, match=r"known: .*personal"):
        pack_path("nobody")


def test_an_installed_pack_wins_over_the_checkout(monkeypatch, tmp_path):
    for shelf in ("checkout", "installed"):
        (tmp_path / shelf / "mine").mkdir(parents=True)
    monkeypatch.setattr(packs, "_shelves", lambda: (tmp_path / "checkout", tmp_path / "installed", tmp_path / "none"))
    assert pack_path("mine") == tmp_path / "installed" / "mine"


def test_a_users_file_replaces_the_packs_of_the_same_name(tmp_path):
    given = folder(tmp_path, "pack", a="// pack a", b="// pack b")
    mine = folder(tmp_path, "user", b="// my b", c="// my c")
    found = sources_of(Folders(given, mine))
    assert [(each.layer, each.file, each.text) for each in found] == [
        (Layer.USER, "a.cedar", "// pack a"),
        (Layer.USER, "b.cedar", "// my b"),
        (Layer.USER, "c.cedar", "// my c"),
    ]


def test_the_ceiling_comes_first_and_the_application_last(tmp_path):
    folders = Folders(
        user=folder(tmp_path, "user", u=PERMIT),
        application=folder(tmp_path, "app", a=PERMIT),
        ceiling=folder(tmp_path, "top", t=PERMIT),
    )
    assert [each.layer for each in sources_of(folders)] == [Layer.CEILING, Layer.USER, Layer.APPLICATION]


def test_an_empty_ceiling_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="nothing could be permitted"):
        sources_of(Folders(ceiling=folder(tmp_path, "top")))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    mine = folder(tmp_path, "user")
    (mine / "bad.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"bad\.cedar"):
        sources_of(Folders(user=mine))


def test_folders_of_the_settings(tmp_path):
    made = folders_of(Policy(), tmp_path)
    assert (made.user, made.application, made.ceiling) == (
        tmp_path / "policies",
        tmp_path / "policies" / "application",
        None,
    )
    mine, top = folder(tmp_path, "mine"), folder(tmp_path, "top")
    made = folders_of(Policy(user_dir=str(mine), ceiling_dir=str(top)), tmp_path)
    assert (made.user, made.ceiling) == (mine, top)


@pytest.mark.parametrize("key", ["user_dir", "ceiling_dir"])
def test_a_named_folder_must_be_there(tmp_path, key):
    with pytest.raises(ConfigError, match="no policy folder"):
        folders_of(Policy(**{key: str(tmp_path / "none")}), tmp_path)


def test_without_a_user_there_is_no_application():
    assert default_folders().application is None


def test_cases_beside_policies(tmp_path):
    folders = Folders(user=folder(tmp_path, "user"), ceiling=folder(tmp_path, "top"), application=tmp_path / "none")
    assert case_files(folders) == []
    (tmp_path / "user" / "cases.toml").write_text("")
    (tmp_path / "top" / "cases.toml").write_text("")
    assert [layer for layer, _ in case_files(folders)] == [Layer.CEILING, Layer.USER]


def test_every_kind_is_named_by_a_rule_or_only_told():
    written = "".join(path.read_text() for path in (pack_path() / "policies").glob("*.cedar"))
    forbidden = re.findall(r"forbid \((.*?);\n", written, re.DOTALL)
    named = {kind for rule in forbidden if "context.clear" in rule for kind in re.findall(r'Kind::"(\w+)"', rule)}
    assert {kind.value for kind in Kind} - named == {*TOLD_KINDS, Kind.LOOKALIKE}
