"""The local model as a service, with a stand-in for the downloads and no engine started."""

import asyncio
import threading
import time

import pytest

from sampan.contract.errors import BadRequest, SampanError, Stopped, Unavailable, UnknownModel
from sampan.providers.local import service as module
from sampan.providers.local.catalogue import find
from sampan.providers.local.engine import State
from sampan.providers.local.service import LocalModels
from sampan.settings import Local

NAME = "smollm2-135m"


class Puller:
    """Waits for `go`, then does what `end` says."""

    def __init__(self, files):
        self.files, self.go, self.end, self.asked = files, threading.Event(), None, []
        self.reported = threading.Event()

    def pull(self, entry, progress, cancel):
        self.asked.append(entry.name)
        progress(entry.size // 2, entry.size, "half")
        self.reported.set()
        until = time.monotonic() + 20  # a test that fails leaves nobody to wait for this thread
        while not self.go.wait(0.005):
            if cancel.is_set() or time.monotonic() > until:
                raise Stopped("The download was stopped.")
        if self.end is not None:
            raise self.end


@pytest.fixture
def started(monkeypatch):
    """Names of engines that were asked to start; none does."""
    names = []

    async def start(engine):
        names.append(engine)

    async def stop(engine):
        names.append("stop")

    monkeypatch.setattr(module.Engine, "start", start)
    monkeypatch.setattr(module.Engine, "stop", stop)
    return names


@pytest.fixture
def made(tmp_path, started):
    def make(wishes=Local(model=NAME)):
        pullers = []
        models = LocalModels(tmp_path, wishes, None, puller=lambda files: pullers.append(Puller(files)) or pullers[0])
        return models, pullers[0]

    return make


async def settled(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def gguf(path):
    path.write_bytes(b"GGUF" + b"\0" * 60)
    return path


def test_the_one_that_was_named(made):
    models, _ = made()
    assert (models.name, models.model.name, models.provider.model) == (NAME, NAME, models.model)


def test_else_one_that_fits_the_memory(made, monkeypatch):
    monkeypatch.setattr(module.psutil, "virtual_memory", lambda: type("Memory", (), {"available": 1 << 40}))
    models, _ = made(Local())
    assert models.name == "qwen2.5-coder-1.5b"


def test_a_name_that_nobody_knows(made):
    with pytest.raises(UnknownModel, match=r"local\.model"):
        made(Local(model="none"))


async def test_it_fetches_what_is_not_there_and_says_how_far(made, started):
    models, puller = made()
    await models.start()
    await settled(puller.reported.is_set)
    size = find(NAME).size
    expected = {"state": "pulling", "done": size // 2, "total": size, "note": "half", "hint": ""}
    assert models.progress(NAME) == expected
    assert models.engine.health == "absent: 50 % of 98 MB"
    (row,) = [row for row in models.listed() if row["name"] == NAME]
    assert (row["state"], row["used"], row["realm"]) == ("pulling: 50 % of 98 MB", True, "personal")
    puller.go.set()
    await settled(lambda: started)
    assert started == [models.engine]
    assert models.engine.health == "ready", "nothing is left of the download's progress"
    await models.stop()


async def test_a_failure_is_told_with_a_way_on(made, started):
    models, puller = made()
    puller.end = Unavailable("No source gave the file.", hint="Check the connection.")
    puller.go.set()
    await models.start()
    await settled(lambda: models.progress(NAME)["state"] == "failed")
    assert models.progress(NAME)["note"] == models.engine.note == "No source gave the file."
    assert models.progress(NAME)["hint"] == models.engine.way_on == "Check the connection."
    assert started == []
    await models.stop()


async def test_a_download_can_be_stopped(made):
    models, puller = made()
    await models.start()
    await settled(puller.reported.is_set)
    await models.act("cancel", NAME)
    await settled(lambda: models.progress(NAME)["state"] == "stopped")
    assert "models pull" in models.engine.way_on
    await models.stop()


async def test_one_download_at_a_time_of_a_model(made):
    models, puller = made()
    await models.start()
    await settled(puller.reported.is_set)
    await models.act("pull", NAME)
    await models.act("pull", NAME)
    assert puller.asked == [NAME]
    await models.stop()


async def test_actions_that_are_refused(made):
    models, _ = made()
    with pytest.raises(BadRequest, match="pull, cancel, use, rm and add"):
        await models.act("burn", NAME)
    with pytest.raises(UnknownModel):
        await models.act("pull", "none")
    with pytest.raises(SampanError):
        await models.act("use", "none")


async def test_an_own_file_is_added_used_and_removed(made, started, tmp_path):
    models, _ = made()
    changes = []
    models.changed = lambda: changes.append(models.name)
    added = await models.act("add", str(gguf(tmp_path.with_name("mine.gguf"))))
    assert added == {"name": "mine", "state": "ready"}
    assert [row["state"] for row in models.listed() if row["name"] == "mine"] == ["ready"]
    await models.act("use", "mine")
    assert (models.name, changes, models.model.capabilities) == ("mine", ["mine"], module.OWN_CAPABILITIES)
    await settled(lambda: started == ["stop", models.engine])
    await models.act("rm", "mine")
    assert models.engine.state is State.ABSENT
    assert [row for row in models.listed() if row["name"] == "mine"] == []
    await models.stop()
