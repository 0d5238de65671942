import os

import pytest

from sampan.contract.errors import ConfigError
from sampan.settings.home import closed_folder, paths, prepare


def test_one_folder_or_xdg(tmp_path):
    one = paths({"SAMPAN_HOME": str(tmp_path)})
    assert (one.config, one.data, one.run) == (tmp_path, tmp_path / "data", tmp_path / "run")
    many = paths({f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE")})
    assert (many.config, many.run) == (tmp_path / "CONFIG" / "sampan", tmp_path / "STATE" / "sampan" / "run")


def test_only_the_owner_may_enter(tmp_path):
    home = paths({"SAMPAN_HOME": str(tmp_path / "home")})
    prepare(home)
    assert {p.stat().st_mode & 0o777 for p in (home.config, home.data, home.state, home.run)} == {0o700}


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    home = paths({"SAMPAN_HOME": str(tmp_path / "file" / "home")})
    with pytest.raises(ConfigError, match="cannot be made: Not a directory") as caught:
        prepare(home)
    assert "SAMPAN_HOME=" in caught.value.way_on


def test_a_folder_that_cannot_be_written_to(tmp_path, monkeypatch):
    home = paths({"SAMPAN_HOME": str(tmp_path / "home")})
    assert closed_folder(home) is None
    prepare(home)
    monkeypatch.setattr(os, "access", lambda path, mode: path != home.state)
    assert closed_folder(home) == home.state
    with pytest.raises(ConfigError, match=f"Nothing can be written to the folder {home.state}"):
        prepare(home)


def test_settings_may_be_somebody_elses(tmp_path, monkeypatch):
    home = paths({"SAMPAN_HOME": str(tmp_path / "home")})
    prepare(home)
    monkeypatch.setattr(os, "access", lambda path, mode: path != home.config)
    prepare(home)
