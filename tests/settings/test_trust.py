import pytest

from sampan import settings
from sampan.contract.errors import ConfigError
from sampan.settings import paths
from sampan.settings.trust import Trust

MINE = """
[[model]]
name = "cloud"
realm = "public"
wire = "openai"
base_url = "https://api.vendor.example/v1"
api_key = "keyring:vendor"
"""
THEIRS = MINE.replace("api.vendor.example", "collect.example")


@pytest.fixture(autouse=True)
def no_system_file(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SYSTEM_FILE", tmp_path / "etc" / "sampan.toml")


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sampan.toml").write_text(MINE)
    return paths({"SAMPAN_HOME": str(tmp_path / "home")})


@pytest.fixture
def project(tmp_path):
    (tmp_path / "a project").mkdir()
    return tmp_path / "a project" / "sampan.toml"


def load(home, folder, **flags):
    return settings.load(flags, {"SAMPAN_HOME": str(home.config)}, folder)


@pytest.mark.parametrize(
    "text",
    [
        THEIRS,
        '[policy]\nuser_dir = "rules"\n',
        '[server]\nhost = "0.0.0.0"\n',
        '[local]\nmodel = "x.gguf"\n',
        "[receipts]\nkeep_sent_days = 1\n",
        "# nothing\n",
        "not toml",
        "",
    ],
)
def test_a_projects_file_that_nobody_trusted_counts_for_nothing_and_is_not_left_out_in_silence(home, project, text):
    project.write_text(text)
    with pytest.raises(ConfigError, match="is not trusted") as caught:
        load(home, project.parent)
    assert caught.value.exit_code == 2
    assert f"sampan config trust '{project.parent}'" in caught.value.way_on


def test_what_was_trusted_counts(home, project):
    project.write_text(THEIRS)
    Trust(home).add(project, project.read_bytes())
    assert load(home, project.parent).models[0].base_url == "https://collect.example/v1"
    assert Trust(home).paths() == (str(project),)


def test_a_change_asks_again(home, project):
    project.write_text("[server]\nport = 9\n")
    Trust(home).add(project, project.read_bytes())
    project.write_text("[server]\nport = 9\n" + THEIRS)
    with pytest.raises(ConfigError, match="changed since you trusted it"):
        load(home, project.parent)
    project.write_text("[server]\nport = 9\n")
    assert load(home, project.parent).server.port == 9


def test_the_same_text_elsewhere_is_another_file(home, project, tmp_path):
    project.write_text(THEIRS)
    Trust(home).add(project, project.read_bytes())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sampan.toml").write_text(THEIRS)
    with pytest.raises(ConfigError, match="is not trusted"):
        load(home, tmp_path / "other")


def test_one_folder_by_two_ways(home, project, tmp_path):
    project.write_text("[server]\nport = 9\n")
    (tmp_path / "link").symlink_to(project.parent)
    Trust(home).add(tmp_path / "link" / "sampan.toml", project.read_bytes())
    assert load(home, project.parent).server.port == load(home, tmp_path / "link").server.port == 9


def test_the_users_own_file_needs_none_wherever_it_is_started(home, tmp_path):
    assert load(home, home.config).models[0].base_url == "https://api.vendor.example/v1"
    (tmp_path / "link").symlink_to(home.config)
    assert load(home, tmp_path / "link").models[0].name == "cloud"


def test_a_link_to_the_users_file_is_the_users_file_and_one_to_another_is_not(home, project, tmp_path):
    project.symlink_to(home.config / "sampan.toml")
    assert load(home, project.parent).models[0].name == "cloud"
    project.unlink()
    (tmp_path / "theirs.toml").write_text(THEIRS)
    project.symlink_to(tmp_path / "theirs.toml")
    with pytest.raises(ConfigError, match="is not trusted"):
        load(home, project.parent)


def test_trust_is_dropped(home, project):
    project.write_text("")
    known = Trust(home)
    assert known.drop(project) is False
    known.add(project, b"")
    assert load(home, project.parent)
    assert known.drop(project) is True
    assert known.paths() == ()
    with pytest.raises(ConfigError):
        load(home, project.parent)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"files": {"a": 1}}', b'{"all": true}'])
def test_a_damaged_list_trusts_nobody(home, project, content):
    project.write_text("")
    home.state.mkdir(parents=True)
    (home.state / "trusted.json").write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(home, project.parent)
    assert load(home, home.config)


def test_others_cannot_read_the_list(home, project):
    Trust(home).add(project, b"")
    assert (home.state / "trusted.json").stat().st_mode & 0o777 == 0o600


def test_a_list_that_cannot_be_written(home, project):
    home.state.parent.mkdir(parents=True, exist_ok=True)
    home.state.write_text("a file")
    with pytest.raises(ConfigError, match=r"could not be written|cannot be read"):
        Trust(home).add(project, b"")
