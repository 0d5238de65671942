"""`sampan up`: start the server, here or in the background."""

import importlib
import signal
import threading

import click

from sampan.cli.running import find
from sampan.cli.starting import spawn
from sampan.cli.voice import Voice, options, voice
from sampan.cli.welcome import follow_models, wait_until_up, welcome
from sampan.cli.words import word
from sampan.settings import Settings, load


@click.command()
@click.option("-d", "--detach", is_flag=True, help="Run in the background; the log goes to the state folder.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help="Port of the endpoint; 8484 by default.")
@click.option("--host", help="Address to bind; others than loopback need a key.")
@click.option("--no-cloud", is_flag=True, help="Nothing may leave this machine.")
@click.option("--model", metavar="NAME", help="The local model; chosen by free memory by default.")
@click.option("--no-local", is_flag=True, help="Run no model on this machine.")
@options
def up(*, detach: bool, no_cloud: bool, no_local: bool, **given: str | int | None) -> None:
    """Start Sampan on this machine and say what to try next."""
    speaker = voice()
    flags = {
        "server.port": given["port"],
        "server.host": given["host"],
        "local.model": given["model"],
        "privacy.no_cloud": True if no_cloud else None,
        "local.enabled": False if no_local else None,
    }
    settings = load(flags)
    if running := find(settings.home):
        speaker.data({"url": running.url, "pid": running.pid, "already": True}, word("already", url=running.url))
        return
    if detach:
        running = spawn(settings.home, flags)
        welcome(running, settings, speaker)
        speaker.say(word("log_at", path=settings.home.state / "sampan.log"))
        speaker.data({"url": running.url, "pid": running.pid, "already": False}, running.url)
        return
    threading.Thread(target=_announce, args=(settings, speaker), daemon=True).start()
    # asked to end by the system, it ends as after Ctrl-C: answers under way, then the store, then the process
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # the server's packages take most of the start-up time; no other command needs them
        importlib.import_module("sampan.app").serve(settings)
    except KeyboardInterrupt:
        speaker.say(word("stopped"))


def _announce(settings: Settings, speaker: Voice) -> None:
    running = wait_until_up(settings.home, 120)
    if running is not None:
        welcome(running, settings, speaker, here=True)
        follow_models(running, settings, speaker)
