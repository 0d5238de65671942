import sys

import pytest

from sampan.cli import service


@pytest.fixture(autouse=True)
def no_systemd(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(service.shutil, "which", lambda name: None)


def test_install_writes_the_unit_and_says_what_is_left(sampan, tmp_path):
    result = sampan("service", "install")
    assert result.code == 0
    unit = (tmp_path / "xdg" / "systemd" / "user" / "sampan.service").read_text()
    assert f'ExecStart="{sys.executable}" -m sampan up' in unit
    assert f'Environment="SAMPAN_HOME={tmp_path}/home"' in unit
    assert "systemctl --user daemon-reload" in result.err


def test_uninstall(sampan, tmp_path):
    assert sampan("service", "uninstall").code == 2
    sampan("service", "install", "--no-now")
    assert sampan("service", "uninstall").code == 0
    assert not service.unit_path().exists()


def test_status_without_systemd(sampan):
    assert sampan("service", "status").code == 5


def test_paths_are_quoted_for_systemd():
    assert service._quoted('/a b/50%/$x/"q"') == '"/a b/50%%/$$x/\\"q\\""'
