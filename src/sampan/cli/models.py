"""`sampan models`: list, fetch, add and choose models."""

from typing import Any

import click

from sampan.cli.completing import local_names
from sampan.cli.direct import ModelsHere
from sampan.cli.progress import meter
from sampan.cli.running import Client, find
from sampan.cli.voice import Voice, options, parted, table, voice
from sampan.cli.words import read, term, word
from sampan.contract.errors import Unavailable
from sampan.settings import load


@click.group()
def models() -> None:
    """Models: on this machine, found on it, and remote ones from the settings."""


@models.command()
@options
def ls() -> None:
    """List every model and its state."""
    settings, speaker = load(), voice()
    running = find(settings.home)
    rows = Client(running, settings.home).get("/sampan/models")["models"] if running else ModelsHere(settings).listed()
    shown = []
    for m in rows:
        state, note = parted(m.get("state"))
        shown.append((m.get("name"), term(m.get("realm")), term(state), _size(m), read(note) or m.get("title") or ""))
    speaker.data({"models": rows}, table(("name", "realm", "state", "size", ""), shown))


@models.command()
@click.argument("name", required=False, shell_complete=local_names)
@options
def pull(name: str | None) -> None:
    """Fetch a local model; by default the one that fits this machine. Goes on where an earlier try stopped."""
    settings, speaker = load(), voice()
    here = ModelsHere(settings)
    name = name or settings.local.model or here.default()
    here.known(name)
    running = find(settings.home)
    if running:
        value = _pull_there(Client(running, settings.home), name, speaker)
    else:
        with meter(speaker) as drawn:
            value = here.pull(name, lambda done, total, note: drawn.show(name, done, total, note))
    speaker.data(value, word("ready", name=name))


@models.command()
@click.argument("name", shell_complete=local_names)
@options
def rm(name: str) -> None:
    """Remove a local model's file."""
    _act("rm", name, word("removed", name=name))


@models.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, resolve_path=True))
@options
def add(path: str) -> None:
    """Take in your own GGUF file."""
    _act("add", path, "")


@models.command()
@click.argument("name", shell_complete=local_names)
@options
def use(name: str) -> None:
    """Make a local model the one that runs."""
    _act("use", name, word("in_use", name=name))


def _act(action: str, name: str, text: str) -> None:
    settings, speaker = load(), voice()
    running = find(settings.home)
    if running:
        key = "path" if action == "add" else "name"
        value = Client(running, settings.home).post("/sampan/models", {"action": action, key: name})
    else:
        value = ModelsHere(settings).act(action, name)
    speaker.data(value, text or word("added", name=value.get("name", name)))


def _pull_there(http: Client, name: str, speaker: Voice) -> dict[str, Any]:
    http.post("/sampan/models", {"action": "pull", "name": name})
    last: dict[str, Any] = {}
    with meter(speaker) as drawn:
        for last in http.stream("GET", f"/sampan/models/{name}/progress"):
            if last.get("total"):
                drawn.show(name, int(last.get("done") or 0), int(last["total"]), str(last.get("note") or ""))
    if str(last.get("state", "")).startswith(("absent", "failed", "stopped", "down", "error")):
        note = str(last.get("note") or last["state"])
        raise Unavailable(f"{name} did not come. {note}", hint=str(last.get("hint") or ""))
    return {"name": name, **last}


def _size(model: dict[str, Any]) -> str:
    return f"{model['size'] / 1e6:,.0f} MB" if model.get("size") else ""
