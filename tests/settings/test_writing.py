"""Writing the user's file: comments stay, what is wrong never gets there."""

import pytest

from sampan.contract.errors import ConfigError, NotFound
from sampan.settings import load
from sampan.settings.writing import UserFile

TEXT = """# mine
[server]
port = 9000  # the port

[[model]]
name = "one"
realm = "public"
wire = "openai"
base_url = "https://api.example/v1"
"""
TABLE = {
    "name": "two",
    "realm": "enterprise",
    "wire": "openai",
    "base_url": "https://ai.example.edu.hk/v1",
    "api_key": "env:KEY",
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMPAN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path / "..")
    return tmp_path


def user_file(home, text=TEXT):
    made = UserFile(load(environ={"SAMPAN_HOME": str(home)}, cwd=home / "elsewhere"))
    made.path.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        made.path.write_text(text)
    return made


def test_comments_and_order_stay(home):
    made = user_file(home)
    assert made.put("server.port", 9001).server.port == 9001
    text = made.path.read_text()
    assert "# mine" in text
    assert "port = 9001  # the port" in text
    assert text.index("[server]") < text.index("[[model]]")


def test_a_file_that_was_not_there(home):
    made = user_file(home, None)
    assert made.put("privacy.terms", ("Project X",)).privacy.terms == ("Project X",)
    assert made.drop("privacy.terms").privacy.terms == ()


@pytest.mark.parametrize(("key", "value"), [("server.port", "x"), ("server.port", -1), ("server.nothing", 1), ("nothing", 1),
                                            ("receipts.fsync", "never"), ("privacy.no_cloud", "yes")])  # fmt: skip
def test_what_does_not_fit_changes_nothing(home, key, value):
    made = user_file(home)
    with pytest.raises(ConfigError):
        made.put(key, value)
    assert made.path.read_text() == TEXT
    assert [path.name for path in made.path.parent.iterdir() if path.name.startswith(".")] == []


def test_a_broken_file_is_left_alone(home):
    made = user_file(home, None)
    made.path.write_text("[server\n")
    with pytest.raises(ConfigError):
        made.put("server.port", 1)
    assert made.path.read_text() == "[server\n"


def test_models_come_change_and_go(home):
    made = user_file(home)
    assert [model.name for model in made.put_model(TABLE).models] == ["one", "two"]
    assert made.put_model({**TABLE, "context": 4096}).models[1].context == 4096
    assert [model.name for model in made.drop_model("one").models] == ["two"]
    assert made.drop_model("two").models == ()
    with pytest.raises(NotFound):
        made.drop_model("two")


def test_a_key_never_gets_into_the_file(home):
    made = user_file(home)
    with pytest.raises(ConfigError):
        made.put_model({**TABLE, "api_key": "sk-secret"})
    assert "sk-secret" not in made.path.read_text()


def test_models_in_one_line_are_kept(home):
    one = 'model = [{name = "one", realm = "public", wire = "openai", base_url = "https://api.example/v1"}]\n'
    file = user_file(home, one + "[server]\nport = 9000\n")
    assert [model.name for model in file.put_model(TABLE).models] == ["one", "two"]
    assert [model.name for model in file.drop_model("two").models] == ["one"]
    assert file.drop_model("one").server.port == 9000
