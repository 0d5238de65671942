CLOUD = '[server]\nport = 9\n[[model]]\nname="c"\nrealm="public"\nwire="openai"\nbase_url="https://x.example/v1"\napi_key="env:K"\n'


def test_show_and_origin(sampan, home):
    (home.config / "sampan.toml").write_text(CLOUD)
    assert "server.port = 9" in sampan("config", "show").out
    found = sampan("config", "show", "--origin", "--json").json
    assert found["server.port"] == {"value": 9, "origin": f"{home.config}/sampan.toml:2"}
    assert found["server.host"]["origin"] == "default"
    assert found["model.c"]["value"]["api_key"] == "env:K"


def test_check(sampan, home):
    (home.config / "sampan.toml").write_text(CLOUD)
    assert sampan("config", "check", "--json").json == {
        "ok": True,
        "files": [f"{home.config}/sampan.toml"],
        "models": 1,
    }
    (home.config / "sampan.toml").write_text(CLOUD.replace("port", "prot"))
    result = sampan("config", "check")
    assert result.code == 2
    assert "sampan.toml:2:1: unknown setting `server.prot`; did you mean `port`?" in result.err


def test_path(sampan, home, tmp_path):
    files = sampan("config", "path", "--json").json["files"]
    assert [f["path"] for f in files][1:] == [f"{home.config}/sampan.toml", f"{tmp_path}/sampan.toml"]


def test_reload_needs_a_server(sampan):
    assert sampan("config", "reload").code == 5


def test_reload(sampan, server):
    server.on("POST", "/sampan/reload", {"reloaded": True})
    assert sampan("config", "reload", "--json").json == {"reloaded": True}


def test_a_project_is_trusted_after_one_read_it(sampan, home, tmp_path, monkeypatch):
    (tmp_path / "theirs").mkdir()
    monkeypatch.chdir(tmp_path / "theirs")
    path = tmp_path / "theirs" / "sampan.toml"
    assert sampan("config", "trust").code == 2
    path.write_text(CLOUD)
    result = sampan("config", "show")
    assert result.code == 2
    assert "is not trusted" in result.err
    assert f"sampan config trust {tmp_path}/theirs" in result.err
    result = sampan("config", "trust")
    assert result.code == 0
    assert "model.c: https://x.example/v1 env:K" in result.out
    assert "server.port = 9" in result.out
    assert sampan("config", "show", "--json").json["server.port"] == 9
    path.write_text("[server]\nprot = 7\n")
    assert "changed since" in sampan("config", "show").err
    assert "did you mean `port`" in sampan("config", "trust", ".").err
    assert "not trusted" in sampan("config", "show").err
    path.write_text("")
    assert sampan("config", "trust", "../theirs", "--json").json == {"path": str(path), "trusted": True, "sets": []}
    assert sampan("config", "trust", "--forget").code == 0
    assert sampan("config", "trust", "--forget").code == 2
    assert sampan("config", "show").code == 2


def test_ones_own_file_needs_no_trust(sampan, home):
    (home.config / "sampan.toml").write_text("")
    assert sampan("config", "trust", str(home.config)).code == 2
