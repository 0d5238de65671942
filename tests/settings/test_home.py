from sampan.settings.home import paths, prepare


def test_one_folder_or_xdg(tmp_path):
    one = paths({"SAMPAN_HOME": str(tmp_path)})
    assert (one.config, one.data, one.run) == (tmp_path, tmp_path / "data", tmp_path / "run")
    many = paths({f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE")})
    assert (many.config, many.run) == (tmp_path / "CONFIG" / "sampan", tmp_path / "STATE" / "sampan" / "run")


def test_only_the_owner_may_enter(tmp_path):
    home = paths({"SAMPAN_HOME": str(tmp_path / "home")})
    prepare(home)
    assert {p.stat().st_mode & 0o777 for p in (home.config, home.data, home.state, home.run)} == {0o700}
