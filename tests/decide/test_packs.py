"""Where policies come from."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sampan.contract.errors import ConfigError
from sampan.contract.labels import TOLD_KINDS, Kind
from sampan.decide import packs as module
from sampan.decide.examine import examination
from sampan.decide.packs import (
    Folders,
    default_folders,
    folders_of,
    pack_path,
    packs,
    parts_of,
    read_folder,
    sources_of,
)
from sampan.decide.policy import load
from sampan.decide.seal import sign, written
from sampan.decide.source import Layer
from sampan.settings import Policy
from tests.decide.builders import home

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
        (tmp_path / shelf / "mine" / "policies").mkdir(parents=True)
    monkeypatch.setattr(module, "_shelves", lambda: (tmp_path / "checkout", tmp_path / "installed", tmp_path / "none"))
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
    made = folders_of(Policy(), home(tmp_path))
    assert (made.user, made.application, made.ceiling) == (
        tmp_path / "policies",
        tmp_path / "policies" / "application",
        None,
    )
    mine, top = folder(tmp_path, "mine"), folder(tmp_path, "top")
    made = folders_of(Policy(user_dir=str(mine), ceiling_dir=str(top)), home(tmp_path))
    assert (made.user, made.ceiling) == (mine, top)


@pytest.mark.parametrize("key", ["user_dir", "ceiling_dir"])
def test_a_named_folder_must_be_there(tmp_path, key):
    with pytest.raises(ConfigError, match="no policy folder"):
        folders_of(Policy(**{key: str(tmp_path / "none")}), home(tmp_path))


def test_without_a_user_there_is_no_application():
    assert default_folders().application is None


def test_what_lies_beside_policies(tmp_path):
    user, top = folder(tmp_path, "user", u=PERMIT), folder(tmp_path, "top", t=PERMIT)
    (top / "cases.toml").write_text("# 案例\n")
    (top / "notes.txt").write_text("no policy")
    found = parts_of(Folders(user=user, ceiling=top, application=tmp_path / "none"))
    assert [(part.layer, part.counts, len(part.sources)) for part in found] == [
        (Layer.CEILING, True, 1),
        (Layer.USER, True, 1),
        (Layer.APPLICATION, True, 0),
    ]
    assert found[0].text("cases.toml") == "# 案例\n"
    assert found[0].text("properties.toml") == found[1].text("cases.toml") == ""
    assert set(found[0].files) == {"t.cedar", "cases.toml"}


def test_a_pack_comes_by_itself_and_then_with_the_users_files(tmp_path):
    mine = folder(tmp_path, "user", **{"10-realms": "// mine"})
    alone, together = parts_of(default_folders(mine))[:2]
    assert (alone.counts, together.counts) == (False, True)
    assert [source.text for source in together.sources if source.file == "10-realms.cedar"] == ["// mine"]
    assert "// mine" not in [source.text for source in alone.sources]


def test_one_file_by_itself(tmp_path):
    (tmp_path / "a.txt").write_text(PERMIT)
    assert [source.text for source in sources_of(Folders(file=tmp_path / "a.txt"))] == [PERMIT]


def test_a_ceiling_that_must_be_signed(tmp_path):
    top = folder(tmp_path, "top", t=PERMIT)
    seed = bytes(range(32))
    key = written(Ed25519PrivateKey.from_private_bytes(seed).public_key())
    with pytest.raises(ConfigError, match="not signed"):
        parts_of(Folders(ceiling=top, ceiling_key=key))
    (top / "policy.sig").write_bytes(sign(read_folder(top), seed))
    assert parts_of(Folders(ceiling=top, ceiling_key=key))[0].layer is Layer.CEILING
    (tmp_path / "key.pub").write_text(key + "\n")
    assert parts_of(Folders(ceiling=top, ceiling_key=str(tmp_path / "key.pub")))
    (top / "t.cedar").write_text(PERMIT + " ")
    with pytest.raises(ConfigError, match=r"t\.cedar changed after it was signed"):
        parts_of(Folders(ceiling=top, ceiling_key=key))


def test_a_signature_is_demanded_and_there_is_no_ceiling():
    with pytest.raises(ConfigError, match="there is none"):
        parts_of(default_folders().__class__(ceiling_key="ed25519:00"))


def test_packs_are_what_holds_policies(monkeypatch, tmp_path):
    (tmp_path / "kit" / "policies").mkdir(parents=True)
    (tmp_path / "hk").mkdir()
    monkeypatch.setattr(module, "_shelves", lambda: (tmp_path, tmp_path / "none"))
    assert packs() == {"kit": tmp_path / "kit"}


def test_every_kind_is_named_by_a_rule_or_only_told():
    written = "".join(path.read_text() for path in (pack_path() / "policies").glob("*.cedar"))
    forbidden = re.findall(r"forbid \((.*?);\n", written, re.DOTALL)
    named = {kind for rule in forbidden if "context.clear" in rule for kind in re.findall(r'Kind::"(\w+)"', rule)}
    assert {kind.value for kind in Kind} - named == {*TOLD_KINDS, Kind.LOOKALIKE}


GUIDE = Path(__file__).parent.parent.parent / "docs" / "guide" / "policy.md"


def rules_of(name):
    return load(sources_of(Folders(user=pack_path(name) / "policies"))).rules


@pytest.mark.parametrize("name", sorted(packs()))
def test_every_rule_of_every_pack_explains_itself_in_both_languages(name):
    for rule in rules_of(name):
        assert rule.reason != f"rule {rule.id}"
        assert rule.reason_zh != rule.reason
        assert any("\u4e00" <= sign <= "\u9fff" for sign in rule.reason_zh)


def test_the_guide_names_rules_that_are_there():
    known = {rule.id for name in ("personal", "hk-pcpd") for rule in rules_of(name)}
    named = set(re.findall(r"`(hk-[a-z-]+)`", GUIDE.read_text(encoding="utf-8"))) - {"hk-pcpd"}
    assert len(named) > 10
    assert named <= known, named - known


def test_every_hk_rule_that_serves_a_principle_is_in_the_guide():
    guide = GUIDE.read_text(encoding="utf-8")
    for path in (pack_path("hk-pcpd") / "policies").glob("*.cedar"):
        for serves, rule in re.findall(r'((?:// Serves: [^\n]+\n)+)@id\("([^"]+)"\)', path.read_text(encoding="utf-8")):
            assert re.search(r"DPP[1-6]|Model Framework 2024|Checklist 2025", serves)
            assert f"`{rule}`" in guide


@pytest.mark.parametrize("name", sorted(packs()))
def test_a_planted_permit_breaks_every_packs_check(name, tmp_path):
    for path in (pack_path(name) / "policies").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "planted.cedar").write_text(PERMIT)
    assert not examination(Folders(user=tmp_path)).ok
    assert not examination(Folders(ceiling=tmp_path)).ok
