"""Sampan as a whole process, started by `sampan up` with one model file, for measurements that ask it from outside."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

import aiohttp

from sampan.providers.local.files import ModelFiles


@contextlib.asynccontextmanager
async def sampan(path: Path, name: str, settings: str, session: aiohttp.ClientSession):
    """A running server, every model ready: (base URL, token, process id). name: what the model at `path` is called."""
    with tempfile.TemporaryDirectory(prefix="sampan-bench-") as folder:
        home = Path(folder)
        ModelFiles(home / "data" / "models").add(path, name)
        (home / "sampan.toml").write_text(settings)
        port = free_port()
        command = (sys.executable, "-m", "sampan", "up", "-q", "--port", str(port))
        server = await asyncio.create_subprocess_exec(*command, env={**os.environ, "SAMPAN_HOME": folder}, cwd=folder)
        try:
            base = f"http://127.0.0.1:{port}"
            await ready(session, base)
            yield base, (home / "run" / "token").read_text().strip(), server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            await server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def ready(session: aiohttp.ClientSession, base: str) -> None:
    for _ in range(1200):
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(base + "/healthz") as reply:
                if all(model["state"] == "ready" for model in (await reply.json())["models"]):
                    return
        await asyncio.sleep(0.25)
    raise SystemExit("Sampan did not become ready")
