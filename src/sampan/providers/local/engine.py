"""The supervisor of the engine's process: starts, watches, restarts with back-off, unloads when idle, leaves no orphan."""

import asyncio
import contextlib
import secrets
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path

import msgspec
import psutil

from sampan.contract.errors import EngineUnavailable
from sampan.providers.local.engine_child import ChildSettings
from sampan.wording import worded

_STABLE_S = 60.0
"""A child that lived this long forgets earlier crashes."""
_PATIENCE_S = 5.0
"""A request waits this long for a restart; a longer back-off is told to the caller instead."""
_FAREWELL_S = 2.0
_OTHER = worded(
    "`sampan models ls` shows the models, `sampan models use NAME` takes another, `sampan doctor` looks for the cause."
)
_COMPAT = Path(sys.prefix) / "compat"
"""Where scripts/bootstrap puts an OpenMP runtime when the system has none."""


class State(StrEnum):
    """Where the engine stands. `idle`: unloaded to give memory back; the next request loads it."""

    ABSENT = "absent"
    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    CRASHED = "crashed"


class EngineSettings(msgspec.Struct, frozen=True):
    """How the engine runs. Times in seconds; `context` in tokens per slot; `threads` 0: one per physical core.

    idle_s: unload after this long without a request, 0 for never. env: the child's whole environment beside the
    OpenMP settings; nothing is inherited, so no secret of the parent's environment reaches the native library.
    """

    context: int = 4096
    slots: int = 2
    threads: int = 0
    idle_s: float = 900.0
    load_timeout_s: float = 300.0
    backoff_s: float = 0.5
    backoff_max_s: float = 60.0
    env: dict[str, str] = {}

    @property
    def thread_count(self) -> int:
        """Threads of the engine, at least 1."""
        cores: int | None = psutil.cpu_count(logical=False)
        return self.threads or cores or 1


class Engine:
    """One model file in one child process. `base_url` and `key` are valid inside `lease()`.

    note: what to tell somebody while the model is absent, such as the progress of its download. way_on: what to do then.
    """

    def __init__(self, model_file: Path, settings: EngineSettings | None = None) -> None:
        self.model_file = model_file
        self.settings = settings or EngineSettings()
        self.state = State.IDLE if model_file.is_file() else State.ABSENT
        self.note = self.way_on = ""
        self.why = ""
        self.base_url = ""
        self.key = ""
        self.generation = 0
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._loaded: asyncio.Event = asyncio.Event()
        self._moving = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._unloading: asyncio.Task[None] | None = None
        self._leases = 0
        self._crashes = 0
        self._retry_at = 0.0

    @property
    def pid(self) -> int:
        """Process id of the child, 0 without one."""
        return self._process.pid if self._process else 0

    @property
    def health(self) -> str:
        """For a person: `ready`, `loading`, `absent: <note>` or `down: <why>`."""
        match self.state:
            case State.CRASHED:
                return f"down: {self.why}"
            case State.ABSENT if self.note:
                return f"absent: {self.note}"
            case State.IDLE:
                return "ready"
        return str(self.state)

    @property
    def ready(self) -> bool:
        """True while the child answers."""
        return self.state is State.READY

    async def start(self) -> None:
        """Load the model now rather than at the first request. Raises as `ensure`."""
        await self.ensure()

    async def ensure(self) -> None:
        """Return when the engine answers, starting it if need be.

        Raises:
            EngineUnavailable: no model file, or it does not load, or it crashed and its back-off is long.
        """
        if not self.ready:
            await self._until_loaded()
            self._rest()

    async def _until_loaded(self) -> None:
        async with self._moving:
            self._begin()
        wait = max(self._retry_at - time.monotonic(), 0.0)
        if self.state is State.CRASHED and wait > _PATIENCE_S:
            raise EngineUnavailable(f"The local engine stopped: {self.why}.", retry_after=wait)
        await self._loaded.wait()
        if not self.ready:
            raise EngineUnavailable(f"The local engine does not run: {self.why or 'it was stopped'}.", hint=_OTHER)

    def _begin(self) -> None:
        if self._watch and not self._watch.done():
            return
        if not self.model_file.is_file():
            self.state = State.ABSENT
            said = (
                worded(f"The local model is not there yet: {self.note}")
                if self.note
                else worded("There is no local model yet")
            )
            raise EngineUnavailable(f"{said.rstrip('.')}.", hint=self.way_on)
        wait = self._retry_at - time.monotonic()
        if wait > 0:
            raise EngineUnavailable(f"The local engine does not run: {self.why}.", hint=_OTHER, retry_after=wait)
        self._loaded = asyncio.Event()
        self.state = State.LOADING
        self._watch = asyncio.create_task(self._supervise())

    @contextlib.asynccontextmanager
    async def lease(self) -> AsyncIterator[tuple[str, str]]:
        """Hold the engine loaded; yields `(base_url, key)`. Raises as `ensure`."""
        self._leases += 1
        try:
            await self.ensure()
            yield self.base_url, self.key
        finally:
            self._leases -= 1
            self._rest()

    async def noticed(self) -> None:
        """Give the end of the child a moment to be noticed, after a connection to it broke."""
        with contextlib.suppress(TimeoutError):
            if self._process and self.ready:
                await asyncio.wait_for(self._process.wait(), 0.2)
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """End the child and wait until it is gone."""
        if self._idle:
            self._idle.cancel()
        await self._end(State.IDLE)

    async def _supervise(self) -> None:
        """Load, wait for the end, load again: until the load itself fails, or somebody cancels."""
        try:
            while await self._load() and self._process:
                began = time.monotonic()
                self.state, self.why = State.READY, ""
                self._loaded.set()
                code = await self._process.wait()
                self._loaded = asyncio.Event()
                self._crashed(f"its process ended with {code}", time.monotonic() - began)
                await asyncio.sleep(max(self._retry_at - time.monotonic(), 0.0))
                self.state = State.LOADING
            self._crashed(self.why, 0.0)
        finally:
            self._loaded.set()

    def _crashed(self, why: str, lived_s: float) -> None:
        self._crashes = 1 if lived_s > _STABLE_S else self._crashes + 1
        delay = min(self.settings.backoff_s * 2 ** (self._crashes - 1), self.settings.backoff_max_s)
        self._retry_at = time.monotonic() + delay
        self.state, self.why, self.base_url = State.CRASHED, why, ""

    async def _load(self) -> bool:
        """Start one child and wait for its address; false with `why` when it does not come."""
        self.key = secrets.token_urlsafe(32)
        self._process = await self._spawn()
        try:
            answer = await asyncio.wait_for(self._hello(self._process), self.settings.load_timeout_s)
        except TimeoutError:
            answer = {"error": f"loading took over {self.settings.load_timeout_s:.0f} s"}
        if url := answer.get("url"):
            self.base_url = url
            self.generation += 1
            return True
        self.why = answer.get("error") or f"its process ended with {await self._process.wait()}"
        await self._farewell()
        return False

    async def _spawn(self) -> Process:
        threads = str(self.settings.thread_count)
        # PASSIVE: with busy cores, OpenMP's default spinning makes 32 tokens take minutes instead of seconds.
        env = {**self.settings.env, "OMP_WAIT_POLICY": "PASSIVE", "OMP_NUM_THREADS": threads}
        if _COMPAT.is_dir():
            env.setdefault("LD_LIBRARY_PATH", str(_COMPAT))
        command = (sys.executable, "-m", "sampan.providers.local.engine_child")
        # a session of its own: Ctrl-C in a terminal is for the supervisor, which lets answers under way end
        return await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=env, start_new_session=True
        )

    async def _hello(self, process: Process) -> dict[str, str]:
        settings = ChildSettings(
            model_path=str(self.model_file),
            key=self.key,
            context=self.settings.context,
            slots=self.settings.slots,
            threads=self.settings.thread_count,
        )
        if not process.stdin or not process.stdout:
            return {}
        with contextlib.suppress(ConnectionError):
            process.stdin.write(msgspec.json.encode(settings) + b"\n")
            await process.stdin.drain()
        line = await process.stdout.readline()
        return msgspec.json.decode(line, type=dict[str, str]) if line else {}

    async def _farewell(self) -> None:
        """Close the child's standard input, which ends it; kill it if it does not go."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _FAREWELL_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _end(self, state: State) -> None:
        async with self._moving:
            watch, self._watch = self._watch, None
            if watch:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
            await self._farewell()
            self.base_url = self.key = ""
            self.state = state if self.model_file.is_file() else State.ABSENT
            self._loaded.set()

    def _rest(self) -> None:
        """(Re)start the clock of idleness; it runs only while nobody holds a lease."""
        if self._idle:
            self._idle.cancel()
            self._idle = None
        if not self._leases and self.settings.idle_s and self._watch:
            self._idle = asyncio.get_running_loop().call_later(self.settings.idle_s, self._unload)

    def _unload(self) -> None:
        if not self._leases and self.state is State.READY:
            self._unloading = asyncio.create_task(self._end(State.IDLE))
