import aiohttp
import msgspec
import pytest

from sampan.providers.local.engine import Engine, EngineSettings
from sampan.providers.local.engine_child import ChildSettings


@pytest.fixture
async def engine(model_file):
    one = Engine(model_file, EngineSettings(context=512, slots=1, threads=1, idle_s=0))
    await one.start()
    yield one
    await one.stop()


@pytest.mark.engine
async def test_nothing_is_open_that_is_not_needed(engine):
    key = {"authorization": f"Bearer {engine.key}"}
    async with aiohttp.ClientSession(engine.base_url) as session:

        async def status(method, path, headers=None):
            async with session.request(method, path, headers=headers) as reply:
                return reply.status

        for path in ("/slots", "/props", "/tools", "/metrics", "/v1/models", "/v1/chat/completions"):
            assert await status("POST" if "chat" in path else "GET", path) == 401, path
        assert await status("GET", "/", key) == 404, "no web page"
        assert await status("GET", "/slots", key) == 501, "no listing of prompts"
        assert await status("GET", "/metrics", key) == 501
        assert await status("GET", "/tools", key) in (403, 404)
        assert await status("POST", "/props", key) >= 400


@pytest.mark.engine
async def test_no_page_may_read_it(engine):
    headers = {"origin": "http://evil.test", "authorization": f"Bearer {engine.key}"}
    async with aiohttp.ClientSession(engine.base_url) as session, session.get("/health", headers=headers) as reply:
        assert reply.headers.get("access-control-allow-origin") not in ("*", "http://evil.test")
        assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.engine
async def test_it_listens_on_loopback_alone(engine):
    import psutil

    listening = [c.laddr.ip for c in psutil.Process(engine.pid).net_connections("inet") if c.status == "LISTEN"]
    assert listening == ["127.0.0.1"]


def test_settings_are_strict():
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"model_path": "x", "key": "k", "tools": true}', type=ChildSettings)
