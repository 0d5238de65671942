import pytest

from sampan.settings.home import Paths, prepare
from sampan.store.device import FILE, Device
from sampan.store.opening import open_store

KEY = b"k" * 32


@pytest.fixture
def home(tmp_path):
    base = tmp_path / "home"
    paths = Paths(base, base / "data", base / "state", base / "run")
    prepare(paths)
    return paths


@pytest.fixture
def store(home):
    one = open_store(home, None)
    yield one
    one.close()


@pytest.fixture
def device(tmp_path):
    one = Device(tmp_path / FILE, KEY)
    yield one
    one.close()
