import pytest

from tests.serve.web.site_rig import Browser


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
