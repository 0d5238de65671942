import asyncio
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from sampan.contract.errors import EngineUnavailable
from sampan.providers.local.engine import Engine, EngineSettings, State

SMALL = EngineSettings(context=512, slots=1, threads=1, idle_s=0, backoff_s=0.05)
ORPHANAGE = """
import asyncio, sys, time
from pathlib import Path
from sampan.providers.local.engine import Engine, EngineSettings
async def main():
    engine = Engine(Path(sys.argv[1]), EngineSettings(context=512, slots=1, threads=1))
    async with engine.lease() as (url, key):
        body = b'{"prompt": "Once", "n_predict": 400, "ignore_eos": true, "stream": true}'
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        writer.write(b"POST /completion HTTP/1.1\\r\\nHost: x\\r\\nContent-Type: application/json\\r\\n"
            + f"Authorization: Bearer {key}\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n".encode() + body)
        assert b"200" in await reader.readline()
        print(engine.pid, flush=True)
        if sys.argv[2] == "stay":
            await asyncio.sleep(60)
        began = time.monotonic()
        await engine.stop()
        print(time.monotonic() - began)
asyncio.run(main())
"""


@pytest.fixture
async def engine(model_file):
    one = Engine(model_file, SMALL)
    yield one
    await one.stop()


def gone(pid, within_s=5.0):
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


async def until(test, within_s=10.0):
    async with asyncio.timeout(within_s):
        while not test():
            await asyncio.sleep(0.01)


@pytest.mark.engine
async def test_start_stop_and_start_again(engine):
    assert (engine.state, engine.health, engine.pid) == (State.IDLE, "ready", 0)
    await engine.start()
    assert engine.state is State.READY
    first, key = engine.pid, engine.key
    await engine.stop()
    assert engine.state is State.IDLE
    assert gone(first)
    await engine.ensure()
    assert engine.pid != first
    assert engine.key != key


@pytest.mark.engine
async def test_requests_that_come_together_start_one_child(engine):
    await asyncio.gather(*(engine.ensure() for _ in range(5)))
    assert engine.generation == 1


@pytest.mark.engine
async def test_a_killed_child_is_noticed_and_replaced(engine):
    await engine.start()
    first = engine.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: not engine.ready, 1.0)
    assert "-9" in engine.why
    await engine.ensure()
    assert engine.pid not in (0, first)


@pytest.mark.engine
async def test_back_off_doubles_and_is_told_when_long(model_file):
    engine = Engine(model_file, EngineSettings(context=512, slots=1, threads=1, idle_s=0, backoff_s=20))
    await engine.start()
    os.kill(engine.pid, signal.SIGKILL)
    await until(lambda: not engine.ready)
    with pytest.raises(EngineUnavailable, match="stopped") as caught:
        await engine.ensure()
    assert 15 < caught.value.retry_after <= 20
    assert engine.health.startswith("down: its process ended")
    await engine.stop()


@pytest.mark.engine
async def test_idle_gives_the_memory_back_but_not_while_it_is_held(model_file):
    engine = Engine(model_file, EngineSettings(context=512, slots=1, threads=1, idle_s=0.2))
    async with engine.lease() as (url, key):
        assert url.startswith("http://127.0.0.1:")
        assert len(key) > 30
        pid = engine.pid
        await asyncio.sleep(0.5)
        assert engine.ready
    await until(lambda: engine.state is State.IDLE, 3.0)
    assert gone(pid)
    await engine.ensure()
    assert engine.ready
    await engine.stop()


async def test_an_absent_model_is_told_with_its_progress(tmp_path):
    engine = Engine(tmp_path / "none.gguf")
    engine.note = "43 % of 98 MB"
    assert engine.health == "absent: 43 % of 98 MB"
    with pytest.raises(EngineUnavailable, match=r"not there yet: 43 % of 98 MB\.$"):
        await engine.ensure()


async def test_a_model_that_comes_later_is_started(tmp_path, model_file):
    path = tmp_path / "late.gguf"
    engine = Engine(path, SMALL)
    assert engine.state is State.ABSENT
    path.symlink_to(model_file)
    await engine.ensure()
    assert engine.ready
    await engine.stop()


async def test_a_corrupt_model_is_an_error_and_not_a_loop(tmp_path):
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"GGUF" + b"x" * 1000)
    engine = Engine(path, EngineSettings(context=512, slots=1, threads=1, backoff_s=30))
    with pytest.raises(EngineUnavailable, match="does not load"):
        await engine.ensure()
    with pytest.raises(EngineUnavailable, match="does not load") as caught:
        await engine.ensure()
    assert 25 < caught.value.retry_after <= 30
    assert engine.pid == 0
    await engine.stop()


@pytest.mark.engine
def test_a_stop_in_the_middle_of_an_answer_is_quick(model_file):
    command = [sys.executable, "-c", ORPHANAGE, str(model_file), "stop"]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    assert float(out.splitlines()[1]) < 1.0


@pytest.mark.engine
def test_a_killed_parent_leaves_no_orphan_even_in_the_middle_of_an_answer(model_file):
    command = [sys.executable, "-c", ORPHANAGE, str(model_file), "stay"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.kill()
    assert gone(child)


@pytest.mark.engine
async def test_the_key_is_in_no_process_list(engine):
    await engine.start()
    child = psutil.Process(engine.pid)
    assert engine.key not in " ".join(child.cmdline())
    environment = child.environ()
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"
    assert engine.key not in environment.values()
    assert "HOME" not in environment, "nothing is inherited"
