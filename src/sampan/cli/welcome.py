"""What is said when the server is up, and the local model's progress until it is there."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from sampan.cli.machine import own_command
from sampan.cli.progress import Meter, meter
from sampan.cli.running import Client, Running, find
from sampan.cli.voice import Voice, colour, parted
from sampan.cli.words import read, word
from sampan.contract.errors import SampanError, Unavailable
from sampan.settings import Paths, Settings, loopback_host

_UNDER_WAY = ("loading", "pulling", "waiting", "fetching", "starting", "downloading")


def answers(running: Running, home: Paths) -> bool:
    """Whether the server answers."""
    try:
        return bool(Client(running, home).get("/healthz").get("status"))
    except SampanError:
        return False


def wait_until_up(home: Paths, patience: float, alive: Callable[[], bool] = lambda: True) -> Running | None:
    """Wait for the server of this home to answer; None when it died or took too long."""
    until = time.monotonic() + patience
    while time.monotonic() < until and alive():
        running = find(home)
        if running is not None and answers(running, home):
            return running
        time.sleep(0.05)
    return None


def welcome(running: Running, settings: Settings, speaker: Voice, *, here: bool = False) -> None:
    """Say where it runs and what to try next. here: this terminal is taken by the server."""
    base, sampan = f"{running.url}/v1", own_command()
    speaker.say(colour(word("runs_at", url=running.url), "green"))
    if settings.privacy.no_cloud:
        speaker.say(word("no_cloud"))
    with contextlib.suppress(SampanError):
        speaker.say(f"{word('open_app')}\n  {link(Client(running, settings.home))}")
    key = "" if loopback_host(settings.server.host) else " -H 'authorization: Bearer sk-sampan-…'"
    body = '{"model":"auto","messages":[{"role":"user","content":"Hello"}]}'
    speaker.say(
        f"\n{word('next_elsewhere' if here else 'next')}\n"
        f'  # {word("next_ask")}\n  {sampan} ask "翻譯成英文:我聽日請假"\n'
        f"  # {word('next_curl')}\n  curl {base}/chat/completions -H 'content-type: application/json'{key} \\\n"
        f"       -d '{body}'\n"
        f"  # {word('next_base')}\n  export OPENAI_BASE_URL={base}\n"
        f"  # {word('next_receipts')}\n  {sampan} receipts ls\n"
    )


def link(http: Client) -> str:
    """A link that opens the web app, once. The ticket stands behind `#`: no log and no other site sees it."""
    return f"{http.running.url}/enter#{http.post('/sampan/tickets', {})['ticket']}"


def follow_models(running: Running, settings: Settings, speaker: Voice) -> None:
    """Show the progress of models that are on their way, until none is."""
    http = Client(running, settings.home)
    shown: dict[str, str] = {}
    with meter(speaker) as drawn:
        while True:
            try:
                found = http.get("/healthz").get("models", [])
            except SampanError:
                return
            waiting = [_step(model, shown, drawn, speaker) for model in found if model.get("realm") == "personal"]
            if not any(waiting):
                return
            time.sleep(0.5)


def _step(model: dict[str, Any], shown: dict[str, str], drawn: Meter, speaker: Voice) -> bool:
    """Show one model; true while it is under way."""
    name, state = str(model.get("name")), str(model.get("state"))
    given = model.get("progress")
    progress: dict[str, Any] = given if isinstance(given, dict) else {}
    under_way = state.startswith(_UNDER_WAY) or str(progress.get("state", "")).startswith(_UNDER_WAY)
    if under_way and progress.get("total"):
        drawn.show(name, int(progress.get("done") or 0), int(progress["total"]), str(progress.get("note") or ""))
    first = parted(state)[0]
    if not under_way and shown.get(name) != first:
        _ended(name, first, state, progress, speaker)
        shown[name] = first
    return under_way


def _ended(name: str, first: str, state: str, progress: dict[str, Any], speaker: Voice) -> None:
    if first == "ready":
        speaker.say(word("ready", name=name))
    elif progress.get("state") == "failed":
        speaker.error(Unavailable(str(progress.get("note")), hint=str(progress.get("hint") or "")))
    else:
        speaker.say(word("absent", name=name, state=read(state)))
