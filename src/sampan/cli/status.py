"""`sampan status`: what runs, and where things are."""

from typing import Any

import click

from sampan.cli.exit_codes import Exit
from sampan.cli.running import Client, find
from sampan.cli.voice import end, options, parted, table, voice
from sampan.cli.words import read, term, word
from sampan.settings import Settings, files, load


@click.command()
@click.option("--paths", is_flag=True, help="Show the folders and files only.")
@options
def status(*, paths: bool) -> None:
    """Show the server, its models and the last receipt. Exit code 5 when no server runs."""
    settings, speaker = load(), voice()
    if paths:
        found = places(settings)
        speaker.data(found, table(("what", "where"), found.items()))
        return
    running = find(settings.home)
    if running is None:
        speaker.data({"running": False}, word("not_running"))
        speaker.say(word("start_it"))
        end(Exit.UNAVAILABLE)
    value = {
        "running": True,
        "url": running.url,
        "pid": running.pid,
        **Client(running, settings.home).get("/sampan/status"),
    }
    speaker.data(value, _shown(value))


def places(settings: Settings) -> dict[str, str]:
    """Name -> path of everything that Sampan keeps."""
    home = settings.home
    return {
        "settings": str(home.config / "sampan.toml"),
        **{name: str(getattr(home, name)) for name in ("config", "data", "state", "run")},
        "models": str(home.data / "models"),
        "log": str(home.state / "sampan.log"),
    } | {f"settings file {n}": str(path) for n, path in enumerate(files(home, home.config), 1) if path.is_file()}


def _shown(value: dict[str, Any]) -> str:
    lines = [word("runs_at", url=value["url"]), word("version", version=value.get("version"), pid=value["pid"])]
    if value.get("no_cloud"):
        lines.append(word("no_cloud"))
    failed = value.get("detectors", {}).get("failed", {})
    lines += [
        word("detector_failed", name=name, times=failure["times"], reason=read(failure["reason"]))
        for name, failure in sorted(failed.items())
    ]
    rows = [
        (m.get("name"), term(m.get("realm")), term(state), read(note))
        for m in value.get("models", [])
        for state, note in [parted(m.get("state"))]
    ]
    policy = value.get("policy", {})
    if policy.get("broken"):
        lines.append(word("policy_kept" if policy.get("layers") else "policy_shut", why=read(policy["broken"])))
    route = value.get("route", {})
    if route.get("drift", {}).get("alarm"):
        lines.append(word("drift", error=f"{route['drift']['error']:.2f}", count=route["drift"]["outcomes"]))
    if route.get("notice"):
        lines.append(word("route_notice", notice=read(route["notice"])))
    head = word("head", head=value.get("receipts_head", ""))
    return "\n".join([*lines, table(("model", "realm", "state", ""), rows), head])
