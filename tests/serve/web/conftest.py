import pytest

from sampan.settings import load
from tests.serve.web.site_rig import Browser


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder of settings of a home of the test's own, from which settings are loaded."""
    monkeypatch.setenv("SAMPAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return load().home.config


@pytest.fixture
async def browser(tmp_path):
    made = Browser(tmp_path)
    yield await made.enter()
    made.close()


@pytest.fixture
def stranger(tmp_path):
    made = Browser(tmp_path)
    yield made
    made.close()
