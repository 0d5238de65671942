import json
import tomllib

import pytest


@pytest.fixture(autouse=True)
def person(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    monkeypatch.delenv("CODEX_HOME", raising=False)
    return tmp_path / "person"


@pytest.mark.parametrize(
    ("client", "words"),
    [("openai", "OPENAI_BASE_URL=http://127.0.0.1:8484/v1"), ("claude-code", "ANTHROPIC_BASE_URL=http://127.0.0.1:8484\n"),
     ("codex", 'wire_api = "responses"'), ("open-webui", "OPENAI_API_BASE_URL=http://127.0.0.1:8484/v1")],
)  # fmt: skip
def test_printed_only(sampan, person, client, words):
    assert words in sampan("connect", client).out
    assert not person.exists()


def test_the_running_servers_address(sampan, server):
    assert f":{server.port}/v1" in sampan("connect", "openai").out


def test_claude_code_keeps_other_settings(sampan, person):
    path = person / ".claude" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"theme": "dark", "env": {"A": "1"}}')
    for _ in range(2):
        assert sampan("connect", "claude-code", "--write", "--key", "sk-sampan-x").code == 0
    written = json.loads(path.read_text())
    assert written["theme"] == "dark"
    assert written["env"]["A"] == "1"
    assert written["env"]["ANTHROPIC_AUTH_TOKEN"] == "sk-sampan-x"


def test_a_broken_file_is_left_alone(sampan, person):
    path = person / ".claude" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text("{ // comment")
    assert sampan("connect", "claude-code", "--write").code == 2
    assert path.read_text() == "{ // comment"


def test_codex_stays_valid_toml_however_often(sampan, person):
    path = person / ".codex" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('model = "old"\nsandbox = "on"\n\n[tui]\nmodel = "kept"\n')
    for _ in range(3):
        assert sampan("connect", "codex", "--write", "--model", "cloud").code == 0
    found = tomllib.loads(path.read_text())
    assert (found["model"], found["model_provider"], found["sandbox"], found["tui"]["model"]) == (
        "cloud",
        "sampan",
        "on",
        "kept",
    )
    assert found["model_providers"]["sampan"]["base_url"] == "http://127.0.0.1:8484/v1"


def test_an_env_file_keeps_other_lines(sampan, tmp_path):
    (tmp_path / ".env").write_text("A=1\nOPENAI_BASE_URL=old\n")
    sampan("connect", "openai", "--write")
    lines = (tmp_path / ".env").read_text().splitlines()
    assert lines == ["A=1", "OPENAI_BASE_URL=http://127.0.0.1:8484/v1", "OPENAI_API_KEY=sampan"]
