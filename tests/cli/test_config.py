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
