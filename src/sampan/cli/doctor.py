"""`sampan doctor`: look for what is wrong, and say what to do."""

import contextlib
import importlib.metadata
import importlib.util
import shutil
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import click
import keyring
import keyring.errors

from sampan.cli.contents import detector_of
from sampan.cli.exit_codes import Exit
from sampan.cli.machine import free_memory
from sampan.cli.running import Client, find, token_is_private
from sampan.cli.voice import colour, end, options, padded, voice
from sampan.cli.words import read, spoken
from sampan.contract.errors import SampanError
from sampan.decide.examine import accept
from sampan.decide.packs import folders_of
from sampan.providers.local.files import Condition, ModelFiles
from sampan.settings import Settings, environment, load
from sampan.settings.home import closed_folder
from sampan.understand.files import picture
from sampan.wording import worded

_SAMPLE = (
    "陳大文 Chan Tai Man, HKID A123456(3), 電話 9123 4567, Flat 5B, 12/F, Block 3, Mei Foo Sun Chuen, a@example.org"
)


class Check(NamedTuple):
    """One answer. `state`: ok, note (works, but know this) or bad."""

    name: str
    state: str
    said: str


@click.command()
@options
def doctor() -> None:
    """Check this machine and this home. Exit code 1 when something is wrong."""
    speaker = voice()
    found: list[Check] = []
    try:
        settings = load()
    except SampanError as error:
        found.append(Check("settings", "bad", error.message))
    else:
        found.append(Check("settings", "ok", f"{len(settings.models)} remote models"))
        found += [check(settings) for check in CHECKS]
    marks = {"ok": colour("✓", "green"), "note": colour("!", "yellow"), "bad": colour("✗", "red")}
    text = "\n".join(
        f"{marks[check.state]} {padded(spoken().text(check.name), 10)} {read(check.said)}" for check in found
    )
    speaker.data({"checks": [check._asdict() for check in found]}, text)
    if any(check.state == "bad" for check in found):
        end(Exit.ERROR)


def python(_: Settings) -> Check:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "ok" if sys.version_info >= (3, 11) else "bad", f"Python {version} at {sys.executable}")


def home(settings: Settings) -> Check:
    """Who may read the home, and whether its owner may write to it."""
    wide = [p for p in settings.home.__struct_fields__ if _open_to_others(settings, p)]
    if wide:
        return Check("home", "bad", f"other users can write to: {', '.join(wide)}. Run: chmod go-w on them.")
    if not token_is_private(settings.home):
        return Check("home", "bad", "other users can read the token in run/. Run: chmod 600 on it.")
    if closed := closed_folder(settings.home):
        said = worded(f"nothing can be written to {closed}; `SAMPAN_HOME=/another/folder` chooses another home")
        return Check("home", "bad", said)
    return Check("home", "ok", str(settings.home.data))


def _open_to_others(settings: Settings, name: str) -> bool:
    path = getattr(settings.home, name)
    return bool(path.exists() and path.stat().st_mode & 0o022)


def disk(settings: Settings) -> Check:
    """Room for models and receipts."""
    existing = next(path for path in (settings.home.data, *settings.home.data.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 1e9
    return Check("disk", "ok" if free > 2 else "note" if free > 0.2 else "bad", f"{free:.1f} GB free")


def memory(_: Settings) -> Check:
    """Room for a local model."""
    free = free_memory() / 1e9
    return Check("memory", "ok" if free > 2 else "note", f"{free:.1f} GB available")


def engine(settings: Settings) -> Check:
    """The local engine and its model."""
    if not settings.local.enabled:
        return Check("engine", "note", "no local model: local.enabled is off")
    if importlib.util.find_spec("xllamacpp") is None:
        return Check("engine", "note", 'not installed; pip install "sampan[local]"')
    folder = settings.home.data / "models"
    if not folder.is_dir():
        return Check("engine", "note", "no model yet; `sampan models pull` or `sampan up` fetches one")
    files = ModelFiles(folder)
    damaged = [one.name for one in files.ls() if files.check(one.name) is not Condition.READY]
    if damaged:
        return Check("engine", "bad", f"damaged: {', '.join(damaged)}; `sampan models pull` repairs")
    return Check("engine", "ok" if files.ls() else "note", ", ".join(one.name for one in files.ls()) or "no model yet")


def secrets(settings: Settings) -> Check:
    """Whether each key that a model refers to is there."""
    missing = [f"{model.name} ({model.api_key})" for model in settings.models if not _present(model.api_key)]
    if missing:
        return Check("secrets", "bad", f"not set: {', '.join(missing)}")
    return Check("secrets", "ok", "every key that a model refers to is there")


def _present(reference: str) -> bool:
    kind, _, name = reference.partition(":")
    if kind == "env":
        return bool(environment().get(name))
    try:
        return not kind or bool(keyring.get_password("sampan", name))
    except keyring.errors.KeyringError:
        return False


def policy(settings: Settings) -> Check:
    """The rules: those on disk, and whether the running server took them."""
    try:
        found = accept(folders_of(settings.policy, settings.home))
    except SampanError as error:
        return Check("policy", "bad", f"{error.message} Until it is right, the rules before it stay in force")
    broken = _told_by_server(settings, "policy").get("broken", "")
    if broken:
        return Check("policy", "bad", f"the running server has not taken it: {broken}. Run: sampan config reload")
    return Check("policy", "ok", f"{len(found.rules)} rules, layers: {', '.join(found.layers)}")


def router(settings: Settings) -> Check:
    """Whether models do as the router expects, and whether what it learned could be read."""
    told = _told_by_server(settings, "route")
    drift = told.get("drift", {})
    if drift.get("alarm"):
        said = worded(f"models do otherwise than expected, by {drift['error']:.2f} over {drift['outcomes']} outcomes")
        return Check("router", "note", f"{said}; `sampan route reset` lets it begin anew")
    if told.get("notice"):
        return Check("router", "note", told["notice"])
    return Check("router", "ok", f"{drift.get('outcomes', 0)} outcomes" if told else "not checked: no server runs")


def _told_by_server(settings: Settings, part: str) -> dict[str, Any]:
    running = find(settings.home)
    try:
        told: dict[str, Any] = Client(running, settings.home).get("/sampan/status").get(part, {}) if running else {}
    except SampanError:
        return {}
    return told


def at_rest(settings: Settings) -> Check:
    """What protects the store's key."""
    beside = [path.name for path in settings.home.data.glob("*key*") if path.is_file()]
    if beside:
        said = worded(
            "the store's key is a 0600 file beside it: that protects a copied disk image only; a keyring is better"
        )
        return Check("at rest", "note", said)
    return Check("at rest", "ok", "no key file lies beside the store")


def server(settings: Settings) -> Check:
    """The running server."""
    running = find(settings.home)
    if running is None:
        return Check("server", "note", "none runs; `sampan up` starts it")
    try:
        Client(running, settings.home).get("/sampan/status")
    except SampanError as error:
        return Check("server", "bad", error.message)
    return Check("server", "ok", running.url)


def record(settings: Settings) -> Check:
    """The chain of receipts."""
    running = find(settings.home)
    if running is None:
        return Check("receipts", "note", "not checked: no server runs")
    try:
        found = Client(running, settings.home).get("/sampan/receipts/verify")
    except SampanError as error:
        return Check("receipts", "bad", error.message)
    return Check("receipts", "ok" if found.get("ok") else "bad", f"{found.get('count', 0)} receipts")


def detectors(settings: Settings) -> Check:
    """Whether every detector runs, here and in the server that runs."""
    try:
        report = detector_of(settings).report(_SAMPLE)
    except SampanError as error:
        return Check("detectors", "bad", error.message)
    failed = [worded(f"{name} does not run: {why}") for name, why in sorted(report.failed.items())]
    if failed:
        return Check(
            "detectors",
            "bad",
            worded(f"{'; '.join(failed)}. Requests stay on this machine unless a rule says otherwise"),
        )
    running = find(settings.home)
    with contextlib.suppress(SampanError):
        seen = (
            Client(running, settings.home).get("/sampan/status").get("detectors", {}).get("failed") if running else {}
        )
        if seen:
            told = "; ".join(
                worded(f"{name} failed for {one['times']} requests: {one['reason']}") for name, one in seen.items()
            )
            return Check("detectors", "note", f"all run here, but in the server {told}")
    return Check("detectors", "ok", ", ".join(f"{name} {version}" for name, version in sorted(report.ran.items())))


def pictures(_: Settings) -> Check:
    """Whether text in pictures can be read."""
    if not picture.is_installed():
        said = worded('no text recognition, so pictures and scans stay on your devices; pip install "sampan[ocr]"')
        return Check("pictures", "note", said)
    return Check("pictures", "ok", f"rapidocr {importlib.metadata.version('rapidocr')} reads Chinese and English")


CHECKS: tuple[Callable[[Settings], Check], ...] = (
    python, home, disk, memory, engine, secrets, policy, router, detectors, pictures, at_rest, server, record,
)  # fmt: skip
