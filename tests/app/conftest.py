"""An assembly over a home of its own."""

import pytest

from sampan.app import Assembly
from sampan.settings import load, prepare
from sampan.store.opening import open_store
from tests.support.server import NO_LOCAL


@pytest.fixture
def made(tmp_path, monkeypatch):
    """`made(toml, **flags)`: an assembly over a home of its own; `made.write(toml)` changes the settings."""
    monkeypatch.setenv("SAMPAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    stores = []

    def write(toml):
        (tmp_path / "home").mkdir(exist_ok=True)
        (tmp_path / "home" / "sampan.toml").write_text(NO_LOCAL + toml)

    def make(toml="", flags=None):
        write(toml)
        settings = load(flags)
        prepare(settings.home)
        stores.append(open_store(settings.home, None))
        return Assembly(settings, stores[-1])

    make.write = write
    yield make
    for store in stores:
        store.close()
