"""The local model as a service: which one, is it there, bring it, run it."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from sampan.contract.errors import BadRequest, SampanError, Stopped, UnknownModel
from sampan.contract.models import Model, Realm
from sampan.contract.ports import Provider
from sampan.contract.request import Json
from sampan.providers.local import catalogue
from sampan.providers.local.engine import Engine, EngineSettings, State
from sampan.providers.local.fetch import Progress, Puller, clean
from sampan.providers.local.files import Condition, ModelFiles
from sampan.providers.local.provider import Egress, LocalProvider
from sampan.settings import Local
from sampan.wording import worded

OWN_CAPABILITIES = frozenset({"chat", "completions", "tools", "json_schema"})
"""What a user's own GGUF is taken to do."""


class Job:
    """One download under way, or the last one of a model."""

    def __init__(self) -> None:
        self.done, self.total, self.state = 0, 0, "waiting"
        self.note = self.way_on = ""
        self.cancel = threading.Event()

    def report(self, done: int, total: int, note: str) -> None:
        """Take in progress; called from the download's thread."""
        self.done, self.total, self.note, self.state = done, total, note, "pulling"

    def value(self) -> Json:
        """As the API shows it."""
        return {"state": self.state, "done": self.done, "total": self.total, "note": self.note, "hint": self.way_on}

    @property
    def said(self) -> str:
        """For a person, in one clause."""
        if self.state == "stopped":
            return worded("its download was stopped")
        if self.state == "failed":
            return self.note
        share = 100 * self.done // self.total if self.total else 0
        return worded(f"{share} % of {self.total / 1e6:,.0f} MB")


class LocalModels:
    """The model files, the downloads and the one engine of this machine."""

    def __init__(self, folder: Path, wishes: Local, egress: Egress, *, puller: Callable[[ModelFiles], Puller]) -> None:
        self.files = ModelFiles(folder)
        self._wishes, self._egress = wishes, egress
        self._puller = puller(self.files)
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.changed: Callable[[], None] = lambda: None
        self._set(self._chosen())

    def _chosen(self) -> str:
        available: int = psutil.virtual_memory().available
        return self._wishes.model or self.files.used or catalogue.choose_default(available).name

    def _set(self, name: str) -> None:
        self.name = name
        entry = next((e for e in catalogue.entries() if e.name == name), None)
        if entry is None and name not in {p.name for p in self.files.ls()}:
            raise UnknownModel(f"`local.model` names {name!r}, which is neither in the catalogue nor on this machine.")
        path = Path(self.files.placed(name).path) if self._is_there(name) else self.files.target(name)
        settings = EngineSettings(
            context=self._wishes.context,
            slots=self._wishes.parallel,
            threads=self._wishes.threads,
            idle_s=self._wishes.idle_unload_minutes * 60.0,
        )
        self.engine = Engine(path, settings)
        capabilities = entry.capabilities if entry else OWN_CAPABILITIES
        self.model: Model = catalogue.as_model(name, context=self._wishes.context, capabilities=capabilities)
        self.provider: Provider = LocalProvider(self.model, self.engine, self._egress)

    def _is_there(self, name: str) -> bool:
        return self.files.check(name) is Condition.READY

    async def start(self) -> None:
        """Load the model, or begin to fetch it; returns at once."""
        self._loop = asyncio.get_running_loop()
        clean(self.files.folder)
        self._spawn(self._load() if self._is_there(self.name) else self._pull(self.name))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _load(self) -> None:
        with contextlib.suppress(SampanError):  # its health says why
            await self.engine.start()

    async def _pull(self, name: str) -> None:
        job = self._jobs[name] = Job()
        job.total = next((e.size for e in catalogue.entries() if e.name == name), 0)
        try:
            await asyncio.to_thread(self._puller.pull, catalogue.find(name), self._watched(name, job), job.cancel)
            job.state, job.done = "ready", job.total
        except Stopped:
            job.state, job.way_on = "stopped", worded("`sampan models pull` goes on where it stopped.")
        except SampanError as error:
            job.state, job.note, job.way_on = "failed", error.message, error.way_on
        self._tell(name, job)
        if job.state == "ready" and name == self.name:
            self.engine.state = State.IDLE
            await self._load()

    def _watched(self, name: str, job: Job) -> Progress:
        def report(done: int, total: int, note: str) -> None:
            job.report(done, total, note)
            self._tell(name, job)

        return report

    def _tell(self, name: str, job: Job) -> None:
        if name == self.name:
            self.engine.note, self.engine.way_on = ("", "") if job.state == "ready" else (job.said, job.way_on)

    def switch(self, *, no_cloud: bool) -> None:
        """Turn no-cloud on or off; on stops every download."""
        self._puller.no_cloud = no_cloud
        if no_cloud:
            for job in self._jobs.values():
                job.cancel.set()

    async def stop(self) -> None:
        """Stop downloads and the engine."""
        for job in self._jobs.values():
            job.cancel.set()
        await self.engine.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def progress(self, name: str) -> Json:
        """A download's state, or where the model stands without one."""
        job = self._jobs.get(name)
        if job and job.state != "ready":
            return job.value()
        if name == self.name:
            return {"state": self.engine.state.value, "done": 0, "total": 0, "note": self.engine.note}
        return {"state": self.files.check(name).value, "done": 0, "total": 0, "note": ""}

    def listed(self) -> list[Json]:
        """Catalogue entries and own files, with what is known of each."""
        placed = {p.name: p for p in self.files.ls()}
        rows: list[Json] = [
            {
                "name": entry.name,
                "realm": Realm.PERSONAL,
                "title": entry.title,
                "licence": entry.licence,
                "size": entry.size,
                "min_free_memory": entry.min_free_memory,
                "state": self._state(entry.name),
                "used": entry.name == self.name,
            }
            for entry in catalogue.entries()
        ]
        known = {row["name"] for row in rows}
        for file in placed.values():
            if file.name not in known:
                own = {"name": file.name, "realm": Realm.PERSONAL, "title": file.path, "licence": "unknown",
                       "size": file.size}  # fmt: skip
                rows.append({**own, "state": self._state(file.name), "used": file.name == self.name})
        return rows

    def _state(self, name: str) -> str:
        job = self._jobs.get(name)
        if job and job.state in {"waiting", "pulling", "failed", "stopped"}:
            return f"{job.state}: {job.said}"
        return self.engine.health if name == self.name else self.files.check(name).value

    async def act(self, action: str, name: str) -> Json:
        """Do what the API or the CLI asks.

        Raises:
            BadRequest: no such action. UnknownModel, Corrupt, NotFound, …: as the action says.
        """
        match action:
            case "pull":
                catalogue.find(name)
                if self.progress(name)["state"] not in {"waiting", "pulling"}:
                    self._spawn(self._pull(name))
                    await asyncio.sleep(0)
            case "cancel":
                self._jobs[name].cancel.set() if name in self._jobs else None
            case "use":
                await self._use(name)
            case "rm":
                if name == self.name:
                    await self.engine.stop()
                self.files.rm(name)
                if name == self.name:
                    self.engine.state = State.ABSENT
            case "add":
                return {"name": (await asyncio.to_thread(self.files.add, Path(name))).name, "state": "ready"}
            case _:
                raise BadRequest(f"There is no action {action!r}; there are pull, cancel, use, rm and add.")
        return {"name": name, **self.progress(name)}

    async def _use(self, name: str) -> None:
        self.files.use(name)
        old = self.engine
        self._set(name)
        self.changed()
        await old.stop()
        self._spawn(self._load())
