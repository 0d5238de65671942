"""The HTTP server around the ASGI application, and how the command line finds it."""

import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import uvicorn

from sampan.contract.errors import PortInUse, Unavailable
from sampan.serve.asgi import Application
from sampan.settings import Server, loopback_host
from sampan.store.atomic import replace_file

log = logging.getLogger("sampan.serve")

_LOOPBACK = "127.0.0.1"
_ALL = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class _Server(uvicorn.Server):
    """Says that it stops before it waits for the requests under way: some of them wait for people."""

    stopping: Callable[[], object] | None = None

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        if self.stopping is not None:
            self.stopping()
        await super().shutdown(sockets)


class Listener:
    """One server on one address. announced: the folder that gets `server.json` and `token` while it runs."""

    def __init__(self, application: Application, server: Server, announced: Path, token: str) -> None:
        self._where, self._announced, self._token = server, announced, token
        self._config = uvicorn.Config(
            application,
            host=server.host.strip("[]"),
            port=server.port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,  # a caller could name the connection of somebody else as its own
            lifespan="on",
            timeout_graceful_shutdown=5,
            timeout_keep_alive=75,
            ws="none",
        )
        self._server = _Server(self._config)

    def stop(self) -> None:
        """End after the requests under way, in at most five seconds."""
        self._server.should_exit = True

    def run(self, reload: Callable[[], object], stopping: Callable[[], object] | None = None) -> None:
        """Serve until told to stop; SIGHUP calls `reload`, and `stopping` is called before requests are waited for.

        Raises:
            PortInUse: another program listens there. Unavailable: a part of Sampan could not start.
        """
        self._server.stopping = stopping
        with contextlib.ExitStack() as stack:
            bound = [stack.enter_context(contextlib.closing(self._bound(host))) for host in self._hosts()]
            if hasattr(signal, "SIGHUP"):
                signal.signal(signal.SIGHUP, lambda *_: _reloaded(reload))
            with self._told(bound[0].getsockname()[1]):
                try:
                    self._server.run(bound)
                except SystemExit:
                    raise Unavailable("A part of Sampan could not start.", hint="The lines above say which.") from None

    def _hosts(self) -> tuple[str, ...]:
        """Where to listen: on one address of several also on loopback, where the command line asks."""
        host = self._config.host
        return (host,) if loopback_host(host) or host in _ALL else (host, _LOOPBACK)

    def _bound(self, host: str) -> Any:
        """The bound socket. Uvicorn logs a port that is taken and ends the process; here it becomes an error."""
        noise = logging.getLogger("uvicorn.error")
        noise.disabled = True
        try:
            return uvicorn.Config(self._config.app, host=host, port=self._config.port, log_config=None).bind_socket()
        except SystemExit:
            raise PortInUse(f"Port {self._where.port} of {host} is in use or not allowed.") from None
        finally:
            noise.disabled = False

    @contextlib.contextmanager
    def _told(self, port: int) -> Iterator[None]:
        where = {"pid": os.getpid(), "host": self._where.host, "port": port, "started": time.time()}
        replace_file(self._announced / "token", self._token.encode())
        replace_file(self._announced / "server.json", orjson.dumps(where))
        try:
            yield
        finally:
            for name in ("token", "server.json"):
                (self._announced / name).unlink(missing_ok=True)


def _reloaded(reload: Callable[[], object]) -> None:
    try:
        reload()
    except Exception as error:  # noqa: BLE001 - a signal has nobody to tell; what was there stays in force
        log.error("reload failed, the settings before it stay: %s", error)  # noqa: TRY400 - the place is in the text
