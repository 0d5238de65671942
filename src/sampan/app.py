"""The composition root: Settings -> Runtime -> ASGI application -> a server that blocks."""

import contextlib
import logging
import os
import secrets
import signal
import sys
import time
from pathlib import Path

import orjson
import uvicorn

from sampan.assembly import Assembly
from sampan.contract.errors import ConfigError, PortInUse
from sampan.runtime import Runtime
from sampan.serve.asgi import Application
from sampan.serve.guard import is_loopback
from sampan.settings import Settings, prepare
from sampan.store.home import lock_home

log = logging.getLogger("sampan")


def serve(settings: Settings) -> None:
    """Run Sampan until it is told to stop.

    Raises:
        HomeLocked: another process owns this home. PortInUse: another program listens there.
        ConfigError: a binding that needs keys has none.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    prepare(settings.home)
    with lock_home(settings.home.run):
        assembly = Assembly(settings)
        try:
            _refuse_open_door(settings, assembly.runtime)
            _run(settings, assembly)
        finally:
            assembly.close()


def _refuse_open_door(settings: Settings, runtime: Runtime) -> None:
    if not is_loopback(settings.server.host) and not runtime.keys.listed():
        raise ConfigError(
            f"`server.host` is {settings.server.host}: others than this machine could ask, and there is no key yet.",
            hint="Make one with `sampan keys add`, or bind 127.0.0.1.",
        )


def _run(settings: Settings, assembly: Assembly) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            Application(assembly.runtime),  # type: ignore[arg-type]  # uvicorn's scope types are narrower than ASGI
            host=settings.server.host,
            port=settings.server.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="on",
            timeout_graceful_shutdown=5,
            timeout_keep_alive=75,
            ws="none",
        )
    )
    assembly.stop_server = lambda: setattr(server, "should_exit", True)
    _refuse_used_port(settings)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: assembly.runtime.reload() and None)
    with _announced(settings, assembly.runtime.token):
        server.run()


def _refuse_used_port(settings: Settings) -> None:
    """Uvicorn would only log it and end the process."""
    taken = PortInUse(f"Port {settings.server.port} of {settings.server.host} is in use.")
    try:
        with uvicorn.Config(lambda: None, host=settings.server.host, port=settings.server.port).bind_socket():
            pass
    except SystemExit:
        raise taken from None


@contextlib.contextmanager
def _announced(settings: Settings, token: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Tell the CLI where the server is, for as long as it runs."""
    run = settings.home.run
    where = {"pid": os.getpid(), "host": settings.server.host, "port": settings.server.port, "started": time.time()}
    write_private(run / "token", token.encode())
    write_private(run / "server.json", orjson.dumps(where))
    try:
        yield
    finally:
        for name in ("token", "server.json"):
            (run / name).unlink(missing_ok=True)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in one step."""
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
    finally:
        os.close(handle)
    beside.replace(path)


def new_token() -> str:
    """The token for `/sampan/*`, new at every start."""
    return secrets.token_urlsafe(32)
