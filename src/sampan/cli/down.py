"""`sampan down`: stop the server."""

import contextlib
import os
import signal
import time

import click

from sampan.cli.running import Client, find, ours
from sampan.cli.voice import options, voice
from sampan.cli.words import word
from sampan.contract.errors import SampanError, Unavailable
from sampan.settings import load


@click.command()
@click.option("--timeout", type=click.FloatRange(0.1), default=20.0, show_default=True, help="Seconds to wait.")
@options
def down(*, timeout: float) -> None:
    """Stop the server of this home; answers under way get time to end."""
    settings, speaker = load(), voice()
    running = find(settings.home)
    if running is None:
        speaker.data({"stopped": False, "running": False}, word("not_running"))
        return
    speaker.say(word("stopping"))
    with contextlib.suppress(SampanError):
        Client(running, settings.home).post("/sampan/shutdown", {})
    began, signalled = time.monotonic(), False
    while ours(running):
        waited = time.monotonic() - began
        if waited > timeout:
            raise Unavailable(
                f"Process {running.pid} did not stop within {timeout:g} s.", hint="Wait, or stop it by hand."
            )
        if not signalled and waited > timeout / 4:
            signalled = True
            with contextlib.suppress(ProcessLookupError):
                os.kill(running.pid, signal.SIGTERM)
        time.sleep(0.05)
    (settings.home.run / "server.json").unlink(missing_ok=True)
    speaker.data({"stopped": True, "running": False}, word("stopped"))
