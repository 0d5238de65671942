import tomllib

import pytest

from sampan.decide.packs import packs


def test_packs_are_listed_in_both_languages(sampan, monkeypatch):
    result = sampan("policy", "packs", "--json")
    assert next(row["name"] for row in result.json["packs"]) == "personal"
    assert {row["name"] for row in result.json["packs"]} == set(packs())
    assert [row["name"] for row in result.json["packs"] if row["in_force"]] == ["personal"]
    assert all(row["says"] for row in result.json["packs"])
    monkeypatch.setenv("SAMPAN_LANG", "zh-HK")
    assert "私隱專員" in sampan("policy", "packs").out


def test_the_rules_of_one(sampan):
    result = sampan("policy", "packs", "hk-pcpd", "--json")
    assert "hk-identity-in-hong-kong" in {rule["id"] for rule in result.json["rules"]}
    assert sampan("policy", "packs", "nobody").code == 2


def test_use_writes_the_settings_and_keeps_the_rest(sampan, home):
    path = home.config / "sampan.toml"
    path.write_text("# mine\n[server]\nport = 8485\n")
    result = sampan("policy", "use", "education", "--json")
    assert (result.code, result.json) == (0, {"pack": "education", "reloaded": False})
    assert tomllib.loads(path.read_text()) == {"server": {"port": 8485}, "policy": {"pack": "education"}}
    assert path.read_text().startswith("# mine\n")
    assert "edu-own-devices" in sampan("policy", "show").out
    assert sampan("policy", "use", "air-gapped").code == 0
    assert path.read_text().count("pack") == 1


def test_use_tells_the_running_server(sampan, server):
    server.on("POST", "/sampan/reload", {"reloaded": True})
    assert sampan("policy", "use", "education", "--json").json["reloaded"] is True
    assert ("POST", "/sampan/reload") in [(method, path) for method, path, *_ in server.asked]


def test_use_refuses_what_would_not_come_into_force(sampan, home):
    assert sampan("policy", "use", "nobody").code == 2
    (home.config / "policies").mkdir()
    (home.config / "policies" / "mine.cedar").write_text("permit(")
    assert sampan("policy", "use", "education").code == 2
    assert not (home.config / "sampan.toml").exists()


def test_use_says_when_something_else_decides(sampan, monkeypatch):
    monkeypatch.setenv("SAMPAN_POLICY_PACK", "personal")
    result = sampan("policy", "use", "education")
    assert result.code == 2
    assert "env SAMPAN_POLICY_PACK" in result.err


@pytest.mark.parametrize("name", sorted(packs()))
def test_every_pack_passes_its_own_check(sampan, name):
    result = sampan("policy", "check", name, "--json")
    assert result.code == 0
    assert {proof["outcome"] for proof in result.json["properties"]} == {"proven"}
    assert result.json["remarks"] == []
    assert len(result.json["cases"]) >= 10
