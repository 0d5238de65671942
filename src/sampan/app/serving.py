"""Settings -> ASGI application, served until it is told to stop."""

import contextlib
import gc
import logging
import os
import sys

from sampan.app.assembly import Assembly
from sampan.contract.errors import ConfigError
from sampan.runtime import Runtime
from sampan.serve.asgi import Application
from sampan.serve.listening import Listener
from sampan.settings import Settings, loopback_host, prepare
from sampan.store.home import lock_home
from sampan.store.keys_at_rest import system_keyring
from sampan.store.opening import open_store
from sampan.understand.memory import give_back


def serve(settings: Settings) -> None:
    """Run Sampan until it is told to stop.

    Raises:
        HomeLocked: another process owns this home. PortInUse: another program listens there.
        ConfigError: a binding that needs keys has none. SampanError: the store does not open.
    """
    logging.basicConfig(handlers=[_Talk()], level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    terminal = sys.stdin.isatty()
    prepare(settings.home)
    with lock_home(settings.home.run, settings.server.port):
        store = open_store(settings.home, system_keyring(), settings.receipts.fsync)
        try:
            assembly = Assembly(settings, store)
            runtime = assembly.runtime
            _refuse_open_door(settings, runtime)
            listener = Listener(Application(runtime), settings.server, settings.home.run, runtime.token)
            assembly.stop_server = listener.stop
            _settle_memory()
            listener.run(
                lambda: listener.stop() if terminal and _terminal_gone() else runtime.reload(),
                runtime.stages.holding.stop,
            )
        finally:
            store.close()


class _Talk(logging.Handler):
    """Writes to what stderr is at that moment: a progress bar that stands there makes room."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{self.format(record)}\n")


def _terminal_gone() -> bool:
    """Whether the terminal that this process was started in was closed."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return True
    return False


def _refuse_open_door(settings: Settings, runtime: Runtime) -> None:
    if not loopback_host(settings.server.host) and not any(not key["revoked"] for key in runtime.keys.listed()):
        raise ConfigError(
            f"`server.host` is {settings.server.host}: others than this machine could ask, and there is no key yet.",
            hint="Make one with `sampan keys add`, or bind 127.0.0.1.",
        )


def _settle_memory() -> None:
    """What is loaded by now stays: the collector need not look at it again and again while requests run; what has gone goes back."""
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
